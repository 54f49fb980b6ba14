"""What the pages ask of the rest of the product: they show and pass on, others decide and send."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from responder.letter import Letters
from triage.assessment import Value
from triage.rulebook import Rulebook
from triage.shapes import Body


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words of the rulebook in force, each with what it means to a person."""

    sectors: Mapping[str, str] = field(default_factory=dict)
    decrees: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    dangers: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    """What each fact means, in a sentence."""
    signs: tuple[str, ...] = ()
    """Ids of the yes-or-no facts that words can reveal, and that a person may add or deny."""


def glossary(rulebook: Rulebook) -> Glossary:
    """The glossary of a rulebook."""
    return Glossary(
        sectors={sector.id: sector.naam for sector in rulebook.sectors.values()},
        decrees={decree.id: decree.afgekort or decree.titel for decree in rulebook.decrees.values()},
        bodies={body.id: body.naam for body in rulebook.bodies.values()},
        dangers={danger.id: danger.naam for danger in rulebook.dangers.values()},
        facts={fact.id: fact.betekent for fact in rulebook.facts.values()},
        signs=tuple(f.id for f in rulebook.facts.values() if f.type == "waar" and f.van == "gevonden"),
    )


class Desk(Protocol):
    """What staff can have done. An unknown mail or letter raises LookupError, a value that is none ValueError."""

    def correct(self, digest: str, field: str, value: Value, account: str) -> object:
        """Record what this person knows better, and decide again."""

    def accept(self, digest: str, account: str) -> object:
        """This person agrees with the whole proposal: the mail leaves the work list."""

    def release(self, outgoing_id: int, account: str) -> object:
        """Let a waiting letter leave on this person's word."""

    def hold(self, outgoing_id: int, account: str) -> object:
        """Keep a released letter back, if it has not left yet."""

    def undo(self, digest: str, account: str) -> object:
        """Put back the judgement before this person's last one, which stays on file; LookupError without one."""

    def letters(self) -> Letters:
        """The letters in force."""

    def bodies(self) -> Mapping[str, Body]:
        """The other bodies that letters may name, by id."""

    def write(self, digest: str, letter: str) -> int | None:
        """Lay this letter ready as an answer to the mail; its number, or None when nobody can get one."""

    def explain(self, digest: str) -> tuple[str, ...]:
        """Why the decision in force is what it is, in Dutch sentences."""

    def rules_state(self) -> str | None:
        """What is wrong with the rules on disk, or None when they are in force."""

    def glossary(self) -> Glossary:
        """The words of the rulebook in force."""
