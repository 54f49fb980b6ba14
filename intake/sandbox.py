"""Mails of which nobody can say beforehand what they cost are read in other processes, within time and memory."""

import atexit
import contextlib
import os
import queue
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from intake import cell, wire
from intake.contents import Reach
from intake.message import Envelope, Message

LANES = 2
# The kernel of the sandbox holds the bounds; so much longer we wait for it before we end it from here.
_PATIENCE = 5.0
_ROOT = str(Path(__file__).resolve().parent.parent)
_START = f"import sys; sys.path.insert(0, {_ROOT!r}); import intake.cell; intake.cell.serve()"


class OverrunError(Exception):
    """The mail could not be read within its bounds; the message says in Dutch which one."""


class _Lane:
    """One sandbox process, started when it is first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, raw: bytes, envelope: bytes, reach: Reach) -> bytes:
        """The answer of the sandbox without its mark, or the outcome `R` when it died itself."""
        mark = os.urandom(cell.MARK)
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for frame in (mark, envelope, reach.encode("ascii"), raw):
                cell.send(process.stdin.fileno(), frame)
            until = time.monotonic() + cell.SECONDS[reach] + _PATIENCE
            answer = _received(process.stdout.fileno(), until)
            # The answer to a question that was given up must never be taken for that to this one.
            while answer is not None and answer[: cell.MARK] != mark:
                answer = _received(process.stdout.fileno(), until)
        except OSError:
            answer = None
        if answer is None:
            self.close()
            return b"R"
        return answer[cell.MARK :]

    def start(self) -> None:
        self._running()

    def _running(self) -> subprocess.Popen[bytes]:
        # After a fork the pipes belong to the parent; a child needs a sandbox of its own.
        if self._owner != os.getpid():
            self._process, self._owner = None, os.getpid()
        if self._process is None or self._process.poll() is not None:
            self.close()
            # The program is our own and no word of a mail comes near its arguments.
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", "-c", _START],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        return self._process

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


class Sandbox:
    """Some lanes, each for one mail at a time; whoever finds none free waits. Safe for threads."""

    def __init__(self, lanes: int = LANES) -> None:
        self._all = [_Lane() for _ in range(lanes)]
        self._free: queue.LifoQueue[_Lane] = queue.LifoQueue()
        for lane in reversed(self._all):
            self._free.put(lane)

    def understand(self, raw: bytes, envelope: Envelope) -> Message:
        """What `intake.understand` makes of the mail. Raises OverrunError.

        When the readers of attachments overrun their bounds, the mail is read without them and a fault says so.
        """
        lane = self._free.get()
        try:
            outward = wire.envelope_out(envelope)
            answer = lane.ask(raw, outward, "full")
            if answer[:1] != b"M":
                answer = lane.ask(raw, outward, "bare")
            if answer[:1] == b"M":
                return wire.message_in(answer[1:], envelope)
        except (ValueError, KeyError, TypeError):
            lane.close()
            raise OverrunError("het antwoord van de afgeschermde lezer klopte niet") from None
        finally:
            self._free.put(lane)
        if answer[:1] == b"E":
            raise OverrunError(answer[1:60].decode("ascii", "replace"))
        raise OverrunError("het vroeg te veel tijd" if answer == b"T" else "het vroeg te veel geheugen")

    def warm(self) -> None:
        """Start the processes now, so that no mail waits for that."""
        for lane in self._all:
            lane.start()

    def close(self) -> None:
        """End the processes; they start again when somebody asks."""
        for lane in self._all:
            lane.close()


def _received(fd: int, until: float) -> bytes | None:
    """One frame, or None when the sandbox hangs up or says nothing until then."""
    octets, wanted = b"", 4
    pieces: list[bytes] = []
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    while wanted:
        left = until - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            return None
        piece = os.read(fd, min(wanted, 1 << 20))
        if not piece:
            return None
        pieces.append(piece)
        wanted -= len(piece)
        if not wanted and not octets:
            octets = b"".join(pieces)
            pieces, wanted = [], int.from_bytes(octets, "big")
    return b"".join(pieces)


SANDBOX = Sandbox()
"""The sandbox of this process."""

atexit.register(SANDBOX.close)
