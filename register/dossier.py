"""The values of a file: the dossier and what happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from intake.message import Party

# `vervallen`: the number was given out, but a correction left no message in it.
Status = Literal["open", "gesloten", "vervallen"]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What belongs together under one reference; a complaint, a question or a referral alike."""

    reference: str
    """`KW-2026-00001`: the year of receipt in Brussels and a number without gaps."""
    opened: date
    """The day of receipt in Brussels: day 0 of the clock."""
    sender: Party
    """Who wrote the mail that opened it; their address is the dossier's known sender."""
    due_ack: date | None = None
    """Last day to acknowledge, or None when no complaint clock runs."""
    due_answer: date | None = None
    """Last day to answer, or None when no complaint clock runs."""
    acknowledged: datetime | None = None
    """When the first letter of ours left; an answer or a referral counts as well."""
    status: Status = "open"
    answered: datetime | None = None
    """When our answer left; the clock then stands."""
    handler: str | None = None
    """The account that treats it."""

    @property
    def next_due(self) -> date | None:
        """The next day of the clock: to acknowledge, then to answer; None when nothing is due."""
        if self.answered is not None:
            return None
        return self.due_answer if self.acknowledged or self.due_ack is None else self.due_ack

    @property
    def sender_name(self) -> str:
        """The name of the writer who opened it, maybe empty."""
        return self.sender.name

    @property
    def sender_address(self) -> str:
        """The address of the writer who opened it, in lower case."""
        return self.sender.address


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: who did what, when, to which file or mail."""

    at: datetime
    who: str
    """An account, or `klachtwijzer` for the program itself."""
    what: str
    """A Dutch word of `register.events`."""
    dossier: str | None
    digest: str | None
    detail: Mapping[str, object] = field(default_factory=dict)
