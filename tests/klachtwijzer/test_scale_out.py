"""Several workers on one PostgreSQL that none of them started, some of them killed: each mail once, no letter twice."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from email.policy import compat32
from pathlib import Path

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import text

from register import server
from register.book import Book
from tests.klachtwijzer.started import Processes, corpus_mail, kept, until

MAILS = 60
CORPUS = sorted((Path(__file__).resolve().parents[1] / "corpus" / "learn").glob("*.eml"))[:MAILS]


class Relay:
    """A real SMTP server that takes its time, so that a worker can die while it posts."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.lock = threading.Lock()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the letter."""
        with self.lock:
            self.letters.append(envelope.original_content or b"")
        await asyncio.sleep(0.05)
        return "250 OK"

    def numbers(self) -> Counter[str]:
        """How often each Message-ID arrived."""
        with self.lock:
            heads = [BytesHeaderParser(policy=compat32).parsebytes(letter) for letter in self.letters]
        return Counter(str(head["Message-ID"]) for head in heads)


@pytest.fixture
def relay() -> Iterator[tuple[Relay, str]]:
    taking = Relay()
    with socket.socket() as one:
        # The controller looks for itself at the port that it was told, so it cannot be told to take any.
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    door = Controller(taking, hostname="127.0.0.1", port=port, ready_timeout=30)
    door.start()
    yield taking, f"smtp://127.0.0.1:{port}"
    door.stop()


def states(book: Book) -> Counter[str]:
    return Counter(dispatch.state for dispatch in book.dispatches(limit=10_000))


def entered(book: Book) -> int:
    with book.engine.connect() as connection:
        return connection.scalar(text("select count(*) from message")) or 0


def test_three_workers_of_whom_two_are_killed_enter_each_mail_once_and_post_no_letter_twice(
    book: Book, url: str, relay: tuple[Relay, str], processes: Processes, tmp_path: Path
) -> None:
    taking, address = relay
    home = str(tmp_path / "thuis")
    running = []
    for _ in range(3):
        running.append(
            processes.start("serve", "--role", "worker", DATABASE_URL=server.libpq(url), RELAY=address, HOME=home)
        )
    for process in running:
        process.addresses()
    digests = [kept(book, corpus_mail(path).raw) for path in CORPUS]
    until(lambda: entered(book) > MAILS // 4, every=0.01)
    running[0].kill()
    until(lambda: entered(book) == MAILS)
    held = [one.id for one in book.dispatches("vastgehouden", "concept", limit=10_000) if one.outgoing.to.address]
    assert len(held) > 10
    for number in held:
        with book.begin() as page:
            page.release(number, "an")
    until(lambda: len(taking.letters) > len(held) // 4, every=0.01)
    running[1].kill()
    until(lambda: states(book)["vrijgegeven"] == 0)

    with book.engine.connect() as connection:
        stories = connection.execute(
            text("select digest, count(*) from event where what = 'ingeschreven' group by digest")
        )
        assert dict(tuple(row) for row in stories) == dict.fromkeys(digests, 1)
        opened = connection.scalar(text("select count(*) from dossier")) or 0
        assert connection.scalar(text("select max(number) from dossier")) == opened
    posted = taking.numbers()
    assert posted.most_common(1)[0][1] == 1
    by_state = states(book)
    # What was under way when its worker died is told as uncertain, and left to a person; at most its two tries at once.
    assert by_state["verzonden"] + by_state["mislukt"] == len(held)
    assert by_state["mislukt"] <= 2
    assert by_state["verzonden"] <= sum(posted.values()) <= len(held)
    book.upkeep()
    assert book.verify_journal().whole


def test_a_console_and_a_worker_share_a_database_that_lives_elsewhere(
    book: Book, url: str, processes: Processes, tmp_path: Path
) -> None:
    given = {"DATABASE_URL": server.libpq(url), "HOME": str(tmp_path / "thuis")}
    roles = [processes.start("serve", "--role", role, **given) for role in ("worker", "console", "console")]
    addresses = [process.addresses() for process in roles]
    assert addresses[1]["console"] != addresses[2]["console"]
    digest = kept(book, corpus_mail(CORPUS[0]).raw)
    until(lambda: book.record(digest) is not None)
    with psycopg.connect(server.libpq(url)) as plain:
        assert plain.execute("select count(*) from item").fetchone() == (1,)
