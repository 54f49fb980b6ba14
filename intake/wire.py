"""A `Message` as JSON between the sandbox and us: what comes out of it is read as values, never as objects."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from intake.message import Attachment, Envelope, Message, Party, Passage, Report


def envelope_out(envelope: Envelope) -> bytes:
    """An envelope for the way in."""
    return json.dumps(asdict(envelope) | {"received": envelope.received.isoformat()}).encode("ascii")


def envelope_in(octets: bytes) -> Envelope:
    """The envelope that `envelope_out` wrote."""
    found = json.loads(octets)
    return Envelope(
        found["channel"], found["sender"], tuple(found["recipients"]), _moment(found["received"]), found["peer"]
    )


def message_out(message: Message) -> bytes:
    """A message for the way out, without its envelope, which the asker has."""
    fields = {name: _plain(getattr(message, name)) for name in Message.__dataclass_fields__ if name != "envelope"}
    return json.dumps(fields).encode("ascii")


def message_in(octets: bytes, envelope: Envelope) -> Message:
    """The message that `message_out` wrote. Raises ValueError, KeyError or TypeError when the octets are no message."""
    found: dict[str, Any] = json.loads(octets)
    reply_to = found.pop("reply_to")
    sent = found.pop("sent")
    return Message(
        envelope=envelope,
        sender=Party(**found.pop("sender")),
        reply_to=Party(**reply_to) if reply_to else None,
        sent=_moment(sent) if sent else None,
        recipients=tuple(Party(**one) for one in found.pop("recipients")),
        passages=tuple(Passage(**one) for one in found.pop("passages")),
        attachments=tuple(Attachment(**one | {"warnings": tuple(one["warnings"])}) for one in found.pop("attachments")),
        reports=tuple(Report(**one) for one in found.pop("reports")),
        in_reply_to=tuple(found.pop("in_reply_to")),
        references=tuple(found.pop("references")),
        faults=tuple(found.pop("faults")),
        **found,
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Party | Passage | Attachment | Report):
        return asdict(value)
    return dict(value) if isinstance(value, Mapping) else value


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
