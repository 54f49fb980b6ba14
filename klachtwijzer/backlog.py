"""Back-mail from files: each mail is kept like any other, once, however often the command is run."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from intake.folder import KINDS, Found, found, some
from intake.mbox import is_mbox
from register.book import Book
from register.groupcommit import GroupCommit
from register.marks import Marks

_MAILDIR = frozenset({"cur", "new"})
Progress = Callable[[int], None]
"""Told how many more bytes of the files were read."""


@dataclass(slots=True)
class Tally:
    """What became of the mails so far."""

    new: int = 0
    known: int = 0
    cut: int = 0
    """Too large: kept with their first part only."""
    troubles: list[str] = field(default_factory=list)
    """One line for each file that could not be read, or not to its end."""


def files(paths: Iterable[Path]) -> list[Path]:
    """The files with mails: those that are named, and in folders .eml, .mbox, Maildir and mbox files without a name.

    Raises FileNotFoundError for a path that does not exist.
    """
    listed: list[Path] = []
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path}: no such file or folder")
        listed += sorted(one for one in path.rglob("*") if _holds_mail(one)) if path.is_dir() else [path]
    return list(dict.fromkeys(listed))


def _holds_mail(path: Path) -> bool:
    if not path.is_file():
        return False
    if path.suffix.lower() in KINDS or path.parent.name in _MAILDIR:
        return True
    try:
        return not path.suffix and is_mbox(path)
    except OSError:
        return False


def take_in(book: Book, listed: Iterable[Path], size_limit: int, tally: Tally, progress: Progress) -> None:
    """Keeps every mail of these files; `tally` is right at any moment, also when an exception ends it.

    Raises what the register raises when it goes away; what was counted before is kept.
    """
    keep = GroupCommit(book)
    try:
        asyncio.run(_all(keep, Marks(book.engine), listed, size_limit, tally, progress))
    finally:
        keep.close()


async def _all(  # noqa: PLR0913, PLR0917 - the same as above, with where to keep.
    keep: GroupCommit, marks: Marks, listed: Iterable[Path], size_limit: int, tally: Tally, progress: Progress
) -> None:
    for path in listed:
        waiting = _readable(path, size_limit, tally)
        before = 0
        while batch := some(waiting):
            receipts = await asyncio.gather(*(keep(one.raw, one.envelope) for one in batch))
            for one, receipt in zip(batch, receipts, strict=True):
                tally.known += receipt.known
                tally.new += not receipt.known
                if one.cut:
                    tally.cut += 1
                    marks.note(receipt.digest, one.remark)
            progress(batch[-1].end - before)
            before = batch[-1].end


def _readable(path: Path, size_limit: int, tally: Tally) -> Iterator[Found]:
    try:
        number = 0
        for one in found(path, size_limit):
            number += 1
            yield one
        if not number:
            tally.troubles.append(f"{path}: no mail in it")
    except OSError as trouble:
        tally.troubles.append(f"{path}: cannot be read: {trouble.strerror}")
