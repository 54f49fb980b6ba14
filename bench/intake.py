"""The doors, measured: durable mails a second beside Postfix in the same run, and bytes to held letter."""

import sys
from pathlib import Path

# Run as a file, this folder would come first in the path, and this bench before the package of that name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

# ruff: noqa: E402
import argparse
import asyncio
import os
import subprocess
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import mean

from sqlalchemy import text

from bench import postfix
from bench.main_job import free_port, greeted, sent, spans, waited
from bench.posting import Posting, made, post
from bench.running import CORPUS, ROOT, closing, fresh_home, mails, told
from register import server
from register.book import Book

OCTETS = 20_000
CONNECTIONS = 50
WORKERS = 2


@contextmanager
def serving(home: Path, *roles: str, port: int = 0) -> Iterator[subprocess.Popen[bytes]]:
    """`klachtwijzer serve` with these roles."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KLACHTWIJZER_")}
    given = {"KLACHTWIJZER_HOME": str(home), "KLACHTWIJZER_SMTP_LISTEN": f"127.0.0.1:{port}", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "klachtwijzer", "serve", *(part for role in roles for part in ("--role", role))],
        cwd=ROOT,
        env=plain | given,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def ours(number: int) -> float:
    """Mails a second that our door made durable; ends the bench when one is missing."""
    with fresh_home() as home:
        engine = server.engine(server.embedded(home))
        server.migrate(engine)
        port = free_port()
        with serving(home, "smtp", port=port) as process:
            greeted(port, process)
            posting = asyncio.run(post("127.0.0.1", port, Posting(deque(made(number, OCTETS))), CONNECTIONS))
        with engine.connect() as connection:
            kept = int(connection.execute(text("select count(*) from raw_mail")).scalar_one())
        engine.dispose()
        server.release(home)
    if kept != number:
        raise SystemExit(f"{number} mails were answered 250 and {kept} are kept")
    return posting.per_second


def theirs(number: int) -> float:
    """Mails a second that Postfix made durable and held."""
    port = free_port()
    with postfix.running(port) as held:
        posting = asyncio.run(post("127.0.0.1", port, Posting(deque(made(number, OCTETS))), CONNECTIONS))
        # Postfix spreads its queue over folders when told so; all mails are under the one of held mails.
        found = sum(len(files) for _, _, files in os.walk(held))
    if found != number:
        raise SystemExit(f"Postfix answered 250 to {number} mails and holds {found}")
    return posting.per_second


def end_to_end(limit: int | None) -> float:
    """Mails a second from bytes to dossier and held letter, with a door and two workers."""
    posted = mails(CORPUS / "learn")[:limit]
    with fresh_home() as home, ExitStack() as running:
        engine = server.engine(server.embedded(home))
        server.migrate(engine)
        book, port = Book(engine), free_port()
        greeted(port, running.enter_context(serving(home, "smtp", port=port)))
        for _ in range(WORKERS):
            running.enter_context(serving(home, "worker"))
        # The workers load their rules before the first mail comes, as they would on any day.
        warm = made(1, 500)
        asyncio.run(post("127.0.0.1", port, Posting(deque(warm)), 1))
        waited(book, 1)
        time.sleep(5)
        first = sent(port, posted)
        waited(book, len(posted) + 1)
        last = max(entered for _, entered in spans(book))
        running.close()
        engine.dispose()
        server.release(home)
    return len(posted) / (last - first)


def main() -> None:
    """Runs it once, ours and theirs in turns."""
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--mails", type=int, default=5_000, help="mails in each round")
    chosen.add_argument("--rounds", type=int, default=2)
    chosen.add_argument("--limit", type=int, default=None, help="only so many mails end to end")
    given = chosen.parse_args()
    absent = postfix.present()
    accepted: list[float] = []
    beside: list[float] = []
    for _ in range(given.rounds):
        accepted.append(ours(given.mails))
        if absent is None:
            beside.append(theirs(given.mails))
    figures = {"accept_per_s": mean(accepted), "postfix_per_s": mean(beside) if beside else 0.0}
    figures["ratio"] = figures["accept_per_s"] / figures["postfix_per_s"] if beside else 0.0
    figures["end_to_end_per_s"] = end_to_end(given.limit)
    told(
        f"intake · {given.rounds} x {given.mails} mails of {OCTETS} bytes, {CONNECTIONS} connections",
        {
            "mails a second, durable and answered 250": figures["accept_per_s"],
            "mails a second, Postfix, held in its queue": figures["postfix_per_s"] if beside else str(absent),
            "ours over Postfix's": figures["ratio"] if beside else "–",
            "mails a second, bytes to held letter": figures["end_to_end_per_s"],
        },
    )
    closing(figures)


if __name__ == "__main__":
    main()
