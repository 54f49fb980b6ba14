"""The main job, measured: every labelled mail over SMTP into one `klachtwijzer serve`, until each is entered."""

import sys
from pathlib import Path

# Run as a file, this folder would come first in the path, and the bench of the triage before the package of that name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

# ruff: noqa: E402
import argparse
import asyncio
import hashlib
import multiprocessing
import os
import re
import smtplib
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection

from sqlalchemy import text

from bench.running import CORPUS, ROOT, Mail, closing, family, fresh_home, mails, memory_mb, percentile, told
from intake.message import Envelope, Receipt
from intake.smtp import SmtpDoor
from register import server
from register.book import Book

OURS = "klachten@opgroeien.example"
CONNECTIONS = 8
PACED = 100
PACE = 0.1
PATIENCE = 600.0
SQL = """select extract(epoch from r.kept) as kept, extract(epoch from e.at) as entered
         from raw_mail r join event e on e.digest = r.digest and e.what = 'ingeschreven' order by r.kept"""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def greeted(port: int, process: subprocess.Popen[bytes]) -> None:
    """Waits for the first "220"."""
    while process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as door:
                if door.recv(100).startswith(b"220"):
                    return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the server ended before it answered")


@contextmanager
def served(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`klachtwijzer serve` with all roles."""
    doors = {f"KLACHTWIJZER_{role}_LISTEN": "127.0.0.1:0" for role in ("CONSOLE", "CHAT")}
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KLACHTWIJZER_")}
    given = doors | {"KLACHTWIJZER_HOME": str(home), "KLACHTWIJZER_SMTP_LISTEN": f"127.0.0.1:{port}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "klachtwijzer", "serve"],
        cwd=ROOT,
        env=plain | {"OMP_NUM_THREADS": "1"} | given,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def sent(port: int, posted: Sequence[Mail]) -> float:
    """Hands all mails over through several connections; when the first began (seconds since 1970)."""
    ready = threading.Barrier(CONNECTIONS)

    def hand_over(part: Sequence[Mail]) -> float:
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as door:
            door.ehlo()
            ready.wait()
            begun = time.time()
            for sender, raw in part:
                door.sendmail(sender, [OURS], raw)
            return begun

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return min(pool.map(hand_over, [posted[i::CONNECTIONS] for i in range(CONNECTIONS)]))


def floor_door(back: Connection) -> None:
    """A door that keeps nothing, in a process of its own."""

    async def keep(raw: bytes, envelope: Envelope) -> Receipt:
        return Receipt(hashlib.sha256(raw).hexdigest(), known=False)

    async def listen() -> None:
        door = SmtpDoor(keep, host="127.0.0.1", port=0, recipients=[OURS], size_limit=35_000_000)
        await door.start()
        back.send(door.port)
        await asyncio.sleep(PATIENCE)

    asyncio.run(listen())


def floor(posted: Sequence[Mail]) -> float:
    """Mails a second into a door that keeps nothing: what sockets and protocol alone cost on this machine."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=floor_door, args=(there,), daemon=True)
    process.start()
    port = int(here.recv())
    begun = sent(port, posted)
    rate = len(posted) / (time.time() - begun)
    process.terminate()
    process.join()
    return rate


class Watch(threading.Thread):
    """Looks at the memory of all processes, PostgreSQL among them, and remembers the most."""

    def __init__(self, process: subprocess.Popen[bytes], home: Path) -> None:
        super().__init__(daemon=True)
        self.process, self.pid_file = process, home / "postgres" / "postmaster.pid"
        self.most, self.count = 0.0, 0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.25):
            postmaster = int(self.pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
            processes = family(self.process.pid, postmaster)
            self.most, self.count = max(self.most, memory_mb(processes)), max(self.count, len(processes))


def waited(book: Book, number: int) -> None:
    """Until so many mails are entered."""
    end = time.monotonic() + PATIENCE
    with book.engine.connect() as connection:
        waiting = text("select count(*) from item")
        while int(connection.execute(waiting).scalar_one()) < number:
            connection.rollback()
            if time.monotonic() > end:
                raise SystemExit("not every mail was entered")
            time.sleep(0.1)


def spans(book: Book) -> list[tuple[float, float]]:
    """When each mail was kept, and when its dossier was entered, in order of arrival."""
    with book.engine.connect() as connection:
        return [(float(row.kept), float(row.entered)) for row in connection.execute(text(SQL))]


def paced(port: int, posted: Sequence[Mail]) -> None:
    """The same mails as new ones, one after another with a pause, as on a busy day."""
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as door:
        for sender, raw in posted[:PACED]:
            begun = time.monotonic()
            door.sendmail(sender, [OURS], re.sub(rb"(?im)^message-id: *<", b"Message-ID: <nogmaals-", raw, count=1))
            time.sleep(max(0.0, PACE - (time.monotonic() - begun)))


def verdict(book: Book, posted: Sequence[Mail]) -> str:
    """Whether each mail is there once with one dossier; ends the bench when not."""
    lines = list(book.export())
    ids = Counter(line["message_id"] for line in lines)
    opened = Counter(line["referentie"] for line in lines if line["uitkomst"] not in ("negeren", "toevoegen"))
    homeless = [line for line in lines if (line["referentie"] is None) != (line["uitkomst"] == "negeren")]
    if len(lines) != len(posted) or max(ids.values()) > 1 or max(opened.values()) > 1 or homeless:
        raise SystemExit(
            f"{len(posted)} mails sent, {len(lines)} entered, {len(ids)} different, {len(homeless)} homeless"
        )
    return f"{len(lines)} of {len(posted)}"


def main() -> None:
    """Runs it once."""
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--limit", type=int, default=None, help="only so many mails")
    posted = mails(CORPUS / "learn", CORPUS / "fold")[: chosen.parse_args().limit]
    port = free_port()
    with fresh_home() as home:
        begun = time.monotonic()
        with served(home, port) as process:
            greeted(port, process)
            ready = time.monotonic() - begun
            engine = server.engine(server.embedded(home))
            book = Book(engine)
            watch = Watch(process, home)
            watch.start()
            first = sent(port, posted)
            accepted = time.time() - first
            waited(book, len(posted))
            burst, all_there = spans(book), verdict(book, posted)
            paced(port, posted)
            waited(book, len(posted) + len(posted[:PACED]))
            calm = [(entered - kept) * 1000 for kept, entered in spans(book)[len(posted) :]]
            watch.ended.set()
            watch.join()
            engine.dispose()
        server.release(home)
    delays = [(entered - kept) * 1000 for kept, entered in burst]
    rate = len(posted) / (max(entered for _, entered in burst) - first)
    lowest = floor(posted)
    figures = {"mails_per_s": rate, "p95_ms": percentile(delays, 0.95), "rss_mb": watch.most, "ready_s": ready}
    more = {"accepted_per_s": len(posted) / accepted, "floor_per_s": lowest, "p95_paced_ms": percentile(calm, 0.95)}
    told(
        f"main job · {len(posted)} mails, {CONNECTIONS} connections",
        {
            "entered once, each with its dossier": all_there,
            "mails a second, first DATA to last entered": rate,
            "mails a second, answered 250": more["accepted_per_s"],
            "floor: mails a second, a door that keeps nothing": lowest,
            "ms from kept to entered, p50, all at once": percentile(delays, 0.5),
            "ms from kept to entered, p95, all at once": figures["p95_ms"],
            f"ms from kept to entered, p50, {1 / PACE:.0f} a second": percentile(calm, 0.5),
            f"ms from kept to entered, p95, {1 / PACE:.0f} a second": more["p95_paced_ms"],
            f"MB (PSS) of all {watch.count} processes, at most": watch.most,
            "s from start to the first 220, empty home": ready,
        },
    )
    closing(figures | more)


if __name__ == "__main__":
    main()
