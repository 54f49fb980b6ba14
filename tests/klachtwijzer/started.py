"""The real command in real processes, and the mails that they are given."""

import json
import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parseaddr
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from intake.message import Envelope
from klachtwijzer.settings import CHECKOUT
from register.book import Book

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CORPUS = CHECKOUT / "tests" / "corpus" / "learn"
OURS = "klachten@opgroeien.example"
# The machine of a test run may be busy with other things; what is bounded by the product is asserted by itself.
PATIENCE = 90.0
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail as its sender's program hands it over."""

    raw: bytes
    sender: str
    message_id: str


def corpus_mail(path: Path) -> Posted:
    """A mail of a labelled set; its Return-Path is the envelope sender."""
    raw = path.read_bytes()
    head = BytesHeaderParser(policy=compat32).parsebytes(raw)
    return Posted(raw, parseaddr(str(head.get("Return-Path", "")))[1], str(head["Message-ID"]).strip().strip("<>"))


def new_mail(words: str = "Niemand van het agentschap belt mij terug, al weken niet.") -> Posted:
    """A mail that was never sent before."""
    number = f"nieuw-{time.time_ns()}-{next(_numbers)}@voorbeeld.example"
    head = f"From: Lien Vermeer <lien@voorbeeld.example>\r\nTo: {OURS}\r\nMessage-ID: <{number}>\r\nSubject: Klacht\r\n"
    return Posted(f"{head}\r\n{words}\r\n".encode(), "lien@voorbeeld.example", number)


def send(address: str, mails: Iterable[Posted], *, lmtp: bool = False) -> None:
    """Hands mails over in one connection."""
    host, _, port = address.rpartition(":")
    with (smtplib.LMTP if lmtp else smtplib.SMTP)(host, int(port), timeout=30) as door:
        for mail in mails:
            door.sendmail(mail.sender, [OURS], mail.raw)


def send_at_once(address: str, mails: list[Posted], connections: int) -> None:
    """Hands mails over through several connections at the same time."""
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(lambda part: send(address, part), [mails[i::connections] for i in range(connections)]))


def kept(book: Book, raw: bytes) -> str:
    """Keeps a mail as a door would; its digest."""
    return book.keep(raw, Envelope("smtp", "lien@voorbeeld.example", (OURS,), NOW)).digest


def until(holds: Callable[[], object], *, within: float = PATIENCE, every: float = 0.05) -> None:
    """Waits until something holds; fails when it takes too long."""
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, f"still not so after {within} seconds"
        time.sleep(every)


class Process:
    """One running `klachtwijzer …`."""

    def __init__(self, folder: Path, arguments: tuple[str, ...], environment: Mapping[str, str]) -> None:
        number = next(_numbers)
        self.said, self.told = folder / f"{number}.out", folder / f"{number}.log"
        plain = {name: value for name, value in os.environ.items() if not name.startswith("KLACHTWIJZER_")}
        with self.said.open("wb") as out, self.told.open("wb") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "klachtwijzer", *arguments],
                cwd=CHECKOUT,
                env=plain | {"COLUMNS": "300", "PYTHONUNBUFFERED": "1"} | dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
            )

    def log(self) -> Iterator[dict[str, object]]:
        """What it logged, one mapping a line; fails on a line that is none, as those of a traceback."""
        for line in self.told.read_text(encoding="utf-8").splitlines(keepends=True):
            # The last line may still be in the writing.
            if line.endswith("\n"):
                yield json.loads(line)

    def addresses(self) -> Mapping[str, object]:
        """Where each role listens, once all do."""
        until(lambda: self._ready() or self.running.poll() is not None)
        ready = self._ready()
        assert ready is not None, self.told.read_text(encoding="utf-8")
        return ready

    def _ready(self) -> Mapping[str, object] | None:
        return next((line for line in self.log() if line.get("event") == "ready"), None)

    def output(self) -> str:
        """What it printed so far."""
        return self.said.read_text(encoding="utf-8")

    def kill(self) -> None:
        """Without any chance to say goodbye."""
        self.running.kill()
        self.running.wait(timeout=PATIENCE)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """In order; its exit status."""
        self.running.send_signal(number)
        return self.running.wait(timeout=PATIENCE)


class Processes:
    """Starts commands, and stops at the end what still runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[Process] = []

    def start(self, *arguments: str, **environment: str) -> Process:
        """A process of its own; `HOME="…"` sets `KLACHTWIJZER_HOME`. Doors take free ports unless told otherwise."""
        doors = {f"{role}_LISTEN": "127.0.0.1:0" for role in ("SMTP", "LMTP", "CONSOLE", "CHAT")}
        given = {f"KLACHTWIJZER_{name}": value for name, value in {**doors, **environment}.items()}
        process = Process(self.folder, arguments, given)
        self.started.append(process)
        return process

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.started:
            if process.running.poll() is None:
                process.running.terminate()
        for process in self.started:
            try:
                process.running.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
