"""The register, measured: list, file, report and search at 1,000 and 1,000,000 dossiers; and 1, 2, 4 workers."""

import sys
from pathlib import Path

# Run as a file, this folder would come first in the path, and this bench before the package of that name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

# ruff: noqa: E402
import argparse
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from statistics import median

from sqlalchemy import text

from bench.bulk import fill
from bench.running import CORPUS, ROOT, closing, fresh_home, mails, percentile, told
from intake.message import Envelope
from register import server
from register.book import Book
from register.listing import Filter
from register.report import Period

TIMES = 100
ROUNDS = 3
WARMING = 10
OURS = "klachten@opgroeien.example"
# From words of every message to words of one in a thousand.
WORDS = ("kind", "crèche", "directeur", "verslag", "zandbak", "kind crèche", "zandbak wachtlijst", "bestaatniet")
MAILS = 240


def p95(done: Callable[[], object], times: int) -> float:
    """Milliseconds under which 95 of 100 calls stay."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        done()
        taken.append((time.perf_counter() - begun) * 1000)
    return percentile(taken, 0.95)


@contextmanager
def filled(number: int) -> Iterator[tuple[Book, str]]:
    """A register with so many dossiers, and the reference of one of them."""
    with fresh_home() as home:
        url = server.embedded(home)
        server.migrate(url)
        engine = server.engine(url)
        book = Book(engine, now=lambda: datetime(2026, 12, 1, 12, tzinfo=UTC))
        begun = time.perf_counter()
        reference = fill(book, number)
        print(f"{number} dossiers made in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
        yield book, reference
        engine.dispose()
        server.release(home)


def questions(book: Book, reference: str) -> dict[str, Callable[[], object]]:
    """What a person waits for."""
    whole = Period(date(2026, 1, 1), date(2026, 12, 31))
    asked: dict[str, Callable[[], object]] = {
        "list": partial(book.items, limit=50),
        "list of a sector": partial(book.items, Filter(sector="pleegzorg"), limit=50),
        "file": partial(book.file, reference),
        "report": partial(book.report, whole),
        "dues": book.dues,
    }
    for words in WORDS:
        asked[f"search {words!r}"] = partial(book.items, Filter(text=words))
        asked[f"search {words!r}, closed ones too"] = partial(book.items, Filter(text=words, open=None))
    return asked


def reads(few: int, many: int) -> tuple[dict[str, float], dict[str, float]]:
    """Each question to a small and to a large register in turns, so that what else the machine does falls on both."""
    with filled(few) as small, filled(many) as large:
        figures: tuple[dict[str, float], dict[str, float]] = {}, {}
        asked = questions(*small), questions(*large)
        for name in asked[0]:
            times = 20 if name.startswith("search") else TIMES
            rounds: tuple[list[float], list[float]] = [], []
            for _ in range(ROUNDS):
                for place in (0, 1):
                    # The first calls find caches cold and statements unprepared, and are asked once a day.
                    p95(asked[place][name], WARMING)
                    rounds[place].append(p95(asked[place][name], times))
            for place in (0, 1):
                figures[place][name] = median(rounds[place])
    return figures


def workers(number: int) -> float:
    """Mails a second that so many worker processes enter, from the first to the last one entered."""
    with fresh_home() as home:
        url = server.embedded(home)
        server.migrate(url)
        engine = server.engine(url)
        book = Book(engine)
        plain = {name: value for name, value in os.environ.items() if not name.startswith("KLACHTWIJZER_")}
        command = [sys.executable, "-m", "klachtwijzer", "serve", "--role", "worker"]
        given = plain | {"OMP_NUM_THREADS": "1", "KLACHTWIJZER_HOME": str(home)}
        started = [
            subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            for _ in range(number)
        ]
        try:
            for process in started:
                assert process.stderr is not None
                while b'"ready"' not in process.stderr.readline():
                    if process.poll() is not None:
                        raise SystemExit("a worker ended before it was ready")
            posted = mails(CORPUS / "learn")[:MAILS]
            now = datetime.now(UTC)
            book.keep_many([(raw, Envelope("smtp", sender, (OURS,), now)) for sender, raw in posted])
            span = text("select count(*), extract(epoch from max(entered) - min(entered)) from message")
            while True:
                with engine.connect() as connection:
                    entered, seconds = connection.execute(span).one()
                if entered >= len(posted):
                    return (len(posted) - 1) / float(seconds)
                time.sleep(0.2)
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.communicate(timeout=60)
            engine.dispose()
            server.release(home)


def main() -> None:
    """Runs it once."""
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--many", type=int, default=1_000_000, help="dossiers in the large register")
    chosen.add_argument("--no-workers", action="store_true", help="leave the workers out")
    given = chosen.parse_args()
    few, many = reads(1_000, given.many)
    told("p95 in ms, 1,000 dossiers", few)
    told(f"p95 in ms, {given.many:,} dossiers", many)
    told("times as long", {name: many[name] / few[name] for name in ("list", "file", "report")})
    figures = {"list_p95_ms_1k": few["list"], "list_p95_ms_1m": many["list"], "ratio": many["list"] / few["list"]}
    if not given.no_workers:
        figures |= {f"workers_{number}": workers(number) for number in (1, 2, 4)}
    closing(figures)


if __name__ == "__main__":
    main()
