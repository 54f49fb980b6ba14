"""The chat door: the turns of a conversation become one mail, kept and read like any other."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from intake.message import Envelope, Party, Passage, Role

# A visitor need not give an address; RFC 2606 promises that this one never reaches anybody.
_NO_ADDRESS = "bezoeker@chat.invalid"
_NO_DOMAIN = "@chat.invalid"
_OURS = "> "


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said in a conversation."""

    who: Literal["persoon", "wij"]
    text: str
    at: datetime
    """Aware moment at which it was said."""
    question: str = ""
    """What it asks or answers, where that is one of our questions."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that the person adds to what they say."""

    name: str
    media_type: str
    content: bytes


# What a person may say of themselves; none of it is needed.
def compose(  # noqa: PLR0913
    turns: Sequence[Turn],
    *,
    conversation: str,
    recipient: str,
    name: str = "",
    address: str = "",
    enclosures: Sequence[Enclosure] = (),
) -> tuple[bytes, Envelope]:
    """One RFC 5322 mail of a conversation, and its envelope.

    The same conversation gives the same bytes, so that a second delivery is known. The person's turns come back from
    `parse` as `eigen`, ours as `aangehaald`. Raises ValueError when the person said nothing.
    """
    said = [turn for turn in turns if turn.who == "persoon" and turn.text.strip()]
    if not said:
        raise ValueError("a conversation without a word of the person is no message")
    last = said[-1].at.astimezone(UTC)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _from(name, address)
    mail["To"] = recipient
    mail["Subject"] = "Chatgesprek"
    mail["Date"] = format_datetime(last)
    mail["Message-ID"] = f"<chat-{_token(conversation)}-{len(turns)}@{recipient.rpartition('@')[2] or 'chat.invalid'}>"
    mail.set_content(_written(turns), charset="utf-8", cte="base64")
    for one in enclosures:
        main, _, sub = one.media_type.partition("/")
        mail.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
    if enclosures:
        # The library would draw the boundary by lot, and the same conversation must give the same bytes.
        mail.set_boundary(f"gesprek-{hashlib.sha256(mail['Message-ID'].encode()).hexdigest()[:32]}")
    envelope = Envelope(channel="chat", sender=address, recipients=(recipient,), received=last)
    return mail.as_bytes(), envelope


def passages(text: str) -> tuple[Passage, ...]:
    """The passages of a conversation's text: lines with our mark are quoted, all others are the person's own."""
    found: list[Passage] = []
    start = at = 0
    current: Role | None = None
    for line in text.splitlines(keepends=True):
        role: Role = "aangehaald" if line.startswith(">") else "eigen"
        role = current if current is not None and not line.strip() else role
        if current is not None and role != current:
            found.append(Passage(start, at, current))
            start = at
        current, at = role, at + len(line)
    if current is not None:
        found.append(Passage(start, at, current))
    return tuple(found)


def visitor(party: Party) -> Party:
    """The person behind a conversation; the stand-in address is taken away again."""
    return Party(party.name, "") if party.address.endswith(_NO_DOMAIN) else party


def _from(name: str, address: str) -> Address | str:
    shown = " ".join(name.split())[:200]
    local, _, domain = (address or _NO_ADDRESS).rpartition("@")
    try:
        return Address(display_name=shown, username=local, domain=domain)
    except (ValueError, IndexError):
        # An address that a visitor mistyped must not lose the conversation; it stands readable in the name.
        local, _, domain = _NO_ADDRESS.rpartition("@")
        return Address(
            display_name=f"{shown} ({' '.join(address.split())[:200]})".strip(), username=local, domain=domain
        )


def _token(conversation: str) -> str:
    return "".join(letter for letter in conversation if letter.isascii() and (letter.isalnum() or letter in "-_"))[:80]


def _written(turns: Sequence[Turn]) -> str:
    blocks: list[str] = []
    for turn in turns:
        lines = turn.text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
        if turn.who == "wij":
            blocks.append("\n".join(f"{_OURS}{line}".rstrip() for line in lines))
        else:
            # A space keeps a person's own ">" from being read as our mark.
            blocks.append("\n".join(f" {line}" if line.startswith(">") else line for line in lines))
    return "\n\n".join(blocks) + "\n"
