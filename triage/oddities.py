"""What rules are allowed and yet hardly mean: told as warnings, as seen from a day."""

from collections.abc import Iterator, Sequence
from datetime import date

from triage.entries import Entry
from triage.links import Draft
from triage.mistakes import Mistake
from triage.shapes import Body, Danger, Decree, OutcomeRule, Sector

Dated = Sequence[Entry[Body]] | Sequence[Entry[Sector]] | Sequence[Entry[Decree]] | Sequence[Entry[Danger]]
AnyDated = Entry[Body] | Entry[Sector] | Entry[Decree] | Entry[Danger]


def notable(draft: Draft, on: date) -> Iterator[Mistake]:
    """What is allowed and yet odd: rules without the letter one expects, sources not looked at for too long."""
    for rule in draft.outcomes:
        outcome = rule.value.dan.uitkomst
        if rule.value.brief is None and outcome in {"registreren", "doorverwijzen", "opvragen"}:
            what = f"bij `{outcome}` hoort een brief, en regel `{rule.value.id}` noemt er geen"
            yield rule.mistake((), "geen-brief", what, warning=True)
    if not draft.settings:
        return
    days = draft.settings[0].value.nagekeken_dagen
    for rule in draft.outcomes:
        yield from _stale(rule, ("bron", "nagekeken_op"), rule.value.bron.nagekeken_op, on, days)
    dated: tuple[Dated, ...] = (draft.bodies, draft.sectors, draft.decrees, draft.dangers)
    for entries in dated:
        for entry in entries:
            yield from _stale(entry, ("nagekeken_op",), entry.value.nagekeken_op, on, days)


def _stale(
    entry: "Entry[OutcomeRule] | AnyDated", path: tuple[str, ...], seen: date | None, on: date, days: int
) -> Iterator[Mistake]:
    if seen is not None and (on - seen).days > days:
        what = f"`{entry.value.id}` werd {(on - seen).days} dagen geleden voor het laatst nagekeken"
        yield entry.mistake(path, "lang-niet-nagekeken", what, f"meer dan {days} dagen is te lang", warning=True)
