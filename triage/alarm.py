"""Which sentence of a mail sounds like acute danger: a linear ear for sentences, mixed with the whole mail's view.

Danger told in passing drowns in a long mail; sentence by sentence it does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp, sqrt
from pathlib import Path

import numpy as np

from triage.features import tokens, words_of
from triage.model import KEPT_WORDS, Array, grams_of

# A sentence of fewer words says nothing by itself.
FEWEST_WORDS = 3
# How much the third loudest window adds: one alarming sentence counts, several count more.
THIRD = 0.3


@dataclass(frozen=True, slots=True)
class Mix:
    """Probability of acute danger = logistic(mail · score of the mail + loudest · score of the sentences + start)."""

    mail: float
    loudest: float
    start: float


@dataclass(frozen=True, slots=True)
class Ear:
    """What was learned: one weight per letter group and word."""

    grams: tuple[str, ...]
    words: tuple[str, ...]
    idf: Array
    weights: Array
    start: float


@dataclass(frozen=True, slots=True)
class Heard:
    """How alarming the sentences of a mail are together, and which is most."""

    score: float
    sentence: int
    """Number of the loudest sentence, or -1 when there was none."""


_Sums = tuple[float, float, float, float]


class Alarm:
    """Scores sentences; `chance` mixes what was heard with what the whole mail tells."""

    def __init__(self, ear: Ear, mix: Mix) -> None:
        self.ear, self.mix = ear, mix
        self._grams = {gram: i for i, gram in enumerate(ear.grams)}
        self._words = {word: len(ear.grams) + i for i, word in enumerate(ear.words)}
        self._row = lru_cache(maxsize=KEPT_WORDS)(self._make_row)

    def hear(self, sentences: Sequence[str]) -> Heard:
        """The loudest windows of one or two neighbouring sentences."""
        sums = [(i, self._sums(tokens(text))) for i, text in enumerate(sentences)]
        spoken = [(i, one) for i, one in sums if one is not None]
        if not spoken:
            return Heard(self.ear.start, -1)
        alone = [(self._score(one), i) for i, one in spoken]
        pairs = [
            (self._score((a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3])), i if x >= y else j)
            for ((i, a), (j, b)), ((x, _), (y, _)) in zip(pairwise(spoken), pairwise(alone), strict=True)
        ]
        order = sorted((*alone, *pairs), reverse=True)
        third = order[2] if len(order) > 2 else order[-1]
        return Heard(order[0][0] + THIRD * third[0], order[0][1])

    def chance(self, mail: float, heard: Heard) -> float:
        """Probability of acute danger; `mail` is the raw score that the whole mail got."""
        raw = self.mix.mail * mail + self.mix.loudest * heard.score + self.mix.start
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, raw))))

    def _sums(self, spoken: list[str]) -> _Sums | None:
        if len(spoken) < FEWEST_WORDS:
            return None
        rows = [self._row(word) for word in words_of(spoken)]
        return tuple(map(sum, zip(*rows, strict=True)))  # type: ignore[return-value]

    def _score(self, sums: _Sums) -> float:
        letters, letter_square, words, word_square = sums
        return self.ear.start + letters / sqrt(max(1e-6, letter_square)) + words / sqrt(max(1e-6, word_square))

    def _make_row(self, word: str) -> _Sums:
        letters = letter_square = 0.0
        for gram in grams_of(word) if "_" not in word else ():
            column = self._grams.get(gram)
            if column is not None:
                telling = float(self.ear.idf[column])
                letters += telling * float(self.ear.weights[column])
                letter_square += telling * telling
        column = self._words.get(word)
        if column is None:
            return letters, letter_square, 0.0, 0.0
        telling = float(self.ear.idf[column])
        return letters, letter_square, telling * float(self.ear.weights[column]), telling * telling


def save(path: Path, alarm: Alarm) -> None:
    """Writes the alarm as one compressed file of plain arrays."""
    ear, mix = alarm.ear, alarm.mix
    np.savez_compressed(
        path,
        rows=np.array("\n".join((*ear.grams, *ear.words))),
        counts=np.array([len(ear.grams)]),
        idf=ear.idf.astype(np.float16),
        weights=ear.weights.astype(np.float16),
        numbers=np.array([ear.start, mix.mail, mix.loudest, mix.start]),
    )


def load(path: Path) -> Alarm:
    """The alarm in a file. Raises OSError or ValueError when it is unreadable."""
    with np.load(path, allow_pickle=False) as stored:
        rows = str(stored["rows"]).split("\n")
        grams = int(stored["counts"][0])
        start, mail, loudest, mixed = (float(number) for number in stored["numbers"])
        idf, weights = stored["idf"].astype(np.float32), stored["weights"].astype(np.float32)
    return Alarm(Ear(tuple(rows[:grams]), tuple(rows[grams:]), idf, weights, start), Mix(mail, loudest, mixed))
