"""A signal found in a reading: where, in whose words, and how much it still weighs there."""

from dataclasses import dataclass, field

from intake.message import Role
from triage.terms import Kwalificatie, Signal


@dataclass(slots=True)
class Hit:
    """One place where a signal stands. Components further down the pipeline add qualifiers and weigh it."""

    signal: Signal
    start: int
    """[start, end) in the reading's text."""
    end: int
    sentence: int
    role: Role
    qualifiers: set[Kwalificatie] = field(default_factory=set)
    weight: float = 0.0
    """What is left of the signal's own weight after its surroundings were looked at; 0 when it does not count."""
