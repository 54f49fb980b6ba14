"""The doors as processes that are killed, before a database that is full: what was promised is there, once."""

import asyncio
import os
import subprocess
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bench.posting import OURS, Posting, made, post
from intake.smtp import SmtpDoor
from register import server
from register.book import Book
from register.groupcommit import GroupCommit
from tests.intake.dovecot import PASSWORD, USER, dovecot, free_port
from tests.intake.written import mail
from tests.klachtwijzer.command import Command, assert_misuse
from tests.klachtwijzer.started import Process, Processes, until

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def engine_of_home(own_home: Path) -> Iterator[Engine]:
    engine = server.engine(server.embedded(own_home))
    server.migrate(engine)
    yield engine
    engine.dispose()


def raws(engine: Engine) -> Counter[bytes]:
    with engine.connect() as connection:
        return Counter(bytes(raw) for raw in connection.execute(text("select raw from raw_mail")).scalars())


class Mortal(threading.Thread):
    """A process that is killed soon after each start, until it may live."""

    def __init__(self, processes: Processes, *arguments: str, seconds: float, **environment: str) -> None:
        super().__init__()
        self.seconds = seconds
        self.processes, self.arguments, self.environment = processes, arguments, environment
        self.spare = threading.Event()
        self.killed = 0

    def run(self) -> None:
        while not self.spare.is_set():
            process: Process = self.processes.start(*self.arguments, **self.environment)
            process.addresses()
            if not self.spare.wait(self.seconds):
                process.kill()
                self.killed += 1


async def test_whatever_was_answered_250_is_there_once_though_the_server_is_killed_again_and_again(
    processes: Processes, own_home: Path, engine_of_home: Engine
) -> None:
    port = free_port()
    mortal = Mortal(
        processes,
        *("serve", "--role", "smtp"),
        seconds=0.4,
        HOME=str(own_home),
        SMTP_LISTEN=f"127.0.0.1:{port}",
        LMTP_LISTEN="",
    )
    mortal.start()
    mails = made(1_500, 20_000)
    posting = await post("127.0.0.1", port, Posting(deque(mails)), 50, patience=200)
    mortal.spare.set()
    await asyncio.to_thread(mortal.join)
    assert mortal.killed >= 2
    assert posting.broken > 0
    assert raws(engine_of_home) == Counter(mails)


async def test_each_mail_of_a_mailbox_is_there_once_though_both_ends_are_killed(
    processes: Processes, own_home: Path, engine_of_home: Engine
) -> None:
    mails = made(600, 5_000)
    with dovecot() as box:
        url = f"imap://{USER.replace('@', '%40')}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{box.port}/INBOX"
        mortal = Mortal(
            processes, "serve", "--role", "imap", seconds=1.0, HOME=str(own_home), IMAP=url, IMAP_DONE="Ingelezen"
        )
        mortal.start()
        for part in range(3):
            await asyncio.to_thread(box.put, *mails[part * 200 : part * 200 + 200])
            await asyncio.sleep(1.0)
            await asyncio.to_thread(box.stop)
            await asyncio.to_thread(box.start)
        await asyncio.to_thread(until, lambda: mortal.killed >= 3)
        mortal.spare.set()
        await asyncio.to_thread(mortal.join)
        await asyncio.to_thread(until, lambda: not box.inside())
        assert Counter(box.inside("Ingelezen")).keys() == Counter(mails).keys()
    assert raws(engine_of_home) == Counter(mails)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A home on a disk of its own that is nearly full."""
    with tempfile.TemporaryDirectory(prefix="klachtwijzer-") as name:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "none", name], check=True)
        home = Path(name) / "thuis"
        try:
            yield home
            server.release(home)
        finally:
            subprocess.run(["umount", "-l", name], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk, to fill it")
async def test_a_full_disk_gives_the_mail_back_and_loses_none_that_was_taken(small_disk: Path) -> None:
    engine = server.engine(server.embedded(small_disk))
    server.migrate(engine)
    ballast = small_disk.parent / "ballast"
    ballast.write_bytes(b"x" * 290_000_000)
    keep = GroupCommit(Book(engine))
    door = SmtpDoor(keep, host="127.0.0.1", port=0, recipients=[OURS], size_limit=35_000_000)
    await door.start()
    mails = made(40, 1_000_000)
    offered = Posting(deque(mails))
    with pytest.raises(TimeoutError):
        await post("127.0.0.1", door.port, offered, 1, patience=8)
    assert 0 < len(offered.accepted) < 40
    assert offered.refused > 0
    ballast.unlink()
    # A server that stopped for want of space is started again by whoever made room.
    server.embedded(small_disk)
    assert not Counter(offered.accepted) - raws(engine)
    again = await post("127.0.0.1", door.port, Posting(deque(mails)), 1, patience=60)
    assert len(again.accepted) == 40
    await door.stop()
    keep.close()
    assert raws(engine) == Counter(mails)
    engine.dispose()


def test_the_folder_role_takes_what_is_laid_in_its_folder(
    processes: Processes, own_home: Path, engine_of_home: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "post"
    serving = processes.start("serve", "--role", "folder", HOME=str(own_home), FOLDER=str(folder))
    serving.addresses()
    (folder / "brief.eml").write_bytes(mail("x"))
    until(lambda: raws(engine_of_home))
    until((folder / "ingelezen" / "brief.eml").exists)
    begun = time.monotonic()
    assert serving.stop() == 0
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("role", "environment", "said"),
    [
        ("imap", {}, "KLACHTWIJZER_IMAP: is empty"),
        ("folder", {}, "KLACHTWIJZER_FOLDER: is empty"),
        ("folder", {"FOLDER": "/dev/null/post"}, "KLACHTWIJZER_FOLDER: cannot be used: Not a directory"),
        ("smtp", {"SMTP_CERT": "/nergens.pem"}, "KLACHTWIJZER_SMTP_CERT: certificate or key cannot be used"),
        ("smtp", {"SMTP_LOGIN": "a:geheim"}, "KLACHTWIJZER_SMTP_LOGIN: needs KLACHTWIJZER_SMTP_CERT"),
    ],
)
def test_a_door_that_cannot_be_opened_is_told_in_one_line(
    command: Command, url: str, role: str, environment: dict[str, str], said: str
) -> None:
    run = command("serve", "--role", role, DATABASE_URL=url, SMTP_LISTEN="127.0.0.1:0", **environment)
    assert_misuse(run, said)
    assert "geheim" not in run.stderr
