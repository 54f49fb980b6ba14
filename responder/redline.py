"""What a person changed in a letter, word by word, so that a colleague sees it at a glance."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, takewhile
from typing import Literal

Kind = Literal["gelijk", "weg", "bij"]

# A word, a run of blanks, or a sign: together they are the whole text.
_PIECE = re.compile(r"\w+|\s+|[^\w\s]")
# Comparing grows with how often the same word stands in both texts; beyond this it would keep a person waiting.
_HEAVIEST = 90_000


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch that stayed, went or came."""

    kind: Kind
    text: str


def changes(before: str, after: str) -> tuple[Change, ...]:
    """The way from one wording to the other, in the order of reading.

    All that stayed or went, put together, is `before`; all that stayed or came is `after`. Takes less than a second:
    the lines between the first and the last that differ go and come as a whole when words would take longer.
    """
    if before == after:
        return (Change("gelijk", before),) if before else ()
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    was, now = ("".join(lines[first : len(lines) - last]) for lines in (old, new))
    head, tail = Change("gelijk", "".join(old[:first])), Change("gelijk", "".join(old[len(old) - last :]))
    run = [head, *_by_word(_PIECE.findall(was), _PIECE.findall(now)), tail]
    return tuple(_calm([change for change in run if change.text]))


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """With how many equal lines both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _by_word(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """Word by word, or as a whole when that would take too long."""
    counts = Counter(new)
    if sum(number * counts[piece] for piece, number in Counter(old).items()) > _HEAVIEST:
        return [Change("weg", "".join(old)), Change("bij", "".join(new))]
    found: list[Change] = []
    # Without its own guess at junk, which would hide that a frequent word changed.
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Change("gelijk", "".join(old[i1:i2])))
            continue
        found += [Change("weg", "".join(old[i1:i2]))] if i1 < i2 else []
        found += [Change("bij", "".join(new[j1:j2]))] if j1 < j2 else []
    return found


def _calm(found: list[Change]) -> Iterator[Change]:
    """One stretch in place of a word, a blank and a word that changed one by one."""
    joined: list[Change] = []
    for number, change in enumerate(found):
        between = 0 < number < len(found) - 1 and change.kind == "gelijk" and change.text.strip(" ") == ""
        joined += [Change("weg", change.text), Change("bij", change.text)] if between else [change]
    for same, group in groupby(joined, key=lambda change: change.kind == "gelijk"):
        run = list(group)
        if same:
            yield Change("gelijk", "".join(change.text for change in run))
            continue
        for kind in ("weg", "bij"):
            if text := "".join(change.text for change in run if change.kind == kind):
                yield Change(kind, text)
