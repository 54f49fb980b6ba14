"""The drill: the site burns down, and one starts again from the copy, the key and the written end of the journal."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from register import server
from register.book import Book
from tests.klachtwijzer.command import Command
from tests.klachtwijzer.started import CORPUS, Processes, corpus_mail, send, until
from tests.register.conftest import new_home

MAILS = 12


@pytest.fixture
def homes() -> Iterator[tuple[Path, Path]]:
    with new_home() as lost, new_home() as fresh:
        yield lost, fresh


def test_after_a_fire_the_whole_register_stands_again_and_goes_on(
    command: Command, processes: Processes, homes: tuple[Path, Path], tmp_path: Path
) -> None:
    lost, fresh = homes
    mails = [corpus_mail(path) for path in sorted(CORPUS.glob("*.eml"))[:MAILS]]
    site = processes.start("serve", "--role", "smtp", "--role", "worker", HOME=str(lost))
    address = str(site.addresses()["smtp"])
    send(address, mails)
    here = {"HOME": str(lost), "KEY": ""}
    book = Book(server.engine(server.embedded(lost)))
    until(lambda: len(list(book.export())) == MAILS)
    # The copy is made while mails come in.
    copy = command("backup", tmp_path / "kopie", **here)
    assert copy.returncode == 0, copy.stderr
    head = re.search(r"\d+:[0-9a-f]{64}", copy.stdout)
    assert head is not None
    before = list(book.export())
    book.engine.dispose()
    shutil.copy(lost / "sleutel", tmp_path / "sleutel")
    assert site.stop() == 0
    server.release(lost)
    shutil.rmtree(lost)

    fresh.mkdir()
    shutil.copy(tmp_path / "sleutel", fresh / "sleutel")
    there = {"HOME": str(fresh), "KEY": ""}
    back = command("restore", tmp_path / "kopie", **there)
    assert back.returncode == 0, back.stderr
    assert command("verify", "--head", head[0], **there).returncode == 0
    again = processes.start("serve", "--role", "smtp", "--role", "worker", HOME=str(fresh))
    send(str(again.addresses()["smtp"]), [*mails, corpus_mail(sorted(CORPUS.glob("*.eml"))[MAILS])])
    book = Book(server.engine(server.embedded(fresh)))
    # What comes a second time is known; what is new is entered.
    until(lambda: len(list(book.export())) == MAILS + 1)
    assert list(book.export())[:MAILS] == before or {str(one) for one in before} <= {str(one) for one in book.export()}
    book.engine.dispose()
    assert again.stop() == 0
