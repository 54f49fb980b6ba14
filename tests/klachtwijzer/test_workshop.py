"""The workshop behind the console: it checks as the command does, tries without keeping, and runs beside the pages."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from console.roles import of_routes
from klachtwijzer.front import Front
from klachtwijzer.rule_runs import Runner
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.settings import CHECKOUT
from klachtwijzer.story import Story
from klachtwijzer.workshop import Workbench
from register import rule_runs
from register.book import Book
from register.rulebooks import Files
from register.versions import Versions
from tests.console.workbench.conftest import OUTCOMES, SMALL
from triage.decision import Known
from triage.mistakes import RulebookError
from triage.pipeline import Pipeline
from triage.rulebook import fingerprint

DAY = date(2026, 11, 24)


def now() -> datetime:
    return datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, text in SMALL.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text)
    return tmp_path


@pytest.fixture
def bench(engine: Engine, folder: Path) -> Iterator[Workbench]:
    yield Workbench(
        Ruleset(folder, Versions(engine), trained=False, look_every=0.0),
        Versions(engine),
        mailbox="klachten@opgroeien.example",
        now=now,
        cases=None,
    )


def edited(old: bytes, new: bytes) -> Mapping[str, bytes]:
    assert old in SMALL[OUTCOMES]
    return {**SMALL, OUTCOMES: SMALL[OUTCOMES].replace(old, new)}


def test_it_finds_exactly_what_the_command_finds(bench: Workbench, folder: Path) -> None:
    files = edited(b'soort == "klacht"', b'sort == "klacht"')
    files = {**files, "termijnen.yaml": files["termijnen.yaml"].replace(b"dagen: 45", b"dagen: veel")}
    for path, text in files.items():
        (folder / path).write_bytes(text)
    command = [sys.executable, "-m", "klachtwijzer", "rules", "check", str(folder), "--on", "2026-11-24"]
    told = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, check=False).stdout
    (folder / OUTCOMES).write_bytes(SMALL[OUTCOMES])
    (folder / "termijnen.yaml").write_bytes(SMALL["termijnen.yaml"])
    mine = [f"{'waarschuwing' if one.warning else 'fout'}: {one}" for one in bench.check(files)]
    assert any("onbekend-feit" in one for one in mine)
    assert any("termijnen.yaml" in one for one in mine)
    assert told.splitlines()[:-1] == mine


def test_what_is_in_force_is_what_the_register_names_and_the_folder_may_differ(bench: Workbench, folder: Path) -> None:
    assert (bench.live().fingerprint, bench.disk()) == (fingerprint(SMALL), None)
    other = edited(b"Een persoon kijkt.", b"Iemand kijkt.")
    bench.versions.take_over(fingerprint(other), other, who="els", why="anders")
    disk = bench.disk()
    assert disk is not None
    assert (disk.changed, disk.known, disk.mistakes) == ((OUTCOMES,), True, ())
    (folder / OUTCOMES).write_bytes(b"- kapot: [")
    disk = bench.disk()
    assert disk is not None
    assert (disk.known, len(disk.mistakes) > 0) == (False, True)
    with pytest.raises(ValueError, match="nowhere else"):
        bench.write_disk()
    assert (folder / OUTCOMES).read_bytes() == b"- kapot: ["


def test_trying_a_mail_keeps_nothing_and_makes_a_pipeline_once(bench: Workbench, book: Book) -> None:
    mail = bench.read("From: an@voorbeeld.example\nSubject: Vraag\n\nEen klacht over de consulent.", "", DAY)
    live = bench.attempt(bench.live().files, mail, DAY, Known(register=True))
    assert (live.decision.uitkomst, live.decision.on) == ("registreren", DAY)
    assert live.letter is not None
    assert live.letter.letter == "ontvangstbevestiging"
    files = edited(b"uitkomst: registreren}\n  brief: ontvangstbevestiging", b"uitkomst: beoordelen}")
    other = bench.attempt(files, mail, DAY, Known(register=True))
    assert (other.decision.uitkomst, other.letter) == ("beoordelen", None)
    assert bench.pipeline(files) is bench.pipeline(files)
    with pytest.raises(RulebookError):
        bench.attempt(edited(b"- id: de-rest", b"- idd: de-rest"), mail, DAY, Known())
    assert next(book.export(), None) is None
    assert not bench.versions.known(fingerprint(files))


def test_a_run_that_breaks_is_said_to_have_failed_and_the_next_one_is_done(bench: Workbench) -> None:
    live = bench.live().fingerprint
    asked = 0

    def broken_once(files: Files) -> Pipeline:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise MemoryError
        return bench.pipeline(files)

    runner = Runner(bench.versions, broken_once, cases=None, trained=False, today=lambda: DAY)
    with bench.versions.engine.begin() as connection:
        numbers = [rule_runs.ask(connection, "proeven", live, live, who="els") for _ in range(2)]
    runner.start()
    thread = runner._thread
    assert thread is not None
    thread.join(timeout=60)
    with bench.versions.engine.connect() as connection:
        found = [rule_runs.find(connection, number) for number in numbers]
    assert [one.state for one in found if one] == ["mislukt", "klaar"]


def test_the_product_opens_these_pages_when_there_is_a_register(bench: Workbench, book: Book) -> None:
    story = Story(book, bench.rules, mailbox="klachten@opgroeien.example", now=now)
    app = Front(book, story, bench.rules).staff()
    assert isinstance(app.state.room.workshop, Workbench)
    assert ("GET", "/regels") in {(method, path) for method, path, _ in of_routes(app.routes)}
