"""The head of a mail: who wrote to whom, when, in answer to what."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime

from intake.charset import header
from intake.message import Party

# The headers that travel on in `Message.headers`, for triage, threading and the guard against loops.
KEPT = frozenset(
    (
        *(
            "authentication-results",
            "auto-submitted",
            "content-language",
            "content-type",
            "delivered-to",
            "feedback-id",
        ),
        *("in-reply-to", "list-id", "list-post", "list-unsubscribe", "precedence", "references", "reply-to"),
        *("return-path", "sender", "thread-topic", "user-agent", "x-auto-response-suppress", "x-autoreply"),
        *("x-autorespond", "x-failed-recipients", "x-klachtwijzer", "x-loop", "x-mail-autoreply", "x-mailer"),
        *("x-priority", "x-spam-flag", "x-spam-status"),
    )
)

_KEPT_LENGTH = 2000
_ADDRESS_LENGTH = 320
_NAME_LENGTH = 200
_SUBJECT_LENGTH = 2000
_PARTIES = 100
_IDS = 100

_ID = re.compile(r"<([^<>\s]{1,500})>")
_ANGLED = re.compile(r"^(.*)<([^<>]*)>[^<]*$", re.DOTALL)
_COMMENT = re.compile(r"^(\S+@\S+)\s+\(([^()]*)\)$")


@dataclass(frozen=True, slots=True)
class Head:
    """The readable head of one mail (or of a mail inside a mail)."""

    fields: Mapping[str, str]
    """First value of every header, names lower-cased, still raw."""

    def text(self, name: str, limit: int = _SUBJECT_LENGTH) -> str:
        """The decoded first value of a header, cut to `limit`; empty when the header is missing."""
        raw = self.fields.get(name, "")
        return header(raw[: limit * 4])[:limit] if raw else ""

    @property
    def sender(self) -> Party:
        return party(self.fields.get("from", "") or self.fields.get("sender", ""))

    @property
    def reply_to(self) -> Party | None:
        raw = self.fields.get("reply-to", "")
        found = party(raw) if raw else None
        return found if found and found.address else None

    @property
    def recipients(self) -> tuple[Party, ...]:
        raw = [self.fields[name][:20_000] for name in ("to", "cc") if self.fields.get(name)]
        pairs = getaddresses(raw)[:_PARTIES]
        return tuple(Party(_name(name), _address(address)) for name, address in pairs if "@" in address)

    @property
    def message_id(self) -> str:
        raw = self.text("message-id", 998)
        found = _ID.search(raw)
        return found[1] if found else "".join(raw.strip("<>").split())

    @property
    def in_reply_to(self) -> tuple[str, ...]:
        return self._ids("in-reply-to")

    @property
    def references(self) -> tuple[str, ...]:
        return self._ids("references")

    @property
    def sent(self) -> datetime | None:
        return moment(self.text("date", 200))

    def kept(self) -> dict[str, str]:
        """The headers that travel on, decoded and bounded."""
        return {name: self.text(name, _KEPT_LENGTH) for name in self.fields if name in KEPT}

    def _ids(self, name: str) -> tuple[str, ...]:
        # The newest ancestors stand last, and they are the ones that name our own letters.
        found = _ID.findall(header(self.fields.get(name, "")[-50_000:]))
        return tuple(dict.fromkeys(found[-_IDS:]))


def head(items: Iterable[tuple[str, object]]) -> Head:
    """The head from raw header items, as the standard parser yields them."""
    fields: dict[str, str] = {}
    for name, value in items:
        fields.setdefault(name.lower(), str(value))
    return Head(fields)


def party(raw: str) -> Party:
    """The person behind a From or Reply-To value; unquoted commas and eight-bit names are understood as well."""
    raw = raw[:4000]
    angled = _ANGLED.match(raw)
    if angled and "@" in angled[2]:
        return Party(_name(angled[1].rstrip("< ")), _address(angled[2]))
    plain = header(raw)
    comment = _COMMENT.match(plain)
    if comment:
        return Party(_name(comment[2]), _address(comment[1]))
    bare = plain.strip("<> ")
    if "@" in bare and " " not in bare:
        return Party("", _address(bare))
    for name, address in getaddresses([plain])[:5]:
        if "@" in address:
            return Party(_name(name), _address(address))
    return Party(_name(plain), "")


def moment(raw: str) -> datetime | None:
    """The aware moment that a Date header names, or None when nobody can tell."""
    if not raw:
        return None
    try:
        found = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if not 1970 < found.year < 2200:
        return None
    # RFC 5322 §3.3: "-0000" tells the time in UTC without naming a zone; a missing zone is read the same way.
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _name(raw: str) -> str:
    name = header(raw).strip()
    if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1]
    return name.replace('\\"', '"').replace("\\\\", "\\").strip()[:_NAME_LENGTH]


def _address(raw: str) -> str:
    return "".join(header(raw).split())[:_ADDRESS_LENGTH]
