"""Every signal of this project does what its own examples say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.triage.spoken import ROOT, message, own_rules, weights
from triage.terms import Signal

FILES = sorted((ROOT / "rules" / "signalen").glob("*.yaml"))


def _signals(file: Path) -> Iterator[Signal]:
    known = {signal.id: signal for signal in own_rules().rulebook.signals}
    for entry in yaml.safe_load(file.read_text(encoding="utf-8")):
        yield known[entry["id"]]


def _found(signal: Signal, snippet: str) -> float | None:
    """What the signal weighs in the snippet as a mail of its own; None when it is not there at all."""
    alone = message("", subject=snippet) if signal.waar == "onderwerp" else message(snippet)
    return weights(own_rules(), alone).get(signal.id)


def _wrong(signal: Signal) -> Iterator[str]:
    for snippet in signal.voorbeelden.raak:
        weight = _found(signal, snippet)
        # The rest of the mail, which the snippet lacks, may have to hold the company that the signal needs.
        if weight is None or (weight == 0 and not signal.samen_met_mail):
            yield f"{signal.id}: niet geraakt ({weight}): {snippet}"
    for snippet in signal.voorbeelden.mis:
        if _found(signal, snippet):
            yield f"{signal.id}: toch geraakt: {snippet}"


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_every_example_of_a_file_hits_or_misses_as_it_says(file: Path) -> None:
    wrong = [one for signal in _signals(file) for one in _wrong(signal)]
    assert not wrong, "\n".join(wrong)


def test_there_are_examples_to_judge() -> None:
    said = [signal.voorbeelden for file in FILES for signal in _signals(file)]
    assert sum(len(one.raak) for one in said) > 300
    assert sum(len(one.mis) for one in said) > 50
