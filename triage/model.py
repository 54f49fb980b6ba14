"""The trained part at run time: linear scores over words, letter groups and signals, made into probabilities.

Everything is linear, so a word's contribution to all outputs is one row, made once and kept. The
file is made by `klachtwijzer train` from data in the project; it needs only numpy to be used.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from triage.features import Features

Array = npt.NDArray[np.float32]
KEPT_WORDS = 40_000


@dataclass(frozen=True, slots=True)
class Head:
    """A group of outputs: one choice among `labels`, or each label yes or no by itself."""

    name: str
    labels: tuple[str, ...]
    exclusive: bool
    first: int
    """Column of its first label."""
    temperature: float
    """Found on held-out mails, so that a probability of 0.8 is right in 8 of 10."""


class Model:
    """Weights and vocabulary; `predict` gives probabilities per head and label."""

    def __init__(
        self, heads: Sequence[Head], grams: Sequence[str], words: Sequence[str], marks: Sequence[str],
        idf: Array, weights: Array, bias: Array, version: str,
    ) -> None:  # fmt: skip
        self.heads = tuple(heads)
        self.version = version
        self.grams = {gram: i for i, gram in enumerate(grams)}
        self.words = {word: len(grams) + i for i, word in enumerate(words)}
        self.marks = {mark: len(grams) + len(words) + i for i, mark in enumerate(marks)}
        self.idf = idf
        self.weights = weights
        self.bias = bias
        self._row = lru_cache(maxsize=KEPT_WORDS)(self._make_row)

    def predict(self, seen: Features) -> dict[str, dict[str, float]]:
        """Probability per head and label."""
        scores = self.scores(seen)
        return {head.name: _probabilities(head, scores[head.first : head.first + len(head.labels)]) for head in self.heads}

    def scores(self, seen: Features) -> Array:
        """The raw score of every output."""
        letters, lexical = np.zeros_like(self.bias), np.zeros_like(self.bias)
        letter_norm = word_norm = 0.0
        for word in seen.words:
            gram_row, gram_square, word_row, word_square = self._row(word)
            if gram_row is not None:
                letters += gram_row
                letter_norm += gram_square
            if word_row is not None:
                lexical += word_row
                word_norm += word_square
        total = self.bias + letters / max(1e-6, letter_norm) ** 0.5 + lexical / max(1e-6, word_norm) ** 0.5
        for mark, value in seen.marks.items():
            column = self.marks.get(mark)
            if column is not None:
                total = total + value * self.weights[column]
        return np.asarray(total, dtype=np.float32)

    def _make_row(self, word: str) -> tuple[Array | None, float, Array | None, float]:
        gram_row: Array | None = None
        gram_square = 0.0
        if "_" not in word:
            columns = [self.grams[gram] for gram in grams_of(word) if gram in self.grams]
            if columns:
                idf = self.idf[columns]
                gram_row = np.asarray(idf @ self.weights[columns], dtype=np.float32)
                gram_square = float(idf @ idf)
        column = self.words.get(word)
        if column is None:
            return gram_row, gram_square, None, 0.0
        factor = self.idf[column]
        return gram_row, gram_square, factor * self.weights[column], float(factor * factor)


def grams_of(word: str) -> list[str]:
    """Letter groups of three to five in a word, its edges included, each once."""
    edged = f" {word} "
    return list(dict.fromkeys(edged[i : i + n] for n in (3, 4, 5) for i in range(len(edged) - n + 1)))


def _probabilities(head: Head, scores: Array) -> dict[str, float]:
    scaled = scores.astype(np.float64) / head.temperature
    if head.exclusive:
        raised = np.exp(scaled - scaled.max())
        values = raised / raised.sum()
    else:
        values = 1.0 / (1.0 + np.exp(-scaled))
    return dict(zip(head.labels, values.tolist(), strict=True))


def save(path: Path, model: Model) -> None:
    """Writes the model as one compressed file of plain arrays; nothing in it is code."""
    rows = (*model.grams, *model.words, *model.marks)
    counts = np.array([len(model.grams), len(model.words), len(model.marks)])
    heads = [f"{h.name}\t{h.exclusive:d}\t{h.temperature:.4f}\t{' '.join(h.labels)}" for h in model.heads]
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path, rows=np.array("\n".join(rows)), counts=counts, heads=np.array("\n".join(heads)),
        idf=model.idf.astype(np.float16), weights=model.weights.astype(np.float16), bias=model.bias,
    )  # fmt: skip


def load(path: Path) -> Model:
    """The model in a file; its version is the digest of the file. Raises OSError or ValueError when it cannot be read."""
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    with np.load(path, allow_pickle=False) as stored:
        rows = str(stored["rows"]).split("\n")
        grams, words, _ = (int(n) for n in stored["counts"])
        heads: list[Head] = []
        first = 0
        for line in str(stored["heads"]).split("\n"):
            name, exclusive, temperature, labels = line.split("\t")
            heads.append(Head(name, tuple(labels.split()), exclusive == "1", first, float(temperature)))
            first += len(heads[-1].labels)
        return Model(
            heads, rows[:grams], rows[grams : grams + words], rows[grams + words :],
            stored["idf"].astype(np.float32), stored["weights"].astype(np.float32), stored["bias"], version,
        )  # fmt: skip
