"""Trains the ear for single sentences: from sentences written for it, and from the sentences of labelled mails."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from klachtwijzer.targets import Label
from klachtwijzer.train import Vocabulary, matrix, vocabulary
from triage.alarm import Alarm, Ear, Mix
from triage.features import Features, tokens, words_of
from triage.vocabulary import ACUUT

STRENGTH = 1.7
# A sentence of a harmless mail is surely harmless; written sentences are the better teachers all the same.
MAIL_WEIGHT = 0.5
# In how many rounds the loudest sentence of a dangerous mail is taken for the one that tells of the danger.
ROUNDS = 2
PAST = "verleden"


@dataclass(frozen=True, slots=True)
class Written:
    """A single sentence and whether it tells of possible acute danger, past abuse included."""

    text: str
    danger: bool


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences of a labelled mail, and what its label says of danger."""

    sentences: tuple[str, ...]
    label: Label
    group: str
    """Who wrote it; nobody's mails are judged by an ear that learned from his other mails."""

    @property
    def acute(self) -> bool:
        return bool(ACUUT & set(self.label["gevaar"]))

    @property
    def harmless(self) -> bool:
        may = self.label.get("aanvaardbaar", {}).get("uitkomst", [])
        return not self.acute and "escaleren" not in (self.label["uitkomst"], *may)


def written(files: Iterable[Path]) -> list[Written]:
    """The sentences of JSON lines files (`zin`, `gevaar`)."""
    lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line]
    return [Written(one["zin"], bool(ACUUT & set(one["gevaar"])) or PAST in one["gevaar"]) for one in lines]


def _seen(text: str) -> Features:
    return Features(tuple(words_of(tokens(text))), {})


class _Class:
    """Everything one ear may learn from, as rows."""

    def __init__(self, sentences: Sequence[Written], mails: Sequence[Told]) -> None:
        self.mails = mails
        seen = [_seen(one.text) for one in sentences]
        self.per_mail = [[_seen(text) for text in mail.sentences] or [_seen("")] for mail in mails]
        self.known: Vocabulary = vocabulary([*seen, *(one for mail in self.per_mail for one in mail)])
        self.rows = matrix(seen, self.known)
        self.danger = np.array([one.danger for one in sentences])
        self.mail_rows = [matrix(mail, self.known) for mail in self.per_mail]

    def learn(self, inside: Sequence[int]) -> LogisticRegression:
        """An ear that heard the written sentences and these mails."""
        calm = sp.vstack([self.mail_rows[i] for i in inside if self.mails[i].harmless])
        rows = sp.vstack([self.rows, calm])
        truth = np.concatenate([self.danger, np.zeros(calm.shape[0], bool)])
        weight = np.concatenate([np.ones(len(self.danger)), np.full(calm.shape[0], MAIL_WEIGHT)])
        ear = _fit(rows, truth, weight)
        acute = [i for i in inside if self.mails[i].acute]
        for _ in range(ROUNDS if acute else 0):
            loudest = sp.vstack(
                [self.mail_rows[i][int(np.argmax(ear.decision_function(self.mail_rows[i])))] for i in acute]
            )
            ear = _fit(
                sp.vstack([rows, loudest]),
                np.concatenate([truth, np.ones(loudest.shape[0], bool)]),
                np.concatenate([weight, np.ones(loudest.shape[0])]),
            )
        return ear

    def alarm(self, ear: LogisticRegression, mix: Mix) -> Alarm:
        """The ear as it is used in service."""
        weights = (np.asarray(ear.coef_[0]) * self.known.loudness).astype(np.float32)
        idf = self.known.idf.astype(np.float32)
        return Alarm(Ear(self.known.grams, self.known.words, idf, weights, float(ear.intercept_[0])), mix)


def _fit(rows: sp.csr_matrix, truth: npt.NDArray[np.bool_], weight: npt.NDArray[np.float64]) -> LogisticRegression:
    learner = LogisticRegression(C=STRENGTH, max_iter=200, solver="liblinear")
    return learner.fit(sp.csr_matrix(rows), truth, sample_weight=weight)


def train_alarm(
    sentences: Sequence[Written], mails: Sequence[Told], unseen: npt.NDArray[np.float64]
) -> tuple[Alarm, npt.NDArray[np.float64]]:
    """The ear, mixed with the whole mail's view, and each mail's chance of danger by ears that had not heard it.

    `unseen` holds each mail's raw score by a model that had not seen it.
    """
    room = _Class(sentences, mails)
    heard = np.zeros(len(mails))
    plain = Mix(0.0, 1.0, 0.0)
    for group in sorted({mail.group for mail in mails}):
        inside = [i for i, mail in enumerate(mails) if mail.group != group]
        alarm = room.alarm(room.learn(inside), plain)
        for i, mail in enumerate(mails):
            if mail.group == group:
                heard[i] = alarm.hear(mail.sentences).score
    mixer: Any = LogisticRegression(C=1.0)
    mixer.fit(np.column_stack([unseen, heard]), np.array([mail.acute for mail in mails]))
    mix = Mix(float(mixer.coef_[0][0]), float(mixer.coef_[0][1]), float(mixer.intercept_[0]))
    chances = mixer.predict_proba(np.column_stack([unseen, heard]))[:, 1]
    return room.alarm(room.learn(range(len(mails))), mix), np.asarray(chances, dtype=np.float64)
