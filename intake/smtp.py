"""The SMTP and LMTP door: refuse strangers at RCPT, keep the bytes, and only then say "250"."""

import asyncio
import logging
import ssl
from collections.abc import Iterable
from pathlib import Path

from intake.message import Keep
from intake.reception import Login, Mailbox, Pace, Reception, Room
from intake.smtp_session import Full, LmtpSession, SmtpSession, Terms

_log = logging.getLogger("klachtwijzer.intake.smtp")

_LAST_WORDS_SECONDS = 0.05
_FAREWELL_SECONDS = 2.0
# Mails in transit fill no more memory than this, whatever the size limit and the number of clients.
_ROOM_BYTES = 512_000_000


class Certificate:
    """The server's certificate and key on disk, in PEM; a renewed pair is used from the next connection on."""

    def __init__(self, chain: Path, key: Path) -> None:
        """Raises OSError (ssl.SSLError among them) when the files cannot be used."""
        self._chain, self._key = chain, key
        self._stamp = self._stamps()
        self._context = self._load()

    def context(self) -> ssl.SSLContext:
        """The TLS context in force; a new pair that cannot be used leaves the former one in place."""
        try:
            if (stamp := self._stamps()) != self._stamp:
                self._stamp = stamp
                self._context = self._load()
        except OSError as trouble:
            _log.error("renewed certificate cannot be used: %s", type(trouble).__name__)
        return self._context

    def _stamps(self) -> tuple[int, int]:
        return self._chain.stat().st_mtime_ns, self._key.stat().st_mtime_ns

    def _load(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._chain, self._key)
        return context


class SmtpDoor:
    """Listens for mail in the running event loop.

    "250" is said only after `keep` returned; when it raises or takes longer than `keep_seconds`, the sender hears 451
    and keeps the mail. Mail for other addresses than `recipients` is refused, so nothing is ever relayed. Only
    CR LF . CR LF ends a mail, and its line ends become CR LF. `port` 0 takes a free port; `port` tells which one after
    `start`. With a `certificate` STARTTLS is offered; a `login` must then be given before mail, and only over TLS.
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
        data_seconds: float = 1800.0,
        keep_seconds: float = 120.0,
        per_minute: int = 0,
        certificate: Certificate | None = None,
        login: Login | None = None,
    ) -> None:
        if login is not None and certificate is None:
            raise ValueError("a login needs a certificate: a password is never sent in the clear")
        self.host = host
        self._lmtp = lmtp
        self._connections = connections
        self._certificate = certificate
        self._terms = Terms(hostname, size_limit, idle_seconds, data_seconds, keep_seconds, login)
        self._room = Room(max(_ROOM_BYTES, 2 * size_limit))
        self._reception = Reception(
            keep, Mailbox(recipients), "lmtp" if lmtp else "smtp", Pace(per_minute), keep_seconds=keep_seconds
        )
        self._server: asyncio.Server | None = None
        self._open: set[SmtpSession] = set()
        self.port = port

    async def start(self) -> None:
        """Begin to listen; raises OSError when the address is taken."""
        # At lower levels the library would write lines of the mails into the log.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, self.host, self.port, backlog=256)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening, let mails that are being kept be kept, and close the connections."""
        if self._server is None:
            return
        self._server.close()
        if self._reception.pending:
            await asyncio.wait(set(self._reception.pending), timeout=self._terms.keep_seconds)
            # A moment lets the sessions say "250" for what was just kept.
            await asyncio.sleep(_LAST_WORDS_SECONDS)
        for session in list(self._open):
            if session.transport is not None:
                session.transport.close()
        try:
            await asyncio.wait_for(self._server.wait_closed(), _FAREWELL_SECONDS)
        except TimeoutError:
            # Who does not take leave is shown out.
            for session in list(self._open):
                if isinstance(session.transport, asyncio.WriteTransport):
                    session.transport.abort()
        self._server = None

    def is_open(self) -> bool:
        """Whether connections are taken at this moment."""
        return self._server is not None and self._server.is_serving()

    def _connection(self) -> asyncio.BaseProtocol:
        self._open = {session for session in self._open if not session.ended}
        if len(self._open) >= self._connections:
            return Full()
        kind = LmtpSession if self._lmtp else SmtpSession
        context = self._certificate.context() if self._certificate else None
        session = kind(self._reception, self._terms, self._room, context)
        self._open.add(session)
        return session
