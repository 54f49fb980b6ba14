"""A row of numbers per word, made once and kept in one table, so that a mail's words are added up in one step."""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

# So many words are kept; whoever writes the next one starts the table anew.
KEPT = 40_000
_FIRST = 4_096


class Rows:
    """Places of words in `table`; `make` gives the row of a word, or None when it says nothing."""

    def __init__(self, width: int, make: Callable[[str], Array | None], kept: int = KEPT) -> None:
        self.table: Array = np.zeros((_FIRST, width), dtype=np.float32)
        self._make, self._kept = make, kept
        self._places: dict[str, int] = {}
        self._next = 0

    def places(self, *texts: Iterable[str]) -> list[list[int]]:
        """Per text where the rows of its words stand, in their order; words that say nothing have none.

        The places hold until the next call.
        """
        if len(self._places) > self._kept:
            self._places.clear()
            self._next = 0
        known = self._places
        return [
            [place for word in text if (place := known[word] if word in known else self._add(word)) >= 0]
            for text in texts
        ]

    def _add(self, word: str) -> int:
        row = self._make(word)
        if row is None:
            self._places[word] = -1
            return -1
        if self._next == len(self.table):
            self.table = np.concatenate([self.table, np.zeros_like(self.table)])
        place = self._next
        self.table[place] = row
        self._places[word] = place
        self._next += 1
        return place
