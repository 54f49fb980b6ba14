"""`klachtwijzer train`: labelled folders become the trained part that is shipped."""

from collections.abc import Iterable
from pathlib import Path

from klachtwijzer.labelled import labelled
from klachtwijzer.train import Trained, train
from triage import model as models
from triage.features import features
from triage.pipeline import Pipeline


def learn(folders: Iterable[Path], pipeline: Pipeline, target: Path) -> Trained:
    """Trains on every mail of these folders and writes the model to `target`. Raises LabelledError."""
    mails = [one for folder in folders for one in labelled(folder)]
    with pipeline.nlp.memory_zone():
        seen = [features(pipeline.read(one.message)) for one in mails]
    trained = train(seen, [one.label for one in mails], list(pipeline.rulebook.sectors))
    models.save(target, trained.model)
    return trained
