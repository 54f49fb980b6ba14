"""Trains the linear part from labelled mails in the project; reproducible, by one command, in a minute or two.

There are far fewer mails than words, so everything is learned in the space of the mails (a kernel that is
the plain dot product) and turned back into a weight per word at the end: the same result, many times faster.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from klachtwijzer.targets import Label, Target, targets
from triage.features import Features
from triage.model import Head, Model, Tables, grams_of

Table = npt.NDArray[np.float64]

# Found by leaving out one writer at a time: how loud letters, words, votes, signals and form speak.
LOUDNESS: Mapping[str, float] = {"letters": 3.0, "words": 3.0, "votes": 0.1, "signals": 0.1, "form": 0.1, "muted": 0.05}
CHOICE_STRENGTH = 6.0
YES_NO_STRENGTH = 6.0
FEWEST = 4  # A yes-or-no label with fewer examples than this is left to the rules.
FOLDS = 6
SEED = 20261123
NEVER = -6.0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Letter groups, words and marks that count, how telling each is, and how loud."""

    grams: tuple[str, ...]
    words: tuple[str, ...]
    marks: tuple[str, ...]
    idf: Table
    loudness: Table
    """Per column the factor (not squared) with which it speaks."""


def vocabulary(seen: Sequence[Features], *, fewest_grams: int = 3, fewest_words: int = 2) -> Vocabulary:
    """What occurs in enough mails to be learned from."""
    in_mails: dict[str, dict[str, int]] = {"grams": {}, "words": {}, "marks": {}}
    for one in seen:
        single = [word for word in one.words if "_" not in word]
        for kind, names in (
            ("grams", {gram for word in single for gram in grams_of(word)}),
            ("words", set(one.words)),
            ("marks", set(one.marks)),
        ):
            for name in names:
                in_mails[kind][name] = in_mails[kind].get(name, 0) + 1
    grams = tuple(sorted(g for g, n in in_mails["grams"].items() if n >= fewest_grams))
    words = tuple(sorted(w for w, n in in_mails["words"].items() if n >= fewest_words))
    marks = tuple(sorted(m for m, n in in_mails["marks"].items() if n >= fewest_words))
    counts = [in_mails["grams"][g] for g in grams] + [in_mails["words"][w] for w in words]
    idf = np.log((1 + len(seen)) / (1 + np.array(counts, dtype=np.float64))) + 1
    loud = ["letters"] * len(grams) + ["words"] * len(words) + [_kind(mark) for mark in marks]
    return Vocabulary(grams, words, marks, idf, np.sqrt(np.array([LOUDNESS[kind] for kind in loud])))


def _kind(mark: str) -> str:
    if "=" in mark:
        return "votes"
    if "|" in mark:
        return "muted"
    return "form" if mark.startswith(("vorm:", "domein:", "vragen:")) else "signals"


def matrix(seen: Sequence[Features], known: Vocabulary) -> sp.csr_matrix:
    """One row a mail, exactly as `Model.scores` adds up its words and marks, times the loudness."""
    columns = {name: i for i, name in enumerate(known.grams)}
    words = {name: len(known.grams) + i for i, name in enumerate(known.words)}
    marks = {name: len(known.grams) + len(known.words) + i for i, name in enumerate(known.marks)}
    rows = [_row(one, known.idf, columns, words, marks) for one in seen]
    pointers = np.cumsum([0, *(len(row) for row in rows)])
    indices = np.fromiter((c for row in rows for c in row), dtype=np.int64)
    values = np.fromiter((v for row in rows for v in row.values()), dtype=np.float64)
    width = len(known.grams) + len(known.words) + len(known.marks)
    table = sp.csr_matrix((values, indices, pointers), shape=(len(rows), width))
    return sp.csr_matrix(table @ sp.diags(known.loudness))


def _row(
    one: Features, idf: Table, columns: Mapping[str, int], words: Mapping[str, int], marks: Mapping[str, int]
) -> dict[int, float]:
    row: dict[int, float] = {}
    letters = [columns[g] for w in one.words if "_" not in w for g in grams_of(w) if g in columns]
    norm = max(1e-6, sum(float(idf[c] ** 2) for c in letters)) ** 0.5
    for column in letters:
        row[column] = row.get(column, 0.0) + float(idf[column]) / norm
    lexical = [words[w] for w in one.words if w in words]
    norm = max(1e-6, sum(float(idf[c] ** 2) for c in lexical)) ** 0.5
    row |= {column: float(idf[column]) / norm for column in lexical}
    return row | {marks[name]: value for name, value in one.marks.items() if name in marks}


@dataclass(frozen=True, slots=True)
class Space:
    """The space that some mails span: their coordinates, and the way back to columns."""

    points: Table
    back: Table


