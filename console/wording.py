"""A letter read again: where its words can be plainer, and what a person changed in them."""

from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Reread:
    """What was found in a wording."""

    remarks: tuple[Mistake, ...]
    changed: tuple[Change, ...] = ()
    """From the wording as it was composed to this one; empty when nothing changed."""
    subject: tuple[Change, ...] = ()
    """The same for the subject."""


def reread(letter: Dispatch, words: Wording, composed: Wording, letters: Letters) -> Reread:
    """The remarks on these words and their differences with the words as composed. Pure; some milliseconds."""
    known = letters.find(letter.outgoing.letter)
    form = known.heading.aanspreking if known is not None else None
    read = letter.outgoing.language == _READ
    remarks = review(words.text, letters.plain, form=form, subject=words.subject).remarks if read else ()
    subject = changes(composed.subject, words.subject) if composed.subject != words.subject else ()
    changed = changes(composed.text, words.text) if composed.text != words.text else ()
    return Reread(remarks, changed, subject)


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
