"""What two rulebooks say of one mail, side by side."""

from collections.abc import Iterable
from dataclasses import replace

from register.rulebooks import Differences
from triage.assessment import Assessment
from triage.decision import Decision
from triage.grounds import by_person

FIELDS = (
    "uitkomst",
    "sector",
    "instanties",
    "dringendheid",
    "gevaar",
    "betrokkene",
    "decreten",
    "brief",
    "automatisch",
)


def differences(before: Decision, after: Decision) -> Differences:
    """Per field that differs what it was and what it becomes; a rule of another name alone is no difference."""
    pairs = {name: (_plain(getattr(before, name)), _plain(getattr(after, name))) for name in FIELDS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def weight(differs: Differences) -> int:
    """How much a difference asks for attention: 0 is an escalation that comes or goes, then urgency, then outcome."""
    if "escaleren" in differs.get("uitkomst", ()):
        return 0
    return next((place for place, name in enumerate(("dringendheid", "uitkomst"), 1) if name in differs), 3)


def with_persons(assessment: Assessment, stored: Assessment) -> Assessment:
    """A fresh assessment with what staff stated about the stored one: their word stays."""
    said = {name: fact for name, fact in stored.facts.items() if by_person(fact)}
    return replace(assessment, facts={**assessment.facts, **said}) if said else assessment


def spoken(differs: Differences, names: Iterable[str] = FIELDS) -> str:
    """A difference in one line."""
    told = (f"{name}: {_said(differs[name][0])} → {_said(differs[name][1])}" for name in names if name in differs)
    return "; ".join(told)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "geen"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return "geen" if value is None else str(value)
