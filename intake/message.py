"""The values of intake: how a mail arrived (`Envelope`) and what it says (`Message`)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Channel = Literal["smtp", "lmtp", "imap", "chat", "file"]

# Whose words a passage holds. Only `eigen` (the writer's own) decides; the rest is weak context.
Role = Literal["eigen", "aangehaald", "doorgestuurd", "handtekening", "disclaimer"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a mail reached us, apart from its content."""

    channel: Channel
    sender: str
    """MAIL FROM; empty for the null sender (RFC 5321 §4.5.5)."""
    recipients: tuple[str, ...]
    received: datetime
    """Aware moment of receipt; the statutory clock runs from it."""
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What `keep` promises once the bytes are durable."""

    digest: str
    """SHA-256 of the raw bytes, in hex: the identity of the mail."""
    known: bool
    """True when this mail was on file already: the same bytes, or the same Message-ID, Date, From and body."""


Keep = Callable[[bytes, Envelope], Awaitable[Receipt]]


@dataclass(frozen=True, slots=True)
class Party:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of `Message.text`, [start, end) in code points, and whose words it holds."""

    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    size: int
    text: str = ""
    """Text for triage, when it could be read; otherwise empty."""
    warnings: tuple[str, ...] = ()
    """Why nobody should open it unprepared (a program, a macro, a zip bomb), in words for staff."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a machine reports of one mail to one reader: delivery (RFC 3464) or reading (RFC 8098)."""

    kind: Literal["bezorging", "lezing"]
    recipient: str
    """Final recipient, or the original one when that is all the report tells; may be empty."""
    action: str
    """Lower-case `failed`, `delayed`, `delivered`, `relayed`, `expanded`, `displayed`, `deleted`, or empty."""
    status: str = ""
    """Class, subject and detail (RFC 3463) as `5.1.1`; empty when the report has none."""
    diagnostic: str = ""
    original_recipient: str = ""
    """The address that our mail bore, where the report tells it beside the final one."""
    original_id: str = ""
    """Message-ID of the mail it reports on, without angle brackets; with it the mail can be found again."""


@dataclass(frozen=True, slots=True)
class Message:
    """A mail as understood so far: who, when, which words, whose words. No judgement."""

    digest: str
    envelope: Envelope
    message_id: str
    """Without angle brackets; empty when the mail has none."""
    sent: datetime | None
    """The Date header, aware; None when missing or unreadable."""
    sender: Party
    reply_to: Party | None
    recipients: tuple[Party, ...]
    subject: str
    text: str
    """The decoded body, LF line ends, own and quoted parts alike; evidence counts in it."""
    passages: tuple[Passage, ...]
    """Cover `text` without gap or overlap, in order."""
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    """Lower-cased names of the headers that triage and threading need, first value each."""
    automatic: str | None = None
    """Why a machine must have written it (a sentence), or None for a person's mail."""
    faults: tuple[str, ...] = ()
    """What could not be read, in words, for staff; never text of the mail."""
    reports: tuple[Report, ...] = ()
    """What a delivery or reading report tells, one a recipient; empty for any other mail."""
    unreadable: bool = False
    """The mail could not be taken apart within its bounds: `text` is a stretch of the raw bytes, for a person."""

    @property
    def own(self) -> str:
        """The writer's own words, passages joined by a line end."""
        return "\n".join(self.text[p.start : p.end] for p in self.passages if p.role == "eigen")
