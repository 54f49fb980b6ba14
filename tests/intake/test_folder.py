"""The folder door and mbox files: every mail in a file is kept, and no file is deleted."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.arrival import arrival
from intake.folder import DONE, LEFT, FolderDoor, found
from intake.mbox import mails
from intake.message import Envelope
from tests.intake.door import Shelf
from tests.intake.test_imap import until
from tests.intake.written import mail

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MBOX = (
    b"From els@telenet.example Mon Mar  2 10:16:00 2026\nSubject: een\n\n"
    b">From mijn dochter hoorde ik\n>>From hier\n\nFrom mij\n\n"
    b"From - Tue Mar  3 10:16:00 2026\r\nSubject: twee\r\n\r\nslot\r\n\r\n"
    b"From MAILER-DAEMON Tue Mar  3 10:16:00 2026\n\nlos\n"
)


@asynccontextmanager
async def watching(shelf: Shelf, folder: Path, **options: object) -> AsyncIterator[list[tuple[str, str]]]:
    notes: list[tuple[str, str]] = []
    settings: dict[str, object] = {"size_limit": 1_000_000, "every_seconds": 0.05, "rest_seconds": 0.2, **options}
    door = FolderDoor(shelf.keep, lambda digest, words: notes.append((digest, words)), folder, **settings)  # type: ignore[arg-type]
    door.start()
    stop = asyncio.Event()
    running = asyncio.create_task(door.run(stop))
    try:
        yield notes
    finally:
        stop.set()
        await asyncio.wait_for(running, 10)


def raws(shelf: Shelf) -> list[bytes]:
    return [raw for raw, _ in shelf.kept]


async def test_a_mail_in_the_folder_is_kept_and_its_file_put_away(shelf: Shelf, tmp_path: Path) -> None:
    async with watching(shelf, tmp_path):
        (tmp_path / "brief.EML").write_bytes(mail("een"))
        (tmp_path / ".verborgen.eml").write_bytes(mail("nog bezig"))
        (tmp_path / "brief.txt").write_bytes(mail("geen mail"))
        await until((tmp_path / DONE / "brief.EML").exists)
    assert raws(shelf) == [mail("een")]
    assert shelf.kept[0][1].channel == "file"
    assert (tmp_path / ".verborgen.eml").exists() and (tmp_path / "brief.txt").exists()


async def test_a_file_that_still_grows_is_left_until_it_rests(shelf: Shelf, tmp_path: Path) -> None:
    async with watching(shelf, tmp_path, rest_seconds=0.6):
        for piece in (b"Subject: x\r\n", b"\r\n", b"een", b"twee"):
            with (tmp_path / "brief.eml").open("ab") as file:
                file.write(piece)
            await asyncio.sleep(0.2)
            assert shelf.kept == []
        await until(lambda: shelf.kept)
    assert raws(shelf) == [b"Subject: x\r\n\r\neentwee"]


async def test_a_file_stays_as_long_as_its_mails_cannot_be_kept(
    shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.broken = True
    (tmp_path / "brief.eml").write_bytes(mail("geheim"))
    async with watching(shelf, tmp_path, rest_seconds=0.0):
        await asyncio.sleep(0.4)
        assert (tmp_path / "brief.eml").exists()
        shelf.broken = False
        await until((tmp_path / DONE / "brief.eml").exists)
    assert caplog.text.count("was not read") == 1
    assert "geheim" not in caplog.text


async def test_two_files_of_one_name_are_both_put_away(shelf: Shelf, tmp_path: Path) -> None:
    async with watching(shelf, tmp_path, rest_seconds=0.0):
        for words in ("een", "twee"):
            (tmp_path / "brief.eml").write_bytes(mail(words))
            await until(lambda: not (tmp_path / "brief.eml").exists())
    assert sorted(path.read_bytes() for path in (tmp_path / DONE).iterdir()) == sorted([mail("een"), mail("twee")])


async def test_an_empty_file_is_put_aside(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "leeg.eml").write_bytes(b"\r\n")
    async with watching(shelf, tmp_path, rest_seconds=0.0):
        await until((tmp_path / LEFT / "leeg.eml").exists)
    assert shelf.kept == []


async def test_a_large_mail_is_kept_in_part_and_staff_are_told(shelf: Shelf, tmp_path: Path) -> None:
    large = mail("x" * 3_000_000)
    (tmp_path / "groot.eml").write_bytes(large)
    async with watching(shelf, tmp_path, rest_seconds=0.0, size_limit=2_000_000) as notes:
        await until((tmp_path / DONE / "groot.eml").exists)
    assert raws(shelf) == [large[:1_000_000]]
    assert (tmp_path / DONE / "groot.eml").read_bytes() == large
    assert "te groot (3.0 MB)" in notes[0][1]


async def test_two_watchers_of_one_folder_lose_nothing(shelf: Shelf, tmp_path: Path) -> None:
    written = [mail(f"brief {number}") for number in range(30)]
    for number, raw in enumerate(written):
        (tmp_path / f"{number}.eml").write_bytes(raw)
    async with watching(shelf, tmp_path, rest_seconds=0.0), watching(shelf, tmp_path, rest_seconds=0.0):
        await until(lambda: len(list((tmp_path / DONE).iterdir())) == 30)
    assert set(raws(shelf)) == set(written)


def test_an_mbox_gives_each_mail_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "alles.mbox").write_bytes(MBOX)
    assert [one.raw for one in found(tmp_path / "alles.mbox", 1_000)] == [
        b"Subject: een\n\nFrom mijn dochter hoorde ik\n>From hier\n\nFrom mij\n",
        b"Subject: twee\r\n\r\nslot\r\n",
        b"\nlos\n",
    ]


def test_a_large_mail_in_an_mbox_is_cut_and_the_next_one_is_whole(tmp_path: Path) -> None:
    lines = [b"From a@b.example Mon Mar  2 10:16:00 2026\n", b"Subject: x\n\n" + b"y" * 200_000 + b"\n\n"]
    (tmp_path / "alles.mbox").write_bytes(b"".join(lines) + MBOX)
    first, second, *_ = mails(tmp_path / "alles.mbox", 100)
    assert (first[0], first[1]) == (b"Subject: x\n\n" + b"y" * 88, 200_014)
    assert second[0].startswith(b"Subject: een")


def test_a_line_that_seems_to_begin_a_mail_in_a_long_line_does_not(tmp_path: Path) -> None:
    raw = b"From a@b.example Mon Mar  2 10:16:00 2026\n\n" + b"y" * 65_534 + b"\n\nFrom " + b"z " * 500_000 + b"\n"
    (tmp_path / "alles.mbox").write_bytes(raw)
    begun = time.monotonic()
    assert len(list(mails(tmp_path / "alles.mbox", 10_000_000))) == 1
    assert time.monotonic() - begun < 2


RECEIVED = "Received: from a by b; Mon, 02 Mar 2026 10:20:00 +0100"


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        (mail("x", RECEIVED, "Received: from c by a; Mon, 02 Mar 2026 10:10:00 +0100"), (2026, 3, 2, 9, 20)),
        (mail("x"), (2026, 3, 2, 9, 16)),
        (mail("x", Date="onzin"), NOW.timetuple()[:5]),
        (mail("x", Date="Mon, 02 Mar 2099 10:16:00 +0100"), NOW.timetuple()[:5]),
        (b"", NOW.timetuple()[:5]),
        (b"From a@b.example Mon Mar  2 10:16:00 2026\n" + mail("x"), (2026, 3, 2, 9, 16)),
    ],
)
def test_the_moment_of_receipt_is_the_best_that_the_mail_tells(raw: bytes, moment: tuple[int, ...]) -> None:
    assert arrival(raw, "file", now=NOW).received.timetuple()[:5] == moment


def test_sender_and_recipients_are_those_of_the_last_server() -> None:
    raw = mail("x", Return_Path="<els@telenet.example>", Delivered_To="a@b.example", X_Original_To="a@b.example")
    received = NOW - timedelta(days=1)
    assert arrival(raw, "imap", now=NOW, received=received) == Envelope(
        "imap", "els@telenet.example", ("a@b.example",), received
    )


def test_a_hostile_head_costs_no_time() -> None:
    begun = time.monotonic()
    arrival(b"Received: " + b"x;" * 5_000_000, "file", now=NOW)
    arrival(b"a:b\r\n" * 500_000, "file", now=NOW)
    assert time.monotonic() - begun < 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file, so none can be shut to it")
async def test_a_file_that_may_not_be_read_is_told_once_and_stays(
    shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "dicht.eml").write_bytes(mail())
    (tmp_path / "dicht.eml").chmod(0)
    async with watching(shelf, tmp_path, rest_seconds=0.0):
        await asyncio.sleep(0.4)
    assert caplog.text.count("PermissionError") == 1
    assert (tmp_path / "dicht.eml").exists()
