"""What the signals of a doc say together: per fact and value how strongly, and with which words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triage.assessment import Evidence
from triage.hit import Hit
from triage.reading import Reading

EVIDENCE_LIMIT = 6
# A signal found again speaks louder, though never as loud as a second, different signal.
AGAIN = 1.25


@dataclass(frozen=True, slots=True)
class Voice:
    """The strength behind one value of one fact, and the hits that gave it, strongest first."""

    strength: float
    hits: tuple[Hit, ...]

    @property
    def first(self) -> str:
        """Id of the strongest signal."""
        return self.hits[0].signal.id


Votes = Mapping[str, Mapping[str | bool, Voice]]


def count(hits: Sequence[Hit]) -> Votes:
    """Adds up the hits that weigh anything, per fact and value."""
    by_signal: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        if hit.weight > 0:
            by_signal[hit.signal.id].append(hit)
    gathered: dict[str, dict[str | bool, list[tuple[float, Hit]]]] = defaultdict(lambda: defaultdict(list))
    for found in by_signal.values():
        found.sort(key=lambda hit: -hit.weight)
        strength = found[0].weight * (AGAIN if len(found) > 1 else 1.0)
        for fact, value in found[0].signal.betekent:
            gathered[fact][value].append((strength, found[0]))
            gathered[fact][value].extend((0.0, hit) for hit in found[1:3])
    return {fact: {value: _voice(pairs) for value, pairs in values.items()} for fact, values in gathered.items()}


def _voice(pairs: list[tuple[float, Hit]]) -> Voice:
    ordered = sorted(pairs, key=lambda pair: -pair[0])
    return Voice(sum(strength for strength, _ in ordered), tuple(hit for _, hit in ordered))


def evidence(reading: Reading, voice: Voice | None) -> tuple[Evidence, ...]:
    """The words behind a voice, in the positions of the part they stand in."""
    if voice is None:
        return ()
    return tuple(cite(reading, hit.start, hit.end, hit.signal.id, hit.weight) for hit in voice.hits[:EVIDENCE_LIMIT])


def cite(reading: Reading, start: int, end: int, source: str, weight: float) -> Evidence:
    """Words of a reading as evidence; `weight` 4 counts as certain."""
    stretch = reading.stretch(start)
    shift = stretch.offset - stretch.start
    end = min(end, stretch.end)
    return Evidence(
        start + shift, end + shift, reading.text[start:end], stretch.part, source, round(min(1.0, weight / 4), 2)
    )
