"""The mails of an mbox file, one after another, however large the file is."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

# Some programs write the words "From " at the start of a line unchanged, so a sign of time must stand behind it.
_SEPARATOR = re.compile(rb"From \S*.*\d\d:\d\d.*\d{4}|From [^\s@]+@\S+ .*\d{4}|From - ")
_LONGEST_SEPARATOR = 400
_PIECE = 65_536
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def is_mbox(path: Path) -> bool:
    """Whether the file begins as an mbox does. Raises OSError."""
    with path.open("rb") as file:
        return _SEPARATOR.match(file.readline(1000)) is not None


def mails(path: Path, most: int) -> Iterator[tuple[bytes, int, int]]:
    """Each mail, its whole size, and where it ends in the file, in bytes.

    Of a mail larger than `most` only its first bytes come. Lines that the mbox quoted (`>From `) are as they were.
    Raises OSError.
    """
    with path.open("rb") as file:
        yield from _split(file, most)


def _split(file: BinaryIO, most: int) -> Iterator[tuple[bytes, int, int]]:
    lines: list[bytes] = []
    held = size = at = 0
    inside, blank, begins = False, True, True
    # A line without end comes in pieces.
    for line in iter(lambda: file.readline(_PIECE), b""):
        if begins and blank and _SEPARATOR.match(line, 0, _LONGEST_SEPARATOR):
            if inside:
                yield _unquoted(lines), size, at
            lines, held, size, inside = [], 0, 0, True
        elif inside:
            size += len(line)
            if held < most:
                lines.append(line[: most - held])
                held += len(lines[-1])
        blank = begins and not line.strip(b"\r\n")
        begins = line.endswith(b"\n")
        at += len(line)
    if inside:
        yield _unquoted(lines), size, at


def _unquoted(lines: list[bytes]) -> bytes:
    # The blank line before the next mail belongs to the mbox, not to the mail.
    if lines and not lines[-1].strip(b"\r\n"):
        lines = lines[:-1]
    return _QUOTED.sub(rb"\1", b"".join(lines))
