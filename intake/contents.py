"""What the parts of a mail hold, gathered while they are walked."""

from dataclasses import dataclass, field
from typing import Literal

from intake.headers import Head
from intake.message import Attachment, Report

Reach = Literal["light", "full", "bare"]
"""Which readers may run: those of bounded cost, or all; in a bare reading the dangerous ones are passed over."""

TEXT_LENGTH = 500_000
ATTACHMENTS = 100
# Attached texts beyond this length together are stored and no longer read.
ATTACHED_WORDS = 400_000


class TooHeavyError(Exception):
    """This mail needs a reader that may only run behind the walls of the sandbox; raised in a light reading."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the tree a part is read."""

    depth: int = 0
    spoken: bool = False
    """Whether its words were already told by an alternative, so that only attachments count."""

    def below(self, *, spoken: bool = False) -> "Place":
        return Place(self.depth + 1, self.spoken or spoken)


@dataclass(slots=True)
class Contents:
    """Filled part by part; the order of pieces and attachments is that of the parts."""

    reach: Reach = "full"
    pieces: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    report: str = ""
    """`delivery-status` or `disposition-notification` when the mail itself is such a report."""
    attached_words: int = 0
    returned: Head | None = None
    """Head of the first mail that is attached to the mail itself; in a bounce it is the one that came back."""

    @property
    def text(self) -> str:
        return "\n\n".join(piece for piece in self.pieces if piece.strip())

    def fault(self, sentence: str) -> None:
        if sentence and sentence not in self.faults:
            self.faults.append(sentence)

    def attach(self, attachment: Attachment) -> None:
        if len(self.attachments) >= ATTACHMENTS:
            self.fault("Het bericht heeft te veel bijlagen; de rest is niet opgesomd.")
            return
        self.attachments.append(attachment)
        self.attached_words += len(attachment.text)
        for sentence in attachment.warnings:
            self.fault(sentence)

    def heavy(self) -> bool:
        """Whether a reader may run for which nobody can vouch. Raises TooHeavyError in a light reading."""
        if self.reach == "light":
            raise TooHeavyError
        if self.reach == "bare":
            self.fault("Een bijlage vroeg te veel tijd of geheugen; haar inhoud is niet gelezen.")
        return self.reach == "full"
