"""The command as people and other programs use it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from intake.message import Message
from klachtwijzer import __version__, said
from klachtwijzer.ruleset import MODEL
from klachtwijzer.settings import CHECKOUT
from register import server
from register.book import Book
from tests.klachtwijzer.command import Command, Run, alone, assert_misuse, lines
from tests.klachtwijzer.started import CORPUS
from tests.register.made import entered
from triage.pipeline import Pipeline
from triage.vocabulary import BETROKKENEN, DRINGENDHEDEN, GEVAREN, SOORTEN, UITKOMSTEN, VELDEN

SAMPLE = CHECKOUT / "samples" / "01-huisbezoek.eml"
KEYS = ["file", *VELDEN, "delen", "bewijs", "zekerheid", "regel", "rulebook", "model"]
EVERY = 8  # of the labelled mails: enough to score, few enough to be quick


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A labelled set: a part of the labelled mails."""
    made = tmp_path_factory.mktemp("gelabeld")
    chosen = (CORPUS / "labels.jsonl").read_text(encoding="utf-8").splitlines()[::EVERY]
    for line in chosen:
        shutil.copy(CORPUS / json.loads(line)["file"], made)
    (made / "labels.jsonl").write_text("\n".join(chosen) + "\n", encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def triaged(folder: Path) -> Run:
    return alone("triage", "--json", *sorted(folder.glob("*.eml")))


def test_triage_writes_a_line_a_mail_with_exactly_the_promised_fields(folder: Path, triaged: Run) -> None:
    assert (triaged.returncode, triaged.stderr) == (0, "")
    said = lines(triaged)
    assert [line["file"] for line in said] == sorted(path.name for path in folder.glob("*.eml"))
    for line in said:
        assert list(line) == KEYS
        assert_policy(line)
        for part in line["delen"]:
            assert set(part) == set(VELDEN)
        assert 0 <= line["zekerheid"] <= 1
        assert line["rulebook"]
        assert line["model"] != ("geen" if MODEL.exists() else "")


def assert_policy(line: Mapping[str, Any]) -> None:
    assert line["soort"] in SOORTEN
    assert line["uitkomst"] in UITKOMSTEN
    assert line["betrokkene"] in BETROKKENEN
    assert line["dringendheid"] in DRINGENDHEDEN
    assert set(line["gevaar"]) <= set(GEVAREN)
    plain = ("decreten", "instanties", "gevaar", "ontbreekt", "ontvankelijkheid", "delen")
    assert {name for name in plain if not isinstance(line[name], list)} == set()


def test_every_piece_of_evidence_stands_where_it_says(triaged: Run) -> None:
    found = [one for line in lines(triaged) for several in line["bewijs"].values() for one in several]
    assert len(found) > 100
    for one in found:
        assert list(one) == ["van", "tot", "tekst", "deel", "bron", "zekerheid"]
        assert one["tot"] - one["van"] == len(one["tekst"]) > 0
        assert 0 <= one["zekerheid"] <= 1
        assert one["bron"]
        assert one["deel"]


def test_evaluate_gives_the_scores_of_the_reference_scorer_to_the_digit(
    command: Command, folder: Path, triaged: Run, tmp_path: Path
) -> None:
    (tmp_path / "gezegd.jsonl").write_text(triaged.stdout, encoding="utf-8")
    asked = [sys.executable, str(CHECKOUT / "tests" / "score.py"), str(folder / "labels.jsonl"), "gezegd.jsonl"]
    scored = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    evaluated = command("evaluate", folder, "--json")
    assert (evaluated.returncode, evaluated.stderr) == (0, "")
    (ours,) = lines(evaluated)
    names = [line.split()[0] for line in scored.stdout.splitlines()]
    assert list(ours) == [*names, "verwarring", "curve"]
    shown = "".join(
        f"{name:24} {ours[name]:.3f}\n" if isinstance(ours[name], float) else f"{name:24} {ours[name]}\n"
        for name in names
    )
    assert shown == scored.stdout
    assert ours["mails"] == len(list(folder.glob("*.eml")))
    assert sum(number for *_, number in ours["verwarring"]["sector"]) == ours["mails"]
    assert list(ours["curve"][0]) == ["drempel", "dekking", "fout"]


def test_evaluate_shows_people_scores_confusion_and_the_worst_errors(command: Command, folder: Path) -> None:
    shown = command("evaluate", folder)
    assert shown.returncode == 0
    for words in ("uitkomst_macro_f1", "sector: gewenst (rij) en gekregen (kolom)", "dekking en fouten"):
        assert words in shown.stdout


def test_a_mail_that_cannot_be_read_goes_to_a_person_today(command: Command, tmp_path: Path) -> None:
    run = command("triage", "--json", tmp_path / "weg.eml", SAMPLE, tmp_path)
    assert (run.returncode, run.stderr) == (1, "")
    lost, found, directory = lines(run)
    assert list(lost) == list(directory) == [*KEYS, "fout"]
    assert (lost["file"], lost["uitkomst"], lost["dringendheid"]) == ("weg.eml", "beoordelen", "vandaag")
    assert "No such file" in lost["fout"]
    assert "Is a directory" in directory["fout"]
    assert found["uitkomst"] == "registreren"
    assert "fout" not in found


def test_a_mail_that_cannot_be_judged_goes_to_a_person_today_and_the_others_get_their_line(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(message: Message, pipeline: Pipeline) -> said.Judged:
        if "huisbezoek" in message.subject.lower():
            raise IndexError("mijn dochter")
        return judged(message, pipeline)

    judged = said.judge
    monkeypatch.setattr(said, "judge", judge)
    run = command("triage", "--json", SAMPLE, SAMPLE.with_name("15-bedankt.eml"))
    assert (run.returncode, run.stderr) == (1, "")
    broken, whole = lines(run)
    assert (broken["uitkomst"], broken["dringendheid"]) == ("beoordelen", "vandaag")
    assert broken["fout"] == "kan het bericht niet beoordelen (IndexError)"
    assert "fout" not in whole


def test_bytes_that_are_no_mail_are_still_assessed(command: Command, tmp_path: Path) -> None:
    for name, raw in {"leeg": b"", "ruis": bytes(range(256)) * 40, "kop": b"Subject: x"}.items():
        (tmp_path / f"{name}.eml").write_bytes(raw)
    run = command("triage", "--json", *sorted(tmp_path.glob("*.eml")))
    assert (run.returncode, run.stderr) == (0, "")
    assert {line["uitkomst"] for line in lines(run)} <= {"beoordelen", "opvragen"}


def test_triage_tells_people_what_and_why(command: Command) -> None:
    run = command("triage", SAMPLE)
    assert (run.returncode, run.stderr) == (0, "")
    assert "gezinsondersteuning · opgroeien → registreren" in run.stdout
    assert len(run.stdout.splitlines()) > 3


def test_broken_rules_are_shown_whole_and_nothing_runs_on_them(command: Command, tmp_path: Path) -> None:
    broken = tmp_path / "rules"
    shutil.copytree(CHECKOUT / "rules", broken)
    rule = broken / "uitkomsten" / "99-fout.yaml"
    rule.write_text("- id: fout\n  als: sektor == 'pleegzorg'\n", encoding="utf-8")
    checked = command("rules", "check", broken)
    assert (checked.returncode, checked.stderr) == (1, "")
    assert "fout: uitkomsten/99-fout.yaml:" in checked.stdout or "99-fout.yaml:" in checked.stdout
    count = len([line for line in checked.stdout.splitlines() if line.startswith("fout: ")])
    assert checked.stdout.splitlines()[-1].startswith(f"{count} fout(en), ")
    judged = command("triage", "--json", SAMPLE, RULES=str(broken))
    assert judged.returncode == 2
    assert judged.stdout == ""
    assert judged.stderr.splitlines()[-1] == f"klachtwijzer: {count} mistake(s) in the rules; nothing was loaded"
    assert "Traceback" not in judged.stderr


def test_the_shipped_rules_are_without_mistakes(command: Command) -> None:
    run = command("rules", "check")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines()[-1].startswith("0 fout(en), ")


def test_the_version_is_told() -> None:
    run = alone("--version")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith(f"klachtwijzer {__version__} (model: ")


def test_without_any_argument_there_is_help(command: Command) -> None:
    run = command()
    assert run.returncode == 2
    assert "triage" in run.stdout
    assert run.stderr == ""


def test_a_dossier_is_explained_and_an_unknown_one_is_told_in_one_line(command: Command, book: Book, url: str) -> None:
    _, dossier = entered(book)
    assert dossier is not None
    plain = server.libpq(url)
    assert_misuse(command("explain", "KW-1999-00001", DATABASE_URL=plain), "no dossier KW-1999-00001")
    explained = command("explain", dossier.reference.lower(), DATABASE_URL=plain)
    assert (explained.returncode, explained.stderr) == (0, "")
    assert explained.stdout.startswith(f"{dossier.reference} · 2026-03-02 09:30 · lien@voorbeeld.example\n")


def test_export_writes_a_line_a_message(book: Book, url: str) -> None:
    digest, dossier = entered(book)
    assert dossier is not None
    run = alone("export", "--json", DATABASE_URL=server.libpq(url))
    assert (run.returncode, run.stderr) == (0, "")
    (line,) = lines(run)
    tail = ["delen", "bevestigen_voor", "antwoorden_voor", "brieven"]
    assert list(line) == ["referentie", "message_id", "ontvangen", *VELDEN, *tail]
    assert line["referentie"] == dossier.reference
    assert (line["bevestigen_voor"], line["antwoorden_voor"]) == ("2026-03-12", "2026-04-16")
    record = book.record(digest)
    assert record is not None
    assert line["message_id"] == record.message.message_id
