"""The SMTP and LMTP door: refuse strangers at RCPT, keep the bytes, and only then say "250"."""

import asyncio
import logging
from collections.abc import Iterable
from datetime import UTC, datetime

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Transaction

from intake.message import Channel, Envelope, Keep, Receipt

_log = logging.getLogger("klachtwijzer.intake.smtp")

_LINE_BYTES = 65_536
_NULL_SENDER = "<>"
_LAST_WORDS_SECONDS = 0.05


class _Mailbox:
    """Which recipients are ours: the configured addresses, their plus-addresses, and each domain's postmaster."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._addresses = frozenset(address.strip().lower() for address in addresses if address.strip())
        self._domains = frozenset(address.rpartition("@")[2] for address in self._addresses)

    def takes(self, address: str) -> bool:
        local, _, domain = address.lower().rpartition("@")
        if not local:
            # RFC 5321 §4.5.1 asks that "postmaster" without a domain is accepted.
            return domain == "postmaster"
        if local == "postmaster":
            return domain in self._domains
        # What stands behind "+" is the signed token of a reply address; who holds it, the register says later.
        return f"{local.partition('+')[0]}@{domain}" in self._addresses


class _Reception:
    """What the protocol asks about each mail, with the answers as SMTP replies."""

    def __init__(self, keep: Keep, mailbox: _Mailbox, channel: Channel) -> None:
        self._keep = keep
        self._mailbox = mailbox
        self._channel: Channel = channel
        self.pending: set[asyncio.Task[Receipt]] = set()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so.
        self, server: SMTP, session: Session, envelope: Transaction, address: str, options: list[str]
    ) -> str:
        if not self._mailbox.takes(address):
            return "550 5.7.1 This server does not take mail for that address"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Transaction) -> str:  # noqa: N802
        sender = envelope.mail_from or ""
        arrival = Envelope(
            channel=self._channel,
            sender="" if sender == _NULL_SENDER else _printable(sender),
            recipients=tuple(_printable(address) for address in dict.fromkeys(envelope.rcpt_tos)),
            received=datetime.now(UTC),
            peer=_peer(session),
        )
        raw = envelope.original_content or b""
        # A client that hangs up must not tear a transaction that is half written, so the keeping is shielded.
        keeping = asyncio.ensure_future(self._keep(raw, arrival))
        self.pending.add(keeping)
        keeping.add_done_callback(self._settled)
        try:
            receipt = await asyncio.shield(keeping)
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


class _SmtpSession(SMTP):
    """One SMTP connection; long lines are taken, as many programs write them."""

    line_length_limit = _LINE_BYTES
    ended = False

    def connection_lost(self, error: Exception | None) -> None:
        self.ended = True
        super().connection_lost(error)


class _LmtpSession(_SmtpSession, LMTP):
    """One LMTP connection; RFC 2033 §4.2 wants one reply per accepted recipient behind the data."""

    _owed = 0

    async def push(self, status: str | bytes) -> None:
        text = status.decode("ascii", "replace") if isinstance(status, bytes) else status
        owed, self._owed = self._owed, 0
        if text.startswith("354") and self.envelope is not None:
            self._owed = len(self.envelope.rcpt_tos)
        elif owed > 1:
            text = "\r\n".join([text] * owed)
        await super().push(text)


class _Full(asyncio.Protocol):
    """A connection beyond the cap: told to come back, and closed."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 4.3.2 Too many connections, please try again later\r\n")
            transport.close()


class SmtpDoor:
    """Listens for mail in the running event loop.

    "250" is said only after `keep` returned; when it raises, the sender hears 451 and keeps the mail. Mail for other
    addresses than `recipients` is refused, so nothing is ever relayed. `port` 0 takes a free port; `port` tells which
    one after `start`.
    """

    def __init__(  # noqa: PLR0913 - a door has this many settings, and each is named by its caller.
        self,
        keep: Keep,
        *,
        host: str,
        port: int,
        recipients: Iterable[str],
        size_limit: int,
        lmtp: bool = False,
        hostname: str = "localhost",
        connections: int = 100,
        idle_seconds: float = 300.0,
    ) -> None:
        self._host = host
        self._size_limit = size_limit
        self._lmtp = lmtp
        self._hostname = hostname
        self._connections = connections
        self._idle_seconds = idle_seconds
        self._reception = _Reception(keep, _Mailbox(recipients), "lmtp" if lmtp else "smtp")
        self._server: asyncio.Server | None = None
        self._open: set[_SmtpSession] = set()
        self.port = port

    async def start(self) -> None:
        """Begin to listen; raises OSError when the address is taken."""
        # At lower levels the library would write lines of the mails into the log.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, self._host, self.port, backlog=256)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening, let mails that are being kept be kept, and close the connections."""
        if self._server is None:
            return
        self._server.close()
        if self._reception.pending:
            await asyncio.wait(set(self._reception.pending))
            # A moment lets the sessions say "250" for what was just kept.
            await asyncio.sleep(_LAST_WORDS_SECONDS)
        for session in list(self._open):
            if session.transport is not None:
                session.transport.close()
        await self._server.wait_closed()
        self._server = None

    def _connection(self) -> asyncio.BaseProtocol:
        self._open = {session for session in self._open if not session.ended}
        if len(self._open) >= self._connections:
            return _Full()
        kind = _LmtpSession if self._lmtp else _SmtpSession
        session = kind(
            self._reception,
            data_size_limit=self._size_limit,
            enable_SMTPUTF8=True,
            hostname=self._hostname,
            ident="klachtwijzer",
            timeout=self._idle_seconds,
            loop=asyncio.get_running_loop(),
        )
        self._open.add(session)
        return session


def _peer(session: Session) -> str:
    peer = session.peer
    return str(peer[0]) if isinstance(peer, tuple) and peer else str(peer or "")


def _printable(address: str) -> str:
    """An address without half characters, which no database could store."""
    return address.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
