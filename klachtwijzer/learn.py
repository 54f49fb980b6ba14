"""`klachtwijzer train`: labelled folders become the trained part that is shipped."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from klachtwijzer.labelled import Labelled, labelled
from klachtwijzer.train import Trained, train
from klachtwijzer.train_alarm import Told, train_alarm, written
from triage import alarm as alarms
from triage import model as models
from triage.assess import own_sentences
from triage.features import features
from triage.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned, and what parts that had not seen a mail said of it: the ground for thresholds."""

    mails: tuple[Labelled, ...]
    trained: Trained
    chances: npt.NDArray[np.float64]
    """Chance of acute danger per mail, unseen."""


def learn(folders: Iterable[Path], sentences: Iterable[Path], pipeline: Pipeline, target: Path, ear: Path) -> Learned:
    """Trains on every mail of these folders; writes the model to `target` and the alarm to `ear`.

    A writer is known by the first two letters of his mails' names: all his mails are held out together, since
    whoever judges a writer by his other mails flatters himself. Raises LabelledError.
    """
    mails = [one for folder in folders for one in labelled(folder)]
    writers = [one.file[:2] for one in mails]
    with pipeline.turn():
        docs = [pipeline.read(one.message) for one in mails]
        seen = [features(doc) for doc in docs]
        told = [
            Told(tuple(text for text, _, _ in own_sentences(doc)), one.label, writer)
            for doc, one, writer in zip(docs, mails, writers, strict=True)
        ]
        del docs
    trained = train(seen, [one.label for one in mails], list(pipeline.rulebook.sectors), writers)
    models.save(target, trained.model)
    head = next(head for head in trained.model.heads if head.name == "gevaar")
    unseen = trained.unseen[:, head.first + head.labels.index("acuut")]
    alarm, chances = train_alarm(written(sentences), told, unseen)
    alarms.save(ear, alarm)
    return Learned(tuple(mails), trained, chances)
