"""The trained part at run time: linear scores over words, letter groups and signals, made into probabilities.

Everything is linear, so a word's contribution to all outputs is one row, made once and kept. The
file is made by `klachtwijzer train` from data in the project; it needs only numpy to be used.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from triage.features import Features
from triage.rows import Array, Rows


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


@dataclass(frozen=True, slots=True)
class Tables:
    """What was learned: a row of weights per letter group, word and mark, in this order."""

    grams: tuple[str, ...]
    words: tuple[str, ...]
    marks: tuple[str, ...]
    idf: Array
    """How telling each letter group and word is."""
    weights: Array
    bias: Array


class Model:
    """Weights and vocabulary; `predict` gives probabilities per head and label."""

    def __init__(self, heads: Sequence[Head], tables: Tables, version: str) -> None:
        self.heads = tuple(heads)
        self.tables = tables
        self.version = version
        words, marks = len(tables.grams), len(tables.grams) + len(tables.words)
        self.grams = {gram: i for i, gram in enumerate(tables.grams)}
        self.words = {word: words + i for i, word in enumerate(tables.words)}
        self.marks = {mark: marks + i for i, mark in enumerate(tables.marks)}
        self.idf, self.weights, self.bias = tables.idf, tables.weights, tables.bias
        self._letters = Rows(len(self.bias) + 1, self._of_letters)

    def predict(self, seen: Features) -> dict[str, dict[str, float]]:
        """Probability per head and label."""
        scores = self.scores(seen)
        return {
            head.name: _probabilities(head, scores[head.first : head.first + len(head.labels)]) for head in self.heads
        }

    def scores(self, seen: Features) -> Array:
        """The raw score of every output."""
        (letters,) = self._letters.places(word for word in seen.words if "_" not in word)
        lexical = [self.words[word] for word in seen.words if word in self.words]
        marks = {self.marks[mark]: value for mark, value in seen.marks.items() if mark in self.marks}
        total = self.bias.copy()
        if letters:
            summed = self._letters.table[letters].sum(axis=0)
            total += summed[:-1] / max(1e-6, float(summed[-1])) ** 0.5
        if lexical:
            telling = self.idf[lexical]
            total += (telling @ self.weights[lexical]) / max(1e-6, float(telling @ telling)) ** 0.5
        if marks:
            total += np.array(list(marks.values()), dtype=np.float32) @ self.weights[list(marks)]
        return total

    def _of_letters(self, word: str) -> Array | None:
        """What the letter groups of a word add to each output, and last the sum of their squares."""
        columns = [self.grams[gram] for gram in grams_of(word) if gram in self.grams]
        if not columns:
            return None
        telling = self.idf[columns]
        return np.append(telling @ self.weights[columns], telling @ telling).astype(np.float32)


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
    tables = model.tables
    rows = "\n".join((*tables.grams, *tables.words, *tables.marks))
    counts = np.array([len(tables.grams), len(tables.words)])
    heads = [f"{h.name}\t{h.exclusive:d}\t{h.temperature:.4f}\t{' '.join(h.labels)}" for h in model.heads]
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        rows=np.array(rows),
        counts=counts,
        heads=np.array("\n".join(heads)),
        idf=tables.idf.astype(np.float16),
        weights=tables.weights.astype(np.float16),
        bias=tables.bias,
    )


def load(path: Path) -> Model:
    """The model in a file; its version is the digest of the file. Raises OSError or ValueError when unreadable."""
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    with np.load(path, allow_pickle=False) as stored:
        rows = str(stored["rows"]).split("\n")
        grams, words = (int(n) for n in stored["counts"])
        heads: list[Head] = []
        first = 0
        for line in str(stored["heads"]).split("\n"):
            name, exclusive, temperature, labels = line.split("\t")
            heads.append(Head(name, tuple(labels.split()), exclusive == "1", first, float(temperature)))
            first += len(heads[-1].labels)
        tables = Tables(
            grams=tuple(rows[:grams]),
            words=tuple(rows[grams : grams + words]),
            marks=tuple(rows[grams + words :]),
            idf=stored["idf"].astype(np.float32),
            weights=stored["weights"].astype(np.float32),
            bias=stored["bias"],
        )
    return Model(heads, tables, version)
