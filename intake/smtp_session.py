"""One SMTP or LMTP connection: what stands between the commands, how long it may last, and where a mail ends."""

import asyncio
import re
import ssl
from dataclasses import dataclass
from typing import Literal

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, syntax

from intake.reception import Login, Reception, Room

_CHUNK = 65_536
_END = b"\r\n.\r\n"
# Servers disagree on what a lone LF, a lone CR or CR CR LF means, and mails were smuggled through that gap. Here
# none of them ends a mail, and none is left standing for a program behind us to read in its own way.
_LINE_END = re.compile(rb"\r*\n|\r")
# Beyond so many times the limit one does not read on to say politely that it is too much.
_DRAINED = 3
_CALLS = {
    "AUTH": 4,
    "STARTTLS": 4,
    "HELO": 50,
    "EHLO": 50,
    "LHLO": 50,
    "NOOP": 100,
    "VRFY": 20,
    "EXPN": 20,
    "HELP": 20,
    "*": 1_000_000_000,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for each connection of a door."""

    hostname: str
    size_limit: int
    idle_seconds: float
    """How long a client may be silent, and how long one command may take."""
    data_seconds: float
    """How long the words of one mail may take, however busily they drip."""
    keep_seconds: float
    login: Login | None = None


class SmtpSession(SMTP):
    """One SMTP connection; lines of any length are taken, as many programs write them."""

    line_length_limit = _CHUNK
    ended = False

    def __init__(self, reception: Reception, terms: Terms, room: Room, context: ssl.SSLContext | None) -> None:
        self.login = terms.login
        self._terms = terms
        self._room = room
        self._deadline = 0.0
        super().__init__(
            reception,
            data_size_limit=terms.size_limit,
            enable_SMTPUTF8=True,
            hostname=terms.hostname,
            ident="klachtwijzer",
            timeout=terms.idle_seconds,
            tls_context=context,
            authenticator=terms.login,
            auth_required=terms.login is not None,
            auth_exclude_mechanism=() if terms.login else ("LOGIN", "PLAIN"),
            command_call_limit=_CALLS,
            loop=asyncio.get_running_loop(),
        )

    def connection_lost(self, error: Exception | None) -> None:
        self.ended = True
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """While a mail comes in, each piece shows that the client lives; commands get one span of time each."""
        if self._deadline:
            left = self._deadline - self.loop.time()
            self._reset_timeout(max(0.001, min(self._terms.idle_seconds, left)))
        super().data_received(data)

    async def push(self, status: str | bytes) -> None:
        """Sends a reply; behind 421 the line is closed, as it says."""
        await super().push(status if isinstance(status, bytes) else status.encode())
        if status[:3] in ("421", b"421") and self.transport is not None:
            self.transport.close()

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd calls it so.
        """The mail itself: in pieces, not line by line, so that no length of line is too much."""
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        transaction = self.envelope
        if transaction is None or not transaction.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        held: list[int] = []
        try:
            content = await self._content(held)
            if isinstance(content, bytes):
                transaction.content = transaction.original_content = content
                self._reset_timeout(self._terms.keep_seconds + self._terms.idle_seconds)
                status = await self._call_handler_hook("DATA")
                self._reset_timeout()
            else:
                status = _REFUSALS[content]
        finally:
            self._room.give(sum(held))
        self.envelope = self._create_envelope()
        await self.push(status)

    async def _content(self, held: list[int]) -> "bytes | Refusal":
        """The mail up to its end, or why it is not taken; `held` tells the room that it fills, piece by piece."""
        # The line end of the command itself is the first half of the mark of an empty mail (RFC 5321 §4.1.1.4).
        waiting: bytearray = vars(self._reader)["_buffer"]
        waiting[:0] = b"\r\n"
        pieces: list[bytes] = []
        size, refusal, ended = -len(_END), None, False
        self._deadline = self.loop.time() + self._terms.data_seconds
        try:
            while not ended:
                try:
                    piece, ended = await self._reader.readuntil(_END), True
                except asyncio.LimitOverrunError as full:
                    piece = await self._reader.readexactly(full.consumed)
                size += len(piece)
                refusal = refusal or self._refusal(size, len(piece))
                if refusal is None:
                    held.append(len(piece))
                    pieces.append(piece)
                else:
                    pieces.clear()
                    if size > _DRAINED * self._terms.size_limit:
                        return "endless"
        finally:
            self._deadline = 0.0
            self._reset_timeout()
        return refusal or _unpacked(b"".join(pieces))

    def _refusal(self, size: int, more: int) -> "Refusal | None":
        if size > self._terms.size_limit:
            return "large"
        return None if self._room.take(more) else "full"

    def _timeout_cb(self) -> None:
        """Ends a connection whose client is too slow; one that does not even read its replies is cut."""
        transport = self.transport
        if not isinstance(transport, asyncio.WriteTransport):
            return
        if transport.get_write_buffer_size():
            transport.abort()
            return
        transport.write(b"421 4.4.2 Timeout, goodbye\r\n")
        transport.close()


class LmtpSession(SmtpSession, LMTP):
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


class Full(asyncio.Protocol):
    """A connection beyond the cap: told to come back, and closed."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 4.3.2 Too many connections, please try again later\r\n")
            transport.close()


Refusal = Literal["large", "full", "endless"]
_REFUSALS: dict[Refusal, str] = {
    "large": "552 5.3.4 The mail is larger than this server takes",
    "full": "452 4.3.1 Too many mails at once, please try again later",
    "endless": "421 4.3.4 The mail has no end, goodbye",
}


def _unpacked(sent: bytes) -> bytes:
    """The mail as it was before it was sent: without the end mark, without doubled dots, with one kind of line end."""
    plain = sent[: -len(b".\r\n")].replace(b"\r\n.", b"\r\n")[2:]
    if not plain.count(b"\r\n") == plain.count(b"\n") == plain.count(b"\r"):
        # Seldom needed, so that the bytes of nearly every mail, and its signatures, stay as they came.
        plain = _LINE_END.sub(b"\r\n", plain)
    return plain
