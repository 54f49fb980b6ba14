"""Which sentence of a mail sounds like acute danger: a linear ear for sentences, mixed with the whole mail's view.

Danger told in passing drowns in a long mail; sentence by sentence it does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

import numpy as np

from triage.features import tokens, words_of
from triage.model import grams_of
from triage.rows import Array, Rows

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


class Alarm:
    """Scores sentences; `chance` mixes what was heard with what the whole mail tells."""

    def __init__(self, ear: Ear, mix: Mix) -> None:
        self.ear, self.mix = ear, mix
        self._grams = {gram: i for i, gram in enumerate(ear.grams)}
        self._words = {word: len(ear.grams) + i for i, word in enumerate(ear.words)}
        self._rows = Rows(4, self._row)

    def hear(self, sentences: Sequence[str]) -> Heard:
        """The loudest windows of one or two neighbouring sentences."""
        split = [tokens(text) for text in sentences]
        spoken = [(i, words_of(words)) for i, words in enumerate(split) if len(words) >= FEWEST_WORDS]
        if not spoken:
            return Heard(self.ear.start, -1)
        places = self._rows.places(*(words for _, words in spoken))
        sums = np.zeros((len(spoken), 4), dtype=np.float32)
        told = [i for i, one in enumerate(places) if one]
        if told:
            starts = np.cumsum([0, *(len(places[i]) for i in told[:-1])])
            sums[told] = np.add.reduceat(self._rows.table[[p for i in told for p in places[i]]], starts)
        alone = self._scores(sums)
        windows = np.concatenate([alone, self._scores(sums[:-1] + sums[1:])])
        order = np.argsort(-windows, kind="stable")
        best = int(order[0])
        if best >= len(spoken):
            best -= len(spoken)
            best += int(alone[best + 1] > alone[best])
        third = windows[order[min(2, len(order) - 1)]]
        return Heard(float(windows[order[0]] + THIRD * third), spoken[best][0])

    def chance(self, mail: float, heard: Heard) -> float:
        """Probability of acute danger; `mail` is the raw score that the whole mail got."""
        raw = self.mix.mail * mail + self.mix.loudest * heard.score + self.mix.start
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, raw))))

    def _scores(self, sums: Array) -> Array:
        letters = sums[:, 0] / np.sqrt(np.maximum(1e-6, sums[:, 1]))
        words = sums[:, 2] / np.sqrt(np.maximum(1e-6, sums[:, 3]))
        return np.asarray(self.ear.start + letters + words, dtype=np.float32)

    def _row(self, word: str) -> Array | None:
        """What a word adds: its letter groups and their squares, itself and its square."""
        columns = [self._grams[gram] for gram in grams_of(word) if gram in self._grams] if "_" not in word else []
        column = self._words.get(word)
        if not columns and column is None:
            return None
        row = np.zeros(4, dtype=np.float32)
        if columns:
            telling = self.ear.idf[columns]
            row[:2] = telling @ self.ear.weights[columns], telling @ telling
        if column is not None:
            telling_word = self.ear.idf[column]
            row[2:] = telling_word * self.ear.weights[column], telling_word * telling_word
        return row


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
