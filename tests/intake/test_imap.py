"""The IMAP door against a real Dovecot: every mail once, in order, whatever breaks."""

import asyncio
import hashlib
import imaplib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from intake.imap import ImapDoor, Mark
from intake.mailbox import Account, account
from intake.message import Envelope, Receipt
from tests.intake.door import Shelf
from tests.intake.dovecot import Dovecot, dovecot
from tests.intake.written import mail


class Slate:
    """Marks and remarks in memory."""

    def __init__(self) -> None:
        self.marks: dict[str, Mark] = {}
        self.notes: list[tuple[str, str]] = []

    def read(self, mailbox: str) -> Mark | None:
        return self.marks.get(mailbox)

    def advance(self, mailbox: str, mark: Mark) -> None:
        self.marks[mailbox] = mark

    def uid(self, box: Account) -> int:
        return self.marks[box.name].uid if box.name in self.marks else 0

    def note(self, digest: str, words: str) -> None:
        if (digest, words) not in self.notes:
            self.notes.append((digest, words))


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture
def slate() -> Slate:
    return Slate()


def written(*numbers: int) -> list[bytes]:
    return [mail(f"Brief {number}.\r\n", Message_ID=f"<{number}@telenet.example>") for number in numbers]


async def until(holds: Callable[[], object], within: float = 30.0) -> None:
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, "still not so"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def reading(shelf: Shelf, slate: Slate, box: Account, **options: object) -> AsyncIterator[ImapDoor]:
    settings: dict[str, object] = {"size_limit": 1_000_000, "first_pause": 0.05, "every_seconds": 0.2, **options}
    door = ImapDoor(shelf.keep, slate, box, **settings)  # type: ignore[arg-type]
    stop = asyncio.Event()
    running = asyncio.create_task(door.run(stop))
    try:
        yield door
    finally:
        stop.set()
        await asyncio.wait_for(running, 20)


def raws(shelf: Shelf) -> list[bytes]:
    return [raw for raw, _ in shelf.kept]


async def test_what_lies_there_is_kept_in_order_and_what_comes_later_at_once(
    server: Dovecot, shelf: Shelf, slate: Slate
) -> None:
    server.put(*written(1, 2, 3))
    async with reading(shelf, slate, server.account()):
        await until(lambda: len(shelf.kept) == 3)
        await asyncio.sleep(0.5)
        begun = time.monotonic()
        await asyncio.to_thread(server.put, *written(4))
        await until(lambda: len(shelf.kept) == 4)
        # The server told of it; nobody had to ask again after a while.
        assert time.monotonic() - begun < 5
    assert raws(shelf) == written(1, 2, 3, 4)
    assert server.inside() == written(1, 2, 3, 4)
    client = server.client()
    client.select("INBOX")
    assert client.search(None, "UNSEEN")[1] == [b"1 2 3 4"]
    client.logout()


async def test_the_envelope_is_what_the_mail_and_the_mailbox_tell(server: Dovecot, shelf: Shelf, slate: Slate) -> None:
    raw = mail("x", Return_Path="<els@telenet.example>", Delivered_To="klachten+kw-1@opgroeien.example")
    client = server.client()
    came = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    client.append("INBOX", "", imaplib.Time2Internaldate(came), raw)
    client.append(
        "INBOX", "", imaplib.Time2Internaldate(datetime.now(UTC) + timedelta(days=300)), mail("y", Return_Path="<>")
    )
    client.logout()
    async with reading(shelf, slate, server.account()):
        await until(lambda: len(shelf.kept) == 2)
    first, second = (envelope for _, envelope in shelf.kept)
    assert first == Envelope("imap", "els@telenet.example", ("klachten+kw-1@opgroeien.example",), came)
    # A mailbox that says it got the mail next year is not believed.
    assert second.sender == ""
    assert second.received <= datetime.now(UTC)


async def test_a_second_start_goes_on_behind_the_mark(server: Dovecot, shelf: Shelf, slate: Slate) -> None:
    server.put(*written(1, 2))
    for number in (2, 3):
        async with reading(shelf, slate, server.account()):
            await until(lambda number=number: len(shelf.kept) == number)  # type: ignore[misc]
        server.put(*written(3))
    assert raws(shelf) == written(1, 2, 3)


async def test_a_mailbox_that_was_made_anew_is_read_from_its_beginning(
    server: Dovecot, shelf: Shelf, slate: Slate
) -> None:
    server.put(*written(1))
    box = server.account()
    slate.advance(box.name, Mark(12345, 4000))
    async with reading(shelf, slate, box):
        await until(lambda: shelf.kept)
    assert slate.marks[box.name].validity != 12345
    assert slate.marks[box.name].uid == 1


async def test_mail_stays_until_it_can_be_kept(server: Dovecot, shelf: Shelf, slate: Slate) -> None:
    server.put(*written(1, 2))
    shelf.broken = True
    async with reading(shelf, slate, server.account(done="Ingelezen")):
        await asyncio.sleep(0.5)
        assert slate.marks == {}
        assert await asyncio.to_thread(server.inside) == written(1, 2)
        shelf.broken = False
        await until(lambda: len(shelf.kept) == 2)
    assert raws(shelf) == written(1, 2)


