"""The folder door: mails that somebody lays in a folder as .eml or .mbox files are kept, and then put away."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from intake.arrival import arrival
from intake.mbox import is_mbox, mails
from intake.message import Envelope, Keep

_log = logging.getLogger("klachtwijzer.intake.folder")

KINDS = (".eml", ".mbox")
DONE = "ingelezen"
LEFT = "niet-ingelezen"
_BATCH = 50
_SHOWN_BYTES = 1_000_000
Note = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Found:
    """A mail in a file."""

    raw: bytes
    size: int
    """Of the whole mail, in bytes."""
    end: int
    """Where it ends in the file."""
    cut: bool = False
    """Whether only its first part was read, because it is too large."""

    @property
    def envelope(self) -> Envelope:
        """How it once arrived, by its own account."""
        return arrival(self.raw, "file", now=datetime.now(UTC))

    @property
    def remark(self) -> str:
        """For staff, of a mail that is too large; empty for any other."""
        if not self.cut:
            return ""
        return (
            f"Dit bericht is te groot ({self.size / 1e6:.1f} MB): alleen het begin werd gelezen, bijlagen kunnen "
            "ontbreken. Het bestand waaruit het kwam is bewaard."
        )


def found(path: Path, size_limit: int) -> Iterator[Found]:
    """The mails of a file: one of any file, all of an mbox. Empty ones are none. Raises OSError."""
    if path.suffix.lower() == ".mbox" or is_mbox(path):
        for raw, size, end in mails(path, size_limit):
            if raw.strip():
                cut = size > size_limit
                yield Found(raw[:_SHOWN_BYTES] if cut else raw, size, end, cut)
        return
    size = path.stat().st_size
    with path.open("rb") as file:
        raw = file.read(_SHOWN_BYTES if size > size_limit else -1)
    if raw.strip():
        yield Found(raw, size, size, size > size_limit)


class FolderDoor:
    """Watches a folder. A file is moved to its folder `ingelezen` once each of its mails is kept; nothing is deleted.

    A file that is still being written is left until it rests. One without a mail goes to `niet-ingelezen`.
    """

    def __init__(  # noqa: PLR0913 - a door has this many settings, and each is named by its caller.
        self,
        keep: Keep,
        note: Note,
        folder: Path,
        *,
        size_limit: int,
        every_seconds: float = 2.0,
        rest_seconds: float = 2.0,
    ) -> None:
        self._keep = keep
        self._note = note
        self._folder = folder
        self._size_limit = size_limit
        self._every = every_seconds
        self._rest = rest_seconds
        self._told: dict[Path, str] = {}

    def start(self) -> None:
        """Makes the folders; raises OSError when that is not allowed."""
        for name in (DONE, LEFT):
            (self._folder / name).mkdir(parents=True, exist_ok=True)

    async def run(self, stop: asyncio.Event) -> None:
        """Looks again and again until `stop` is set."""
        while not stop.is_set():
            for path in await asyncio.to_thread(self._waiting):
                if stop.is_set():
                    break
                try:
                    await self._take(path)
                    self._told.pop(path, None)
                except Exception as trouble:
                    # The file stays where it is; the same trouble is told once.
                    if self._told.get(path) != type(trouble).__name__:
                        self._told[path] = type(trouble).__name__
                        _log.error("a file in the folder was not read: %s", type(trouble).__name__)
            try:
                await asyncio.wait_for(stop.wait(), self._every)
            except TimeoutError:
                continue

    def _waiting(self) -> list[Path]:
        """The files that rest, oldest name first."""
        now = time.time()
        try:
            files = sorted(path for path in self._folder.iterdir() if path.suffix.lower() in KINDS)
            return [
                path
                for path in files
                if not path.name.startswith(".") and path.is_file() and now - path.stat().st_mtime >= self._rest
            ]
        except OSError as trouble:
            _log.error("the folder was not read: %s", type(trouble).__name__)
            return []

    async def _take(self, path: Path) -> None:
        number, waiting = 0, iter(found(path, self._size_limit))
        while batch := await asyncio.to_thread(some, waiting):
            receipts = await asyncio.gather(*(self._keep(one.raw, one.envelope) for one in batch))
            for one, receipt in zip(batch, receipts, strict=True):
                if one.remark:
                    await asyncio.to_thread(self._note, receipt.digest, one.remark)
            number += len(batch)
        await asyncio.to_thread(self._put_away, path, DONE if number else LEFT)
        _log.info("file read: %d mails", number)

    def _put_away(self, path: Path, where: str) -> None:
        target = self._folder / where / path.name
        if target.exists():
            # Two files of one name are two files.
            with path.open("rb") as file:
                mark = hashlib.file_digest(file, "sha256").hexdigest()[:12]
            target = target.with_name(f"{path.stem}-{mark}{path.suffix}")
        # Another process that watches the same folder may have been quicker; the mails are kept once all the same.
        if path.exists():
            path.replace(target)


def some(waiting: Iterator[Found]) -> list[Found]:
    """The next mails, as many as may be held in memory at once."""
    batch: list[Found] = []
    size = 0
    for one in waiting:
        batch.append(one)
        size += len(one.raw)
        if len(batch) >= _BATCH or size > 16_000_000:
            break
    return batch
