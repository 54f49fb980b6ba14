"""A mistake in the rules, told so that its author can find and mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing that is wrong in a file of the rules; lines and columns count from 1."""

    file: str
    line: int
    column: int
    name: str
    """Short and stable; `docs/handboek-regels.md` explains each."""
    what: str
    hint: str = ""
    warning: bool = False
    """A warning is shown and does not keep the rules from being used."""

    def __str__(self) -> str:
        tail = f", {self.hint}" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column}: {self.name} — {self.what}{tail}"


class RulebookError(Exception):
    """The rules are refused as a whole; `mistakes` holds every reason at once."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word most like `word`, or nothing when none is near."""
    close = get_close_matches(word.casefold(), sorted(known), n=1, cutoff=0.6)
    return f"bedoelde u `{close[0]}`?" if close else ""
