"""Inside the sandbox: a host without any mail in its memory, and a worker forked from it that reads mails.

The kernel ends a worker that overruns its time or memory, in C code as well; the host then says so in its place and
forks the next one, which is warm at once. A frame is four bytes of length and so many octets.
"""

import mmap
import os
import resource
import signal
from typing import NoReturn

from intake import wire
from intake.contents import Reach
from intake.understand import understand

MEMORY = 300 * 1024 * 1024
# A mail has two tries, which together stay below two seconds: all readers, and without the dangerous ones.
SECONDS: dict[Reach, float] = {"full": 1.4, "bare": 0.5}

_JOBS = 500
_RENEW = 3
_FILES = 64
_IN, _OUT = 0, 1

MARK = 8
"""Octets by which an asker knows the answer to its own question; an answer begins with them.

Behind the mark stands the outcome: `M` and a message, `T` out of time, `R` out of room or dead, `E` and an error.
"""

_IDLE = bytes(MARK)
_IDLE_DEATHS = 5


def serve() -> None:
    """Forks workers until the asker hangs up. Runs as the main program of the sandbox only."""
    out = os.dup(_OUT)
    # Whatever a library prints must not get between the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), _OUT)
    # A key press at the terminal is for the asker, who then hangs up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Here the worker notes what it is at; a worker that dies between two mails owes nobody an answer.
    at_work = mmap.mmap(-1, MARK)
    idle_deaths = 0
    while idle_deaths < _IDLE_DEATHS:
        worker = os.fork()
        if worker == 0:
            _be_worker(out, at_work)
        _, status = os.waitpid(worker, 0)
        ended = os.waitstatus_to_exitcode(status)
        if ended == 0:
            return
        mark, at_work[:] = at_work[:], _IDLE
        if mark != _IDLE:
            send(out, mark + (b"T" if ended in (-signal.SIGALRM, -signal.SIGXCPU) else b"R"))
        idle_deaths = idle_deaths + 1 if mark == _IDLE and ended != _RENEW else 0


def _be_worker(out: int, at_work: mmap.mmap) -> NoReturn:
    """Nothing of the host's program may run on in a worker, however that ends."""
    ended = 1
    try:
        ended = _work(out, at_work)
    finally:
        os._exit(ended)


def _work(out: int, at_work: mmap.mmap) -> int:
    """Reads mails until the asker hangs up (0), or until it is time for a fresh worker."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # It may neither write a file nor open many.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    for _ in range(_JOBS):
        mark = receive(_IN)
        if mark is None:
            return 0
        at_work[:] = mark
        envelope, reach, raw = receive(_IN), receive(_IN), receive(_IN)
        if envelope is None or reach is None or raw is None:
            return 0
        send(out, mark + _answer(envelope, "bare" if reach == b"bare" else "full", raw))
        at_work[:] = _IDLE
    return _RENEW


def _answer(envelope: bytes, reach: Reach, raw: bytes) -> bytes:
    signal.setitimer(signal.ITIMER_REAL, SECONDS[reach])
    try:
        return b"M" + wire.message_out(understand(raw, wire.envelope_in(envelope), reach=reach))
    except MemoryError:
        return b"R"
    except Exception as trouble:
        return b"E" + type(trouble).__name__.encode("ascii", "replace")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def send(fd: int, octets: bytes) -> None:
    """Write one frame. Raises OSError when nobody reads it."""
    for piece in (len(octets).to_bytes(4, "big"), octets):
        view = memoryview(piece)
        while view:
            view = view[os.write(fd, view) :]


def receive(fd: int) -> bytes | None:
    """Read one frame; None when the other side has hung up."""
    size = _exactly(fd, 4)
    return None if size is None else _exactly(fd, int.from_bytes(size, "big"))


def _exactly(fd: int, count: int) -> bytes | None:
    pieces: list[bytes] = []
    while count:
        piece = os.read(fd, min(count, 1 << 20))
        if not piece:
            return None
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)
