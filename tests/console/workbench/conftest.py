"""The console with a real workshop behind it, on a small rulebook of its own in a folder and in the register."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from fastapi import FastAPI

from console.staff import staff
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.settings import CHECKOUT
from klachtwijzer.workshop import Workbench
from register.book import Book
from register.versions import Versions
from tests.console.made import MAILBOX, MadeDesk
from triage.rulebook import files

SHIPPED = files(CHECKOUT / "rules")
OUTCOMES = "uitkomsten/1.yaml"
WORDS = "signalen/woorden.yaml"
SMALL: Mapping[str, bytes] = {
    **{path: text for path, text in SHIPPED.items() if not path.startswith(("signalen/", "uitkomsten/"))},
    WORDS: b"""
- id: klacht-woord
  betekent: {soort: klacht}
  gewicht: 4
  woorden: [klacht]
  voorbeelden: {raak: [Een klacht.], mis: [Een vraag.]}
- id: opgroeien-woord
  betekent: {betrokkene: opgroeien}
  gewicht: 4
  woorden: [consulent]
  voorbeelden: {raak: [De consulent.], mis: [De trap.]}
""",
    OUTCOMES: b"""
- id: eigen-klacht
  als: soort == "klacht" and betrokkene == "opgroeien"
  dan: {uitkomst: registreren}
  brief: ontvangstbevestiging
  omdat: Een klacht over ons registreren wij.
  bron: {titel: Een bron, nagekeken_op: 2026-11-23}
  voorbeelden:
    raak: ["Een klacht over de consulent."]
    mis: ["Een klacht over de trap."]
- id: de-rest
  als: "true"
  dan: {uitkomst: beoordelen}
  omdat: Een persoon kijkt.
  bron: {titel: Een bron, nagekeken_op: 2026-11-23}
  voorbeelden: {raak: [Goedemiddag.], mis: [Een klacht over de consulent.]}
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, text in SMALL.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text)
    return tmp_path


@pytest.fixture
def versions(book: Book) -> Versions:
    return Versions(book.engine)


@pytest.fixture
def rules(folder: Path, versions: Versions) -> Ruleset:
    made = Ruleset(folder, versions, trained=False, look_every=0.0)
    made.now()
    return made


@pytest.fixture
def bench(book: Book, rules: Ruleset, versions: Versions) -> Iterator[Workbench]:
    yield Workbench(rules, versions, mailbox=MAILBOX, now=book.now, cases=None)


@pytest.fixture
def app(book: Book, desk: MadeDesk, bench: Workbench) -> FastAPI:
    return staff(book, desk, False, bench)
