"""Letters on their way out: composed, held, released, sent or failed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from intake.message import Party

# The words of `export --json`, in the order in which a letter passes through them.
State = Literal["concept", "vastgehouden", "vrijgegeven", "verzonden", "mislukt"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter ready to be posted, as the responder composed it."""

    digest: str
    """The mail it answers; with `letter` its identity: the same pair is held once."""
    letter: str
    """Id of the letter's template."""
    sender: Party
    """The address we write from."""
    to: Party
    subject: str
    text: str
    html: str = ""
    language: str = "nl"
    bodies: tuple[str, ...] = ()
    """Ids of the bodies it points to."""
    reply_to: str = ""
    """The signed address on which an answer finds its dossier."""
    message_id: str = ""
    """Without angle brackets; `hold` gives one when it is empty, so that each try bears the same."""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    automatic: bool = False
    """True when the policy lets it leave without a person."""
    held_because: str = ""
    """Why it must wait for a person, in Dutch; empty when nothing hinders."""
    copy: str = ""
    """The whole mail as it left, headers and all, for proof; empty while it has not."""
    answer: str = ""
    """What the relay said when it took it: there it names its queue."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person may change in a letter."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """An `Outgoing` on file, and how far it came."""

    id: int
    reference: str | None
    outgoing: Outgoing
    state: State
    made: datetime
    released: datetime | None = None
    released_by: str = ""
    sent: datetime | None = None
    why: str = ""
    """The last thing that went wrong, in words; empty when nothing did."""
    tries: int = 0
    withdrawn: datetime | None = None
    """When it was taken back; such a letter never leaves."""
