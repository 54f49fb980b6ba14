"""The mail as staff read it: whose words each passage holds, and which words carry which fact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from intake.message import Message, Role
from triage.assessment import Assessment, Evidence, Fact


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, with the facts that it carries."""

    text: str
    facts: tuple[str, ...] = ()
    ends: tuple[int, ...] = ()
    """Numbers of the facts whose evidence ends with this piece."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A passage in pieces."""

    role: Role
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact with the number under which its words are marked."""

    name: str
    fact: Fact
    number: int
    """0 when no words carry it."""

    @property
    def person(self) -> str:
        """The account that found it, or nothing when the program did."""
        return self.fact.found_by.partition("persoon:")[2] if self.fact.found_by.startswith("persoon:") else ""


def seen(assessment: Assessment, order: Sequence[str]) -> tuple[Seen, ...]:
    """The facts, those of `order` first, the others by name; whatever has evidence gets a number."""
    names = [name for name in order if name in assessment.facts]
    names += sorted(name for name in assessment.facts if name not in order)
    found: list[Seen] = []
    number = 0
    for name in names:
        fact = assessment.facts[name]
        number += bool(fact.evidence)
        found.append(Seen(name, fact, number if fact.evidence else 0))
    return tuple(found)


def stretches(message: Message, facts: Sequence[Seen]) -> tuple[Stretch, ...]:
    """The whole body in order: nothing is left out, nothing comes twice."""
    marks = _marks(facts, "tekst")
    return tuple(
        Stretch(passage.role, cut(message.text, marks, passage.start, passage.end))
        for passage in message.passages
        if passage.end > passage.start
    )


def part(text: str, facts: Sequence[Seen], name: str) -> tuple[Piece, ...]:
    """The subject (`onderwerp`) or the text of an attachment, in pieces."""
    return cut(text, _marks(facts, name), 0, len(text))


def cut(text: str, marks: Mapping[Evidence, Sequence[Seen]], start: int, end: int) -> tuple[Piece, ...]:
    """Cut `text[start:end]` wherever evidence begins or ends; evidence may overlap and reach beyond."""
    edges = {start, end}
    for mark in marks:
        edges |= {edge for edge in (mark.start, mark.end) if start < edge < end}
    borders = sorted(edges)
    pieces: list[Piece] = []
    for left, right in pairwise(borders):
        over = [mark for mark in marks if mark.start <= left and mark.end >= right]
        names = dict.fromkeys(one.name for mark in over for one in marks[mark])
        ends = {one.number for mark in over if mark.end == right for one in marks[mark]}
        pieces.append(Piece(text[left:right], tuple(names), tuple(sorted(ends))))
    return tuple(pieces)


def _marks(facts: Sequence[Seen], part_name: str) -> dict[Evidence, list[Seen]]:
    marks: dict[Evidence, list[Seen]] = {}
    for one in facts:
        for evidence in one.fact.evidence:
            if evidence.part == part_name and evidence.end > evidence.start:
                marks.setdefault(evidence, []).append(one)
    return marks
