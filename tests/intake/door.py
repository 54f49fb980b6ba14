"""A door over real sockets for the tests of intake, and what stands behind it."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

import aiosmtplib

from intake.message import Envelope, Receipt
from intake.smtp import SmtpDoor
from tests.intake.written import OURS

SECOND = "meldpunt@opgroeien.example"
FROM = "els@telenet.example"
HEAD = b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<" + OURS.encode() + b">\r\nDATA\r\n"


class Shelf:
    """Keeps mails in memory; fails or waits when told to."""

    def __init__(self) -> None:
        self.kept: list[tuple[bytes, Envelope]] = []
        self.broken = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def keep(self, raw: bytes, envelope: Envelope) -> Receipt:
        await self.gate.wait()
        if self.broken:
            raise ConnectionError("geheime woorden uit de mail")
        self.kept.append((raw, envelope))
        return Receipt(hashlib.sha256(raw).hexdigest(), known=False)


Opener = Callable[..., Awaitable[SmtpDoor]]


async def post(door: SmtpDoor, raw: bytes, sender: str = FROM, to: tuple[str, ...] = (OURS,), **more: bool) -> str:
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=door.port, use_tls=False, start_tls=False)
    async with client:
        await client.ehlo()
        await client.mail(sender, options=["SMTPUTF8"] if more.get("smtputf8") else None, encoding="utf-8")
        for address in to:
            await client.rcpt(address, encoding="utf-8")
        return str((await client.data(raw)).code)


async def talk(door: SmtpDoor, *lines: bytes, until: int) -> list[str]:
    """Send lines at once and return the first `until` reply lines."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(b"".join(lines))
    replies = [(await asyncio.wait_for(reader.readline(), 5)).decode().rstrip() for _ in range(until)]
    writer.close()
    await writer.wait_closed()
    return replies


async def last_words(reader: asyncio.StreamReader) -> bytes:
    """All that the door says until it closes the line, however rudely."""
    said = b""
    try:
        while more := await asyncio.wait_for(reader.read(4096), 5):
            said += more
    except ConnectionError:
        pass
    return said
