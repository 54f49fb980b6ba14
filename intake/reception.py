"""What the SMTP and LMTP doors answer: whose mail is taken, how much of it, and when "250" is said."""

import asyncio
import hmac
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword, Session
from aiosmtpd.smtp import Envelope as Transaction

from intake.message import Channel, Envelope, Keep, Receipt

_log = logging.getLogger("klachtwijzer.intake.smtp")

_NULL_SENDER = "<>"
_MOST_RECIPIENTS = 1000
_MOST_REFUSALS = 20
_MINUTE = 60.0


class Mailbox:
    """Which recipients are ours: the configured addresses, their plus-addresses, and each domain's postmaster."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._addresses = frozenset(address.strip().lower() for address in addresses if address.strip())
        self._domains = frozenset(address.rpartition("@")[2] for address in self._addresses)

    def takes(self, address: str) -> bool:
        """Whether mail for this address is kept here."""
        local, _, domain = address.lower().rpartition("@")
        if not local:
            # RFC 5321 §4.5.1 asks that "postmaster" without a domain is accepted.
            return domain == "postmaster"
        if local == "postmaster":
            return domain in self._domains
        # What stands behind "+" is the signed token of a reply address; who holds it, the register says later.
        return f"{local.partition('+')[0]}@{domain}" in self._addresses


class Pace:
    """How many mails one peer may hand over in a minute; 0 sets no bound."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._minute = 0
        self._counts: dict[str, int] = {}

    def allows(self, peer: str) -> bool:
        """Counts one more mail of this peer."""
        if not self._per_minute:
            return True
        minute = int(self._clock() / _MINUTE)
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        self._counts[peer] = self._counts.get(peer, 0) + 1
        return self._counts[peer] <= self._per_minute


class Room:
    """The memory that all sessions of a door may fill together with mails in transit, in bytes."""

    def __init__(self, limit: int) -> None:
        self._free = limit

    def take(self, octets: int) -> bool:
        """Claims so much; False, and nothing claimed, when there is no room for it."""
        if octets > self._free:
            return False
        self._free -= octets
        return True

    def give(self, octets: int) -> None:
        """Gives back what was claimed."""
        self._free += octets


@dataclass(frozen=True, slots=True)
class Login:
    """The one name and password with which a client may hand over mail."""

    name: str
    password: str

    def fits(self, name: bytes, password: bytes) -> bool:
        """Compared in a time that tells nothing of where they differ."""
        same_name = hmac.compare_digest(name, self.name.encode())
        return hmac.compare_digest(password, self.password.encode()) and same_name

    # aiosmtpd calls it with these arguments.
    def __call__(
        self, server: SMTP, session: Session, transaction: Transaction, mechanism: str, given: object
    ) -> AuthResult:
        """The answer to AUTH PLAIN and AUTH LOGIN."""
        fits = isinstance(given, LoginPassword) and self.fits(given.login, given.password)
        if not fits:
            _log.warning("login refused at the mail door")
        return AuthResult(success=fits, handled=False)


class Reception:
    """What the protocol asks about each mail, with the answers as SMTP replies."""

    def __init__(self, keep: Keep, mailbox: Mailbox, channel: Channel, pace: Pace, *, keep_seconds: float) -> None:
        self._keep = keep
        self._mailbox = mailbox
        self._channel: Channel = channel
        self._pace = pace
        self._keep_seconds = keep_seconds
        self._refused: WeakKeyDictionary[Session, int] = WeakKeyDictionary()
        self.pending: set[asyncio.Task[Receipt]] = set()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd calls it so, and the next ones too.
        self, server: SMTP, session: Session, transaction: Transaction, hostname: str, replies: list[str]
    ) -> list[str]:
        session.host_name = hostname
        # Only a door with a login offers AUTH; the library would offer it on every TLS connection.
        offered = [reply for reply in replies if getattr(server, "login", None) or not reply.startswith("250-AUTH")]
        return [*offered[:-1], "250-PIPELINING", offered[-1]]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, transaction: Transaction, address: str, options: list[str]
    ) -> str:
        if not self._pace.allows(peer(session)):
            return "450 4.7.1 Too many mails from your address, please try again in a minute"
        transaction.mail_from = address
        transaction.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, transaction: Transaction, address: str, options: list[str]
    ) -> str:
        if not self._mailbox.takes(address):
            self._refused[session] = self._refused.get(session, 0) + 1
            if self._refused[session] > _MOST_REFUSALS:
                return "421 4.7.0 Too many unknown recipients, goodbye"
            return "550 5.7.1 This server does not take mail for that address"
        if len(transaction.rcpt_tos) >= _MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        transaction.rcpt_tos.append(address)
        transaction.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, transaction: Transaction) -> str:  # noqa: N802
        sender = transaction.mail_from or ""
        arrival = Envelope(
            channel=self._channel,
            sender="" if sender == _NULL_SENDER else _printable(sender),
            recipients=tuple(_printable(address) for address in dict.fromkeys(transaction.rcpt_tos)),
            received=datetime.now(UTC),
            peer=peer(session),
        )
        raw = transaction.original_content or b""
        # A client that hangs up must not tear a transaction that is half written, so the keeping is shielded.
        keeping = asyncio.ensure_future(self._keep(raw, arrival))
        self.pending.add(keeping)
        keeping.add_done_callback(self._settled)
        try:
            receipt = await asyncio.wait_for(asyncio.shield(keeping), self._keep_seconds)
        except Exception as trouble:
            _log.error("mail not kept, sender will try again: %s", type(trouble).__name__)
            return "451 4.3.0 The mail could not be kept now; please try again later"
        return f"250 2.0.0 OK kept as {receipt.digest[:16]}"

    async def handle_exception(self, error: Exception) -> str:
        # The library's own answer would repeat the error's words, which may hold words of the mail.
        _log.error("session failed: %s", type(error).__name__)
        return "451 4.3.0 Local error in processing"

    def _settled(self, keeping: asyncio.Task[Receipt]) -> None:
        self.pending.discard(keeping)
        # Reading the exception also stops asyncio from printing it with its words.
        if not keeping.cancelled() and keeping.exception() is not None:
            _log.debug("keeping ended with an error")


def peer(session: Session) -> str:
    """The address of the other side."""
    found = session.peer
    return str(found[0]) if isinstance(found, tuple) and found else str(found or "")


def _printable(address: str) -> str:
    """An address without half characters, which no database could store."""
    return address.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
