"""Mails in wire form for the tests of intake."""

from datetime import UTC, datetime

from intake.message import Channel, Envelope

OURS = "klachten@opgroeien.example"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def arrival(sender: str = "els@telenet.example", channel: Channel = "smtp") -> Envelope:
    return Envelope(channel=channel, sender=sender, recipients=(OURS,), received=NOON)


def mail(body: str | bytes = "Dag.\r\n", *more: str, subject: str = "Klacht", **replaced: str) -> bytes:
    """A mail with an ordinary head; `more` are further header lines, `replaced` other values of the ordinary ones."""
    head = {
        "From": "Els Nijs <els@telenet.example>",
        "To": OURS,
        "Subject": subject,
        "Date": "Mon, 02 Mar 2026 10:16:00 +0100",
        "Message-ID": "<een@telenet.example>",
    } | {name.replace("_", "-"): value for name, value in replaced.items()}
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    octets = body if isinstance(body, bytes) else body.encode()
    return "\r\n".join([*lines, *more, "", ""]).encode("utf-8", "surrogateescape") + octets


def multipart(subtype: str, *parts: bytes, boundary: str = "grens") -> tuple[str, bytes]:
    """The Content-Type line and the body of a multipart mail."""
    edge = f"--{boundary}".encode()
    body = b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"
    return f'Content-Type: multipart/{subtype}; boundary="{boundary}"', body


def part(kind: str, body: str | bytes, *more: str) -> bytes:
    octets = body if isinstance(body, bytes) else body.encode()
    return "\r\n".join([f"Content-Type: {kind}", *more, "", ""]).encode() + octets
