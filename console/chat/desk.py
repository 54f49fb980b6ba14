"""What the pages of a conversation ask of the rest of the product."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from register.chat import Conversation, Talk


@dataclass(frozen=True, slots=True)
class Signpost:
    """Another body, as a citizen may be pointed to it: with checked contacts only."""

    name: str
    what: str
    ways: Mapping[str, str]
    """By way of contact: `telefoon`, `web`, `mail`, `adres`, `chat`, `uren`, `vindplaats`."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the words so far come to. Nothing of it was entered."""

    danger: bool = False
    """Whether somebody may be in danger: then the numbers come first and nothing is asked."""
    apart: bool = False
    """Whether only the last words say so, and would drown in the others."""
    dangers: tuple[str, ...] = ()
    urgent: bool = False
    """Whether a person must see it today."""
    young: bool = False
    """Whether the person seems to be a minor."""
    language: str = ""
    """ISO 639-1 code of the person's words."""
    missing: tuple[str, ...] = ()
    """The questions that are left, the first first."""
    retold: tuple[str, ...] = ()
    """What it is about, in fixed Dutch sentences without a word of the person."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a citizen is shown about what they sent."""

    reference: str | None
    """None when it is kept but has no dossier (yet)."""
    uitkomst: str
    """As in the policy, or empty when it is kept but not yet understood."""
    danger: bool = False
    """Whether somebody may be in danger: then the numbers come first and nothing is asked."""
    acknowledge_by: date | None = None
    answer_by: date | None = None
    bodies: tuple[Signpost, ...] = ()
    missing: tuple[str, ...] = ()
    """What a complaint needs and this one lacks, in the policy's words."""


class ChatDesk(Protocol):
    """What is weighed and passed on in a citizen's name."""

    def weigh(self, talk: Talk) -> Weighed:
        """What the words come to under the rules in force; enters nothing."""

    def deliver(self, number: int, *, apart: bool = False) -> None:
        """Keep the words of this conversation that no mail holds yet, and enter them now.

        `apart` keeps the last words as a mail of their own. What cannot be entered now is kept, and entered by the
        worker.
        """

    def answer(self, conversation: Conversation) -> Answer:
        """What became of what was delivered."""
