"""How a mail that lay in a mailbox or on a disk once arrived, as far as it tells itself."""

from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import compat32

from intake.headers import Head, head, moment
from intake.message import Channel, Envelope

_HEAD_BYTES = 262_144
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def arrival(raw: bytes, channel: Channel, *, now: datetime, received: datetime | None = None) -> Envelope:
    """The envelope of a mail that no SMTP client handed over.

    The sender is its Return-Path, the recipients those whom the last server noted. Without `received` the moment is
    that of the newest Received line, or else of the Date; one in the future or before 1990 is not believed, and then
    it is `now`.
    """
    found = _head(raw)
    moments = (received,) if received else (moment(found.fields.get("received", "").rpartition(";")[2]), found.sent)
    believed = (one for one in moments if one is not None and _EARLIEST < one <= now)
    recipients = (found.text(name, 320).strip("<> ") for name in _DELIVERED)
    return Envelope(
        channel=channel,
        sender=found.text("return-path", 320).strip("<> "),
        recipients=tuple(dict.fromkeys(one for one in recipients if "@" in one)),
        received=next(believed, now).astimezone(UTC),
    )


def _head(raw: bytes) -> Head:
    # The standard parser takes whatever stands before the first blank line; a bound keeps hostile heads cheap.
    start = raw[:_HEAD_BYTES].lstrip(b"\r\n\t ")
    if start.startswith((b"From ", b">From ")):
        start = start.partition(b"\n")[2]
    return head(BytesHeaderParser(policy=compat32).parsebytes(start).raw_items())
