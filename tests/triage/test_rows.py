"""Rows of words: made once, found again, and thrown away before they fill the memory."""

import numpy as np
import pytest

from triage.rows import Array, Rows


class _Maker:
    """Gives each word its length, and none to words that begin with a z; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, word: str) -> Array | None:
        self.asked.append(word)
        return None if word.startswith("z") else np.array([len(word), 1], dtype=np.float32)


@pytest.fixture
def maker() -> _Maker:
    return _Maker()


def test_a_word_is_made_once_and_silent_words_have_no_place(maker: _Maker) -> None:
    rows = Rows(2, maker)
    first, second = rows.places(["aap", "zee"], ["noot", "aap"])
    assert [len(first), len(second)] == [1, 2]
    assert rows.table[first].tolist() == [[3, 1]]
    assert rows.table[second].tolist() == [[4, 1], [3, 1]]
    rows.places(["zee", "aap"])
    assert maker.asked == ["aap", "zee", "noot"]


def test_a_table_that_is_too_small_grows(maker: _Maker) -> None:
    rows = Rows(2, maker)
    words = [f"w{number}" for number in range(10_000)]
    (places,) = rows.places(words)
    assert rows.table[places][:, 0].tolist() == [len(word) for word in words]


def test_a_full_table_starts_anew_and_stays_right(maker: _Maker) -> None:
    rows = Rows(2, maker, kept=3)
    rows.places(["a", "bb", "ccc", "dddd"])
    (places,) = rows.places(["eeeee", "a"])
    assert rows.table[places].tolist() == [[5, 1], [1, 1]]
    assert maker.asked == ["a", "bb", "ccc", "dddd", "eeeee", "a"]