def _space(gram: Table) -> Space:
    squares, axes = np.linalg.eigh(gram)
    kept = squares > 1e-6
    roots = np.sqrt(squares[kept])
    return Space(axes[:, kept] * roots, axes[:, kept] / roots)


def _learn(target: Target, points: Table) -> Iterator[tuple[Table, float]]:
    """Slope and start per label of a head, in the order of its labels."""
    known = [i for i, truth in enumerate(target.truth) if truth is not None]
    nothing = (np.zeros(points.shape[1]), NEVER)
    if not target.exclusive:
        for label in target.labels:
            holds = np.array([label in (target.truth[i] or ()) for i in known])
            yield _yes_no(points[known], holds) if holds.sum() >= FEWEST else nothing
        return
    answers = np.array([(target.truth[i] or ("",))[0] for i in known])
    learner = LogisticRegression(C=CHOICE_STRENGTH, class_weight="balanced", max_iter=500)
    learner.fit(points[known], answers)
    slopes, starts = learner.coef_, learner.intercept_
    if len(learner.classes_) == 2:
        slopes, starts = np.vstack([-slopes, slopes]) / 2, np.concatenate([-starts, starts]) / 2
    learned = {str(name): i for i, name in enumerate(learner.classes_)}
    for label in target.labels:
        yield (slopes[learned[label]], float(starts[learned[label]])) if label in learned else nothing


def _yes_no(points: Table, holds: npt.NDArray[np.bool_]) -> tuple[Table, float]:
    learner = LogisticRegression(C=YES_NO_STRENGTH, class_weight="balanced", max_iter=500)
    learner.fit(points, holds)
    return learner.coef_[0], float(learner.intercept_[0])


@dataclass(frozen=True, slots=True)
class Trained:
    """A calibrated model, and what models that had not seen a mail said of it (raw scores per mail and output)."""

    model: Model
    unseen: Table


def train(
    seen: Sequence[Features], labels: Sequence[Label], sectors: Sequence[str], groups: Sequence[str] = ()
) -> Trained:
    """Learns from all mails; each head is calibrated on mails held out in turn (`groups`: whole groups at a time)."""
    known = vocabulary(seen)
    rows = matrix(seen, known)
    gram = np.asarray((rows @ rows.T).todense(), dtype=np.float64)
    wanted = targets(labels, sectors)
    unseen = _unseen(gram, wanted, _folds(len(seen), groups))
    heads: list[Head] = []
    first = 0
    for target in wanted:
        scores = unseen[:, first : first + len(target.labels)]
        heads.append(Head(target.name, target.labels, target.exclusive, first, temperature(target, scores)))
        first += len(target.labels)
    space = _space(gram)
    pairs = [pair for target in wanted for pair in _learn(target, space.points)]
    slopes = space.back @ np.stack([slope for slope, _ in pairs], axis=1)
    weights = np.asarray(sp.diags(known.loudness) @ (rows.T @ slopes), dtype=np.float32)
    bias = np.array([start for _, start in pairs], dtype=np.float32)
    idf = known.idf.astype(np.float32)
    tables = Tables(known.grams, known.words, known.marks, idf, weights, bias)
    return Trained(Model(heads, tables, "nieuw"), unseen)


def _folds(number: int, groups: Sequence[str]) -> npt.NDArray[np.int64]:
    if groups:
        names = {name: i for i, name in enumerate(sorted(set(groups)))}
        return np.array([names[group] for group in groups])
    return np.random.default_rng(SEED).permutation(number) % FOLDS


def _unseen(gram: Table, wanted: Sequence[Target], folds: npt.NDArray[np.int64]) -> Table:
    scores = np.zeros((len(folds), sum(len(target.labels) for target in wanted)))
    for fold in np.unique(folds):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        space = _space(gram[np.ix_(inside, inside)])
        there = gram[np.ix_(outside, inside)] @ space.back
        part = [replace(target, truth=tuple(target.truth[i] for i in inside)) for target in wanted]
        pairs = [pair for target in part for pair in _learn(target, space.points)]
        scores[outside] = np.stack([there @ slope + start for slope, start in pairs], axis=1)
    return scores


def temperature(target: Target, scores: Table) -> float:
    """The temperature at which held-out truth is least surprising."""
    known = [i for i, truth in enumerate(target.truth) if truth]
    if not known or not target.exclusive:
        return 1.0
    answers = np.array([target.labels.index((target.truth[i] or ("",))[0]) for i in known])
    told = scores[known]

    def surprise(logarithm: float) -> float:
        scaled = told / np.exp(logarithm)
        top = scaled.max(axis=1, keepdims=True)
        chances = scaled - top - np.log(np.exp(scaled - top).sum(axis=1, keepdims=True))
        return float(-chances[np.arange(len(known)), answers].mean())

    found: Any = minimize_scalar(surprise, bounds=(-2.0, 2.0), method="bounded")
    return float(np.exp(found.x))
