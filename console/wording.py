"""A letter read again: where its words can be plainer, and what a person changed in them."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from register.dossier import Event
from register.events import REVISED
from register.outgoing import Dispatch, Wording
from responder.clarity import review
from responder.letter import Letters
from responder.redline import Change, changes
from triage.mistakes import Mistake

WAITING = ("concept", "vastgehouden", "mislukt")
"""The states in which a letter can still be reworded."""
# The rules of plain language are those of Dutch.
_READ = "nl"
_PIECE = re.compile(r"\w+|\s+|[^\w\s]")
# Comparing grows with how often the same word stands in both texts; beyond this it would keep a page waiting.
_HEAVIEST = 90_000


@dataclass(frozen=True, slots=True)
class Reread:
    """What was found in a wording."""

    remarks: tuple[Mistake, ...]
    changed: tuple[Change, ...] = ()
    """From the wording as it was composed to this one; empty when nothing changed."""
    subject: tuple[Change, ...] = ()
    """The same for the subject."""
    too_long: bool = False
    """Whether the texts are too long to be compared."""


def reread(letter: Dispatch, words: Wording, composed: Wording, letters: Letters) -> Reread:
    """The remarks on these words and their differences with the words as composed. Pure; some milliseconds."""
    known = letters.find(letter.outgoing.letter)
    form = known.heading.aanspreking if known is not None else None
    read = letter.outgoing.language == _READ
    remarks = review(words.text, letters.plain, form=form, subject=words.subject).remarks if read else ()
    subject = changes(composed.subject, words.subject) if composed.subject != words.subject else ()
    changed = _compared(composed.text, words.text)
    return Reread(remarks, changed or (), subject, too_long=changed is None)


def composed(letter: Dispatch, events: Iterable[Event]) -> Wording:
    """The words that the letter had before anybody changed them; `events` are those of its mail, oldest first."""
    for event in events:
        was = event.detail.get("was")
        # Of a mail whose words were erased the former wording is gone as well.
        if event.what == REVISED and event.detail.get("brief") == letter.id and isinstance(was, dict):
            return Wording(str(was.get("onderwerp", "")), str(was.get("tekst", "")))
    return written(letter)


def written(letter: Dispatch) -> Wording:
    """The words as they stand now."""
    return Wording(letter.outgoing.subject, letter.outgoing.text)


def _compared(before: str, after: str) -> tuple[Change, ...] | None:
    """The differences, or None when it would take too long to find them; empty when there are none."""
    if before == after:
        return ()
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    middle = ["".join(lines[first : len(lines) - last]) for lines in (old, new)]
    counts = [Counter(_PIECE.findall(text)) for text in middle]
    if sum(number * counts[1][piece] for piece, number in counts[0].items()) > _HEAVIEST:
        return None
    kept = (Change("gelijk", "".join(old[:first])), Change("gelijk", "".join(old[len(old) - last :])))
    return tuple(one for one in (kept[0], *changes(*middle), kept[1]) if one.text)


def _alike(old: list[str], new: list[str]) -> int:
    """With how many equal lines both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
