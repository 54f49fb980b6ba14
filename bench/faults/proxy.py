"""What stands between two programs: it passes bytes on, slowly, not at all, or something else instead."""

import asyncio
import random
import threading
from contextlib import suppress
from typing import Literal

Mood = Literal["passes", "slow", "hangs", "drops", "nonsense"]


class Proxy:
    """A TCP proxy on a free port, in a thread of its own; `mood` may change at any moment."""

    def __init__(self, host: str, port: int) -> None:
        self.target = host, port
        self.mood: Mood = "passes"
        self.delay = 0.0
        """Seconds that every piece takes longer while it is slow."""
        self.port = 0
        self.cuts = 0
        """Connections that were cut."""
        self._loop = asyncio.new_event_loop()
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Listens."""
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        """Ends it with all its connections; one that was never started has none."""
        if not self._thread.is_alive():
            self._loop.close()
            return
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def cut(self, share: float = 1.0) -> None:
        """Breaks this share of the connections, in the middle of whatever they carry."""
        self._loop.call_soon_threadsafe(self._cut, share)

    def _cut(self, share: float) -> None:
        for pair in list(self._pairs):
            if random.random() < share:
                self.cuts += 1
                for one in pair:
                    one.transport.abort()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._meet, "127.0.0.1", 0))
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
        if self.mood == "drops":
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, far_writer)
        self._pairs.add(pair)
        ways = self._pass(reader, far_writer, back=False), self._pass(far_reader, writer, back=True)
        try:
            await asyncio.gather(*ways)
        finally:
            self._pairs.discard(pair)
            for one in pair:
                one.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, back: bool) -> None:
        with suppress(OSError):
            while piece := await reader.read(65536):
                while self.mood == "hangs":  # noqa: ASYNC110 - the mood is set from another thread.
                    await asyncio.sleep(0.05)
                if self.mood == "slow":
                    await asyncio.sleep(self.delay)
                if self.mood == "nonsense" and back:
                    piece = random.randbytes(min(len(piece), 400)) + b"\r\n"
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()
