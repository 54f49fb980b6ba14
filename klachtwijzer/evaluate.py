"""`klachtwijzer evaluate`: a labelled set through the whole triage, scored, with its errors explained."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from klachtwijzer import scores
from klachtwijzer.labelled import Label, labelled
from klachtwijzer.said import Judged, Line, judge, line
from triage.explain import explain
from triage.pipeline import Pipeline
from triage.vocabulary import ACUUT

WORST = 10
THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Evaluation:
    gold: Mapping[str, Label]
    said: Mapping[str, Line]
    scores: Mapping[str, float | int]
    worst: tuple[tuple[str, tuple[str, ...]], ...]
    """File and explanation of the gravest errors, gravest first."""

    def confusion(self, field: str) -> Counter[tuple[str, str]]:
        """How often a labelled value (first) was given as another; acceptable values count as the labelled one."""
        table: Counter[tuple[str, str]] = Counter()
        for file, label in self.gold.items():
            said = self.said.get(file, {})
            value = label[field] if scores.good(label, said, field) else str(said.get(field))
            table[label[field], value] += 1
        return table

    def curve(self) -> Iterator[tuple[float, float, float]]:
        """Threshold, coverage and share of wrong letters, were every less certain letter left to a person."""
        for threshold in THRESHOLDS:
            sure = {
                file: said
                for file, said in self.said.items()
                if said["uitkomst"] in scores.LETTERS and float(str(said["zekerheid"])) >= threshold
            }
            wrong = sum(scores.wrong_letter(self.gold[file], said) for file, said in sure.items())
            left = sum(said["uitkomst"] in ("escaleren", "toevoegen", "negeren") for said in self.said.values())
            yield threshold, (len(sure) + left) / len(self.gold), wrong / max(1, len(sure))


def evaluate(folder: Path, pipeline: Pipeline) -> Evaluation:
    """Runs every mail of a labelled set. Raises LabelledError."""
    gold: dict[str, Label] = {}
    said: dict[str, Line] = {}
    judged: dict[str, Judged] = {}
    for one in labelled(folder):
        judged[one.file] = judge(one.message, pipeline)
        gold[one.file], said[one.file] = one.label, line(one.file, judged[one.file])
    order = sorted(gold, key=lambda file: (-gravity(gold[file], said[file]), -float(str(said[file]["zekerheid"]))))
    worst = tuple(
        (file, explain(judged[file].assessment, judged[file].decision, pipeline.rulebook))
        for file in order[:WORST]
        if gravity(gold[file], said[file])
    )
    return Evaluation(gold, said, scores.score(gold, said) if gold else {}, worst)


def gravity(label: Label, said: Mapping[str, Any]) -> int:
    """How grave an error is: silence in danger first, then a wrong letter, then the rest; 0 for none."""
    if ACUUT & set(label["gevaar"]) and scores.silent(said):
        return 4
    if said["uitkomst"] in scores.LETTERS and scores.wrong_letter(label, said):
        return 3
    if not scores.good(label, said, "uitkomst"):
        return 2
    return int(not scores.good(label, said, "sector"))
