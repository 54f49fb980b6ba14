"""Facts and assessments made for tests, and the rules of this project without their words."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

from triage.assessment import Assessment, Evidence, Fact, Value
from triage.rulebook import Rulebook, assemble, files

ROOT = Path(__file__).resolve().parents[2]


@cache
def rulebook() -> Rulebook:
    """The outcome rules and all they need; words play no part in deciding, so they are left out."""
    contents = {path: text for path, text in files(ROOT / "rules").items() if not path.startswith("signalen/")}
    book, mistakes = assemble(contents)
    assert book is not None, "\n".join(map(str, mistakes))
    return book


def fact(said: object) -> Fact:
    """A fact from a case: a bare value, or `waarde` with its confidence, second reading and finder."""
    given = cast(Mapping[str, object], said) if isinstance(said, dict) else {"waarde": said}
    value = given["waarde"]
    return Fact(
        value=tuple(value) if isinstance(value, list) else cast(Value, value),
        confidence=float(cast(float, given.get("zekerheid", 0.9))),
        found_by=str(given.get("door", "woorden")),
        runner_up=str(given.get("tweede", "")),
        runner_up_confidence=float(cast(float, given.get("tweede_zekerheid", 0.0))),
    )


def facts(said: Mapping[str, object]) -> dict[str, Fact]:
    return {name: fact(value) for name, value in said.items()}


def assessment(said: Mapping[str, object], parts: tuple[Mapping[str, object], ...] = ()) -> Assessment:
    """An assessment that holds exactly these facts."""
    return Assessment(digest="0" * 64, facts=facts(said), parts=tuple(facts(part) for part in parts))


def seen(value: Value, words: str, *, start: int = 12, source: str = "een-signaal") -> Fact:
    """A fact with the words that carry it."""
    evidence = Evidence(start, start + len(words), words, "tekst", source)
    return Fact(value, 0.9, source, (evidence,))
