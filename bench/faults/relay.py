"""A relay that takes letters, or hangs, drops, refuses and talks nonsense, and remembers what it had."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Literal

Mood = Literal["takes", "hangs", "hangs at the end", "drops", "drops at the end", "refuses", "nonsense"]
MOODS: tuple[Mood, ...] = ("drops", "drops at the end", "refuses", "nonsense", "hangs at the end", "hangs")


class Relay:
    """A mail server of our own on a free port, in a thread of its own; `mood` may change at any moment."""

    def __init__(self, host: str = "127.0.0.1", *, hear: Callable[[bytes], None] | None = None) -> None:
        self.host, self.hear = host, hear
        """`hear` is given each letter that was taken."""
        self.mood: Mood = "takes"
        self.port = 0
        self.taken: list[bytes] = []
        """Letters that it had whole and took upon itself."""
        self.dropped: list[bytes] = []
        """Letters that it had whole and said nothing about."""
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        """As `KLACHTWIJZER_RELAY` wants it."""
        return f"smtp://{self.host}:{self.port}"

    def had(self) -> Counter[str]:
        """How often each Message-ID arrived whole, whatever was answered."""
        heads = [BytesHeaderParser(policy=compat32).parsebytes(one) for one in [*self.taken, *self.dropped]]
        return Counter(str(head["Message-ID"]).strip().strip("<>") for head in heads)

    def start(self) -> None:
        """Listens."""
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        """Ends it with all its connections."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._meet, self.host, 0))
        self.port = int(server.sockets[0].getsockname()[1])
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        with suppress(RuntimeError):
            self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mood = self.mood
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await self._talk(reader, writer, mood)
        writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, mood: Mood) -> None:
        if mood == "hangs":
            await self._hang(mood)
            return
        writer.write(b"\xff\x00 welkom ?\r\n" if mood == "nonsense" else b"220 relay.example\r\n")
        while line := await reader.readline():
            word = line[:4].upper().strip()
            if mood == "nonsense":
                writer.write(b"999-\x00\xfe alsof\r\n12\r\n")
            elif mood == "drops" and word == b"MAIL":
                return
            elif mood == "refuses" and word == b"RCPT":
                writer.write(b"451 4.3.0 nu niet\r\n")
            elif word == b"DATA":
                writer.write(b"354 ga verder\r\n")
                letter = await reader.readuntil(b"\r\n.\r\n")
                if mood.endswith("at the end"):
                    self.dropped.append(letter)
                    await self._hang(mood)
                    return
                self.taken.append(letter)
                writer.write(b"250 2.0.0 genoteerd\r\n")
                if self.hear is not None:
                    self.hear(letter)
            elif word == b"QUIT":
                writer.write(b"221 dag\r\n")
                return
            else:
                writer.write(b"250 relay.example\r\n")

    async def _hang(self, mood: Mood) -> None:
        """Says nothing for as long as the mood lasts; who only drops does not wait."""
        while mood.startswith("hangs") and self.mood == mood:  # noqa: ASYNC110 - set from another thread.
            await asyncio.sleep(0.05)
