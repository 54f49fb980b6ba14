"""A letter read again: where its words can be plainer, what a person changed in them, and who is writing at it now."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from register.dossier import Event
from register.drafts import Draft
from register.events import REVISED
from register.outgoing import Dispatch, Wording
from responder.clarity import review
from responder.letter import Letters
from responder.redline import Change, changes
from triage.mistakes import Mistake

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


def typed(subject: str, text: str) -> Wording:
    """Words as a form sends them, with the line ends that we keep."""
    return Wording(subject, re.sub(r"\r\n?", "\n", text))


def settled(words: Wording) -> Wording:
    """The same as it would stand in the letter: no blanks around it, one line end at its end."""
    return Wording(" ".join(words.subject.split()), words.text.strip() + "\n")


def letter_version(letter: Dispatch) -> str:
    """Changes with the words and the state, so that nobody releases or overwrites what they did not read."""
    shown = "\0".join((letter.outgoing.subject, letter.outgoing.text, letter.state, str(letter.withdrawn)))
    return sha256(shown.encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Penned:
    """A draft beside the letter as it stands now."""

    draft: Draft
    subject: tuple[Change, ...]
    changed: tuple[Change, ...]
    """From the letter to the draft; empty when it says the same."""

    @property
    def differs(self) -> bool:
        """Whether the letter would change by it."""
        return bool(self.subject or self.changed)


@dataclass(frozen=True, slots=True)
class Desktop:
    """What is being written at one letter, as one person sees it."""

    mine: Penned | None
    overtaken: bool
    """Whether somebody changed the letter since this person last wrote."""
    theirs: tuple[Penned, ...]
    """What colleagues have and the letter has not."""

    @property
    def writers(self) -> str:
        """Who else is writing, in one line that a form can send along."""
        return ",".join(sorted(one.draft.account for one in self.theirs))

    @property
    def unsettled(self) -> bool:
        """Whether this person wrote what is not in the letter."""
        return self.mine is not None and self.mine.differs


def desktop(letter: Dispatch, drafts: Iterable[Draft], account: str) -> Desktop:
    """Who writes what at this letter, seen by that person; `drafts` are those of its mail."""
    all_ = [penned(letter, one) for one in drafts if one.outgoing == letter.id]
    mine = next((one for one in all_ if one.draft.account == account), None)
    overtaken = mine is not None and mine.differs and mine.draft.base != letter_version(letter)
    theirs = tuple(one for one in all_ if one is not mine and one.differs)
    return Desktop(mine, overtaken, theirs)


def penned(letter: Dispatch, draft: Draft) -> Penned:
    """The draft with what it changes in the letter."""
    stands, said = settled(written(letter)), settled(draft.words)
    subject = changes(stands.subject, said.subject) if stands.subject != said.subject else ()
    return Penned(draft, subject, changes(stands.text, said.text) if stands.text != said.text else ())
