"""The proposal, field by field: what it says, how sure, what else it could have been, and what one may choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console import words
from console.desk import Glossary
from console.marks import Seen
from triage.assessment import Fact
from triage.decision import Decision

# A second reading below this is no reading.
_WORTH = 0.01


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the proposal."""

    field: str
    title: str
    values: tuple[str, ...]
    shown: tuple[str, ...]
    """The values as people read them."""
    choices: Mapping[str, str]
    many: bool
    confidence: float | None
    """Between 0 and 1; None when the field only follows from others."""
    runner_up: str
    runner_up_confidence: float
    number: int
    """Under which its words are marked; 0 when none are."""
    person: str
    """Who corrected it, or nothing."""


def rows(decision: Decision, facts: Sequence[Seen], names: Glossary) -> tuple[Row, ...]:
    """A row per field of the policy, the outcome first."""
    known = {one.name: one for one in facts}
    return tuple(_row(field, decision, known.get(field), names) for field in words.FIELDS)


def signs(facts: Sequence[Seen], names: Glossary) -> tuple[Seen, ...]:
    """What else was read: facts that are no fields of the proposal and say more than "no"."""
    return tuple(
        one for one in facts if one.name not in words.FIELDS and (one.number or one.person or one.fact.value is True)
    )


def _row(field: str, decision: Decision, found: Seen | None, names: Glossary) -> Row:
    held = getattr(decision, field)
    values = held if isinstance(held, tuple) else (held,)
    fact: Fact | None = found.fact if found is not None else None
    confidence = decision.zekerheid if field == "uitkomst" else fact.confidence if fact is not None else None
    return Row(
        field=field,
        title=words.FIELDS[field],
        values=values,
        shown=tuple(words.label(field, value, names) for value in values),
        # A value that the rules do not name any more stays choosable, or a correction would silently drop it.
        choices=words.choices(field, names) | {v: words.label(field, v, names) for v in values if v},
        many=field in words.MANY,
        confidence=confidence,
        runner_up=words.label(field, fact.runner_up, names)
        if fact is not None and fact.runner_up and fact.runner_up_confidence >= _WORTH
        else "",
        runner_up_confidence=fact.runner_up_confidence if fact is not None else 0.0,
        number=found.number if found is not None else 0,
        person=found.person if found is not None else "",
    )
