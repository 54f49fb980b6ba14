"""What makes two mails the same mail."""

import hashlib
import re

# A header runs on in the lines that begin with white space.
_HEADER = re.compile(rb"^(message-id|date|from)[ \t]*:(.*(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_END_OF_HEADERS = re.compile(rb"\r?\n[ \t]*\r?\n")


def digest(raw: bytes) -> str:
    """SHA-256 of the bytes, in hex."""
    return hashlib.sha256(raw).hexdigest()


def message_id(raw: bytes) -> str:
    """The Message-ID as it stands, without angle brackets; empty when there is none."""
    return _fields(raw).get(b"message-id", b"").strip(b"<> \t\r\n").decode("latin-1")


def twin(raw: bytes) -> str | None:
    """A mark that a mail keeps when it comes by another way, or None when it has no Message-ID.

    Message-ID alone would not do: programs repeat theirs, and a complaint must never vanish behind a stranger's
    number. So author, date and body count as well, and everything that is added on the way does not.
    """
    fields = _fields(raw)
    if not fields.get(b"message-id"):
        return None
    parts = _END_OF_HEADERS.split(raw, maxsplit=1)
    # Servers fold, trim and end lines in their own way, so blanks do not count.
    body = b"".join(parts[1].split()) if len(parts) > 1 else b""
    named = [b"".join(fields.get(name, b"").split()) for name in (b"message-id", b"date", b"from")]
    return hashlib.sha256(b"\0".join([*named, body])).hexdigest()


def _fields(raw: bytes) -> dict[bytes, bytes]:
    end = _END_OF_HEADERS.search(raw)
    head = raw[: end.start()] if end else raw
    found: dict[bytes, bytes] = {}
    for match in _HEADER.finditer(head):
        found.setdefault(match[1].lower(), match[2].strip())
    return found
