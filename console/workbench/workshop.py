"""What the pages for rule maintainers ask of the rest of the product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from intake.message import Message
from register.rulebooks import Files
from responder.reply import Reply
from triage.assessment import Assessment
from triage.decision import Decision, Known, Trial
from triage.mistakes import Mistake
from triage.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Rules:
    """A rulebook on file: its fingerprint and its files."""

    fingerprint: str
    files: Files


@dataclass(frozen=True, slots=True)
class Disk:
    """The folder of rules, where it holds something else than what is in force."""

    rules: Rules
    changed: tuple[str, ...]
    """Paths that differ from what is in force."""
    mistakes: tuple[Mistake, ...]
    """Why it cannot be in force; warnings left out."""
    known: bool
    """Whether it is an earlier version, so that nothing is lost when it is written over."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What some rules make of a mail, in full."""

    message: Message
    assessment: Assessment
    decision: Decision
    rulebook: Rulebook
    sentences: tuple[str, ...]
    trials: tuple[Trial, ...]
    """Every rule, in the order in which they are tried."""
    letter: Reply | None


class Workshop(Protocol):
    """What rule maintainers can have done. Files with a mistake raise RulebookError where they must be used."""

    def live(self) -> Rules:
        """The rules in force."""

    def check(self, files: Files) -> Sequence[Mistake]:
        """Every mistake and warning, those in the terms included, as `klachtwijzer rules check` tells them."""

    def disk(self) -> Disk | None:
        """The folder, or None when it holds exactly what is in force."""

    def write_disk(self) -> None:
        """Write what is in force to the folder; ValueError when edits would be lost, OSError when it cannot be."""

    def read(self, words: str, subject: str, on: date) -> Message:
        """Pasted words as a mail that came in on that day; words that begin with header lines are a whole mail."""

    def attempt(self, files: Files, message: Message, on: date, known: Known) -> Tried:
        """What these rules make of the mail. Nothing is kept; the first time takes seconds."""

    def start(self) -> None:
        """Have somebody do the runs that wait."""