@pytest.mark.parametrize("capability", ["", "IMAP4rev1 SASL-IR UIDPLUS", "IMAP4rev1"])
async def test_kept_mail_is_moved_and_what_others_deleted_is_not_swept_away(
    shelf: Shelf, slate: Slate, capability: str
) -> None:
    with dovecot(capability=capability) as server:
        client = server.client()
        client.append("INBOX", r"(\Deleted)", "", mail("weggedaan door iemand"))
        client.logout()
        server.put(*written(1))
        async with reading(shelf, slate, server.account(done="Werk.Ingelezen été")):
            await until(lambda: len(shelf.kept) == 2)
            await until(lambda: slate.uid(server.account()) == 2)
            await asyncio.to_thread(server.put, *written(2))
            await until(lambda: len(shelf.kept) == 3)
            await until(lambda: slate.uid(server.account()) == 3)
        assert server.inside('"Werk.Ingelezen &AOk-t&AOk-"') == [mail("weggedaan door iemand"), *written(1, 2)]
        # Where the server can neither move nor expunge one mail alone, the copies stay behind, marked as deleted.
        assert len(server.inside()) == (3 if capability == "IMAP4rev1" else 0)


async def test_two_doors_of_one_mailbox_keep_each_mail_once(server: Dovecot, slate: Slate) -> None:
    kept: dict[str, int] = {}

    async def keep(raw: bytes, envelope: Envelope) -> Receipt:
        digest = hashlib.sha256(raw).hexdigest()
        known = digest in kept
        kept.setdefault(digest, 0)
        kept[digest] += not known
        await asyncio.sleep(0.001)
        return Receipt(digest, known)

    shelf = Shelf()
    shelf.keep = keep  # type: ignore[method-assign]
    server.put(*written(*range(200)))
    box = server.account(done="Klaar")
    async with reading(shelf, slate, box), reading(shelf, slate, box):
        await until(lambda: len(kept) == 200)
        await asyncio.to_thread(server.put, *written(*range(200, 220)))
        await until(lambda: len(kept) == 220)
        await until(lambda: slate.uid(box) == 220)
    assert set(kept.values()) == {1}
    assert server.inside() == []


async def test_a_mail_that_is_too_large_is_told_and_stays(server: Dovecot, shelf: Shelf, slate: Slate) -> None:
    large = mail("Mijn klacht staat vooraan.\r\n" + "x" * 70 + "\r\n" * 40_000)
    server.put(*written(1), large, *written(2))
    async with reading(shelf, slate, server.account(done="Klaar"), size_limit=50_000):
        await until(lambda: len(shelf.kept) == 3)
        await until(lambda: slate.uid(server.account()) == 3)
    assert raws(shelf)[1] == large[:50_000]
    assert server.inside() == [large]
    [(digest, words)] = slate.notes
    assert digest == hashlib.sha256(large[:50_000]).hexdigest()
    assert "te groot" in words
    assert "UID 2" in words


async def test_a_server_that_is_started_again_is_found_again(
    server: Dovecot, shelf: Shelf, slate: Slate, caplog: pytest.LogCaptureFixture
) -> None:
    server.put(*written(1))
    async with reading(shelf, slate, server.account()):
        await until(lambda: shelf.kept)
        await asyncio.to_thread(server.stop)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(server.start)
        await asyncio.to_thread(server.put, *written(2))
        await until(lambda: len(shelf.kept) == 2)
    assert raws(shelf) == written(1, 2)
    assert "mailbox not read" in caplog.text
    # A hot loop against a server that is away would have tried far more often.
    assert caplog.text.count("mailbox not read") < 12


async def test_a_wrong_password_is_told_without_repeating_it(
    server: Dovecot, shelf: Shelf, slate: Slate, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with reading(shelf, slate, server.account(password="verkeerd geheim")):
            await until(lambda: "MailboxLoginError" in caplog.text)
    assert "verkeerd" not in caplog.text
    assert shelf.kept == []


def test_an_account_is_read_from_its_url() -> None:
    read = account("imaps://klachten%40opgroeien.example:a%2Fb@mail.example/Klachten/2026", "Klaar")
    assert read == Account("mail.example", 993, "klachten@opgroeien.example", "a/b", "Klachten/2026", "tls", "Klaar")
    assert account("imap://k:p@mail.example").security == "starttls"
    assert account("imap://k:p@127.0.0.1:1143").security == "none"
    assert account("imap://k:p@127.0.0.1").folder == "INBOX"


@pytest.mark.parametrize("url", ["mail.example", "https://k:p@mail.example", "imaps://mail.example", "imap://k:p@h:x"])
def test_a_wrong_url_is_told_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"^must look like imap\[s\]://user:password@host:port/folder$"):
        account(url)
