"""Differences as people read them: between two decisions, and between the files of two rulebooks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from register.rulebooks import Differences, Files
from responder.redline import Change, changes

_CONTEXT = 2
# Comparing word by word pays for lines that people write; beyond this both are shown whole.
_LONGEST_LINE = 1_500
TITLES: Mapping[str, str] = {
    "uitkomst": "Uitkomst",
    "sector": "Sector",
    "instanties": "Instanties",
    "dringendheid": "Dringendheid",
    "gevaar": "Gevaar",
    "betrokkene": "Over wie",
    "decreten": "Decreten",
    "brief": "Brief",
    "automatisch": "Vertrekt zonder persoon",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a decision before and after; no values means none."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def title(self) -> str:
        """What people call it."""
        return TITLES.get(self.name, self.name)


def compared(differs: Differences) -> tuple[Field, ...]:
    """The fields that differ, the outcome first."""
    return tuple(Field(name, _said(differs[name][0]), _said(differs[name][1])) for name in TITLES if name in differs)


def _said(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(str(one) for one in value)
    if isinstance(value, bool):
        return ("ja" if value else "nee",)
    return () if value is None else (str(value),)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file that stayed, went or came; in one that changed little, the words that did."""

    kind: Literal["gelijk", "weg", "bij"]
    before: int | None
    """Its number in the former file, from 1."""
    after: int | None
    pieces: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file that differs, in stretches with the lines around them."""

    path: str
    kind: Literal["nieuw", "weg", "gewijzigd"]
    stretches: tuple[tuple[Line, ...], ...]

    @property
    def came(self) -> int:
        """How many lines came."""
        return sum(line.kind == "bij" for stretch in self.stretches for line in stretch)

    @property
    def went(self) -> int:
        """How many lines went."""
        return sum(line.kind == "weg" for stretch in self.stretches for line in stretch)


def difference(before: Files, after: Files) -> tuple[FileChange, ...]:
    """What changed from one rulebook to the other, by path."""
    paths = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    return tuple(file_change(path, before.get(path), after.get(path)) for path in paths)


def file_change(path: str, before: bytes | None, after: bytes | None) -> FileChange:
    """What changed in one file; None where there is none."""
    old, new = (readable(text).splitlines() for text in (before or b"", after or b""))
    kind: Literal["nieuw", "weg", "gewijzigd"] = "nieuw" if before is None else "weg" if after is None else "gewijzigd"
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_CONTEXT)
    return FileChange(path, kind, tuple(tuple(_stretch(group, old, new)) for group in groups))


def readable(text: bytes) -> str:
    """The text of a file; what is no UTF-8 is shown with a mark in its place."""
    return text.decode("utf-8", "replace")


def _stretch(group: Sequence[tuple[str, int, int, int, int]], old: list[str], new: list[str]) -> Iterator[Line]:
    for tag, i1, i2, j1, j2 in group:
        if tag == "equal":
            for step in range(i2 - i1):
                yield Line("gelijk", i1 + step + 1, j1 + step + 1, (Change("gelijk", old[i1 + step]),))
            continue
        paired = i2 - i1 == j2 - j1 and all(len(line) < _LONGEST_LINE for line in (*old[i1:i2], *new[j1:j2]))
        words = [changes(old[i1 + step], new[j1 + step]) for step in range(i2 - i1)] if paired else []
        for step in range(i2 - i1):
            whole = (Change("gelijk", old[i1 + step]),)
            pieces = tuple(one for one in words[step] if one.kind != "bij") if words else whole
            yield Line("weg", i1 + step + 1, None, pieces)
        for step in range(j2 - j1):
            whole = (Change("gelijk", new[j1 + step]),)
            pieces = tuple(one for one in words[step] if one.kind != "weg") if words else whole
            yield Line("bij", None, j1 + step + 1, pieces)
