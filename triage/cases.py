"""Cases: what a mail, or facts alone, must lead to. The tests that maintainers write beside their rules.

A case with a mail is understood first, and its `feiten` are expected of it; without one they are given.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import ConfigDict, TypeAdapter, with_config

from triage.assessment import Assessment, Fact, Value
from triage.decide import decide
from triage.decision import Decision, Known
from triage.entries import Entry, entries
from triage.mistakes import Mistake
from triage.placed import read
from triage.rulebook import Rulebook
from triage.shapes import FactKind, Facts, Said

_FORBID = ConfigDict(extra="forbid")


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Bekend:
    """What the register knew beforehand."""

    register: bool = False
    dossier: str | None = None
    suggestie: str | None = None


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Case:
    """One case as its author wrote it."""

    naam: str
    besluit: Mapping[str, object]
    """Only what is named is compared; `aantal_delen` is the number of parts."""
    mail: str = ""
    """The words of a mail; with header lines and an empty line before them, a whole mail."""
    op: date | None = None
    """The day of receipt; that of today when it is missing."""
    feiten: Facts = field(default_factory=dict)
    delen: tuple[Facts, ...] = ()
    bekend: Bekend = Bekend(register=True)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a case expected and did not get."""

    what: str
    """`besluit uitkomst`, `feit soort`."""
    wanted: object
    got: object


_SHAPE: TypeAdapter[Case] = TypeAdapter(Case)


def cases(file: str, text: str) -> tuple[list[Entry[Case]], list[Mistake]]:
    """The cases of a file, and every mistake in their form."""
    placed, mistakes = read(file, text)
    if placed.node is None:
        return [], mistakes
    found, wrong = entries(placed, _SHAPE, many=True)
    return found, [*mistakes, *wrong]


def given(case: Case, rulebook: Rulebook) -> Assessment:
    """The assessment that holds exactly the facts of a case without a mail."""
    return Assessment(
        digest="0" * 64,
        facts=facts(case.feiten, rulebook),
        parts=tuple(facts(part, rulebook) for part in case.delen),
    )


def concluded(case: Case, assessment: Assessment, rulebook: Rulebook, today: date) -> Decision:
    """What the rules make of it."""
    known = Known(register=case.bekend.register, dossier=case.bekend.dossier, suggestion=case.bekend.suggestie)
    return decide(assessment, rulebook, case.op or today, known)


def differences(case: Case, assessment: Assessment, decision: Decision, rulebook: Rulebook) -> Iterator[Difference]:
    """Every expected fact and every expected field that came out otherwise."""
    if case.mail:
        for name, said in case.feiten.items():
            wanted = _value(said.waarde, rulebook.facts.get(name))
            fact = assessment.facts.get(name)
            got: Value | None = None if fact is None else fact.value
            if got != wanted and not (wanted is False and got is None):
                yield Difference(f"feit {name}", said.waarde, got)
    for name, said_so in case.besluit.items():
        result = len(decision.delen) if name == "aantal_delen" else getattr(decision, name, "?")
        if _plain(result) != _plain(said_so):
            yield Difference(f"besluit {name}", said_so, _plain(result))


def facts(said: Mapping[str, Said], rulebook: Rulebook) -> dict[str, Fact]:
    """The facts that a maintainer gave, as if they had been found."""
    return {
        name: Fact(
            value=_value(one.waarde, rulebook.facts.get(name)),
            confidence=one.zekerheid,
            found_by=one.door,
            runner_up=one.tweede,
            runner_up_confidence=one.tweede_zekerheid,
        )
        for name, one in said.items()
    }


def _value(given: object, kind: FactKind | None) -> Value:
    """A value of YAML, in which everything is a word, as the fact wants it."""
    if isinstance(given, list | tuple):
        return tuple(str(one) for one in given)
    if kind is not None and kind.type == "waar":
        return str(given) == "true"
    if kind is not None and kind.type == "keuzes":
        return (str(given),)
    return float(str(given)) if kind is not None and kind.type == "getal" else str(given)


def _plain(value: object) -> object:
    """Comparable with what YAML says: words, lists of words, `null`."""
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
