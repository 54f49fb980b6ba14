"""Hands many mails over SMTP through many connections, again and again until each is answered "250"."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

OURS = "klachten@opgroeien.example"
_WORDS = b"Al weken belt niemand van de dienst ons terug, en op onze brieven komt geen antwoord.\r\n"

_PAUSE = 0.05


def made(number: int, size: int) -> list[bytes]:
    """So many different mails of about `size` bytes."""
    head = (
        b"From: Els Nijs <els@telenet.example>\r\nTo: %s\r\nSubject: Klacht\r\nMessage-ID: <%d@proef.example>\r\n\r\n"
    )
    filled = _WORDS * (size // len(_WORDS) + 1)
    return [head % (OURS.encode(), one) + b"Brief %d.\r\n" % one + filled for one in range(number)]


@dataclass(slots=True)
class Posting:
    """What was handed over so far."""

    waiting: deque[bytes]
    accepted: list[bytes] = field(default_factory=list)
    refused: int = 0
    """Times that the server said "not now"."""
    broken: int = 0
    """Times that a connection broke."""
    begun: float = 0.0
    ended: float = 0.0

    @property
    def per_second(self) -> float:
        """Mails a second from the first connection to the last "250"."""
        return len(self.accepted) / (self.ended - self.begun)


async def post(host: str, port: int, posting: Posting, connections: int, *, patience: float = 300.0) -> Posting:
    """All waiting mails, each offered until it is accepted; raises TimeoutError when that takes too long."""
    posting.begun = time.monotonic()
    async with asyncio.timeout(patience):
        await asyncio.gather(*(_client(host, port, posting) for _ in range(connections)))
    posting.ended = time.monotonic()
    return posting


async def _client(host: str, port: int, posting: Posting) -> None:
    while posting.waiting:
        mail: bytes | None = None
        try:
            reader, writer = await asyncio.open_connection(host, port)
            try:
                await _replies(reader, 1)
                writer.write(b"EHLO proef.example\r\n")
                await _replies(reader, 1)
                while posting.waiting:
                    mail = posting.waiting.popleft()
                    if await _hand_over(reader, writer, mail):
                        posting.accepted.append(mail)
                    else:
                        posting.refused += 1
                        posting.waiting.append(mail)
                        await asyncio.sleep(_PAUSE)
                    mail = None
            finally:
                writer.transport.abort()
        except (OSError, asyncio.IncompleteReadError):
            posting.broken += 1
            await asyncio.sleep(_PAUSE)
        if mail is not None:
            # Nobody knows whether it was kept, so it is offered again, as every mail server would.
            posting.waiting.append(mail)


async def _hand_over(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, mail: bytes) -> bool:
    writer.write(b"MAIL FROM:<els@telenet.example>\r\nRCPT TO:<%s>\r\nDATA\r\n" % OURS.encode())
    codes = await _replies(reader, 3)
    if codes != [b"250", b"250", b"354"]:
        raise ConnectionError("the server is not ready for mail")
    writer.write(mail + b".\r\n")
    return await _replies(reader, 1) == [b"250"]


async def _replies(reader: asyncio.StreamReader, number: int) -> list[bytes]:
    codes: list[bytes] = []
    while len(codes) < number:
        line = await reader.readuntil(b"\n")
        if line[3:4] != b"-":
            codes.append(line[:3])
    return codes
