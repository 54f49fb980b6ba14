"""What the writer tells, said back in fixed words: "U schrijft over … U schrijft ook dat …".

A summary never repeats a word of the mail. It is built from the closed list in `letters/nl/samenvatting.yaml`, so that
no name, no accusation and nothing about a third person can slip into a letter; and only from sentences of the writer's
own in which the assessment found evidence, so that we say back what we rest on and nothing else.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, with_config

from intake.message import Message
from triage.assessment import Assessment
from triage.terms import Patterns

Form = Literal["u", "je"]

_FORBID = ConfigDict(extra="forbid")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+|\n|$)")


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Topic:
    """What a mail may be about, as it stands after "over"."""

    over: str
    woorden: tuple[str, ...]
    """The writer's words for it, in lower case."""
    sector: str = ""
    """The sector whose theme says the same: a letter that names the one leaves out the other."""


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Experience:
    """What a writer may have gone through, as it stands after "dat"."""

    u: str
    je: str
    patronen: Patterns = ()
    feit: str = ""
    """A fact of the assessment that says so."""


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Retelling:
    """What `samenvatting.yaml` holds."""

    onderwerpen: tuple[Topic, ...]
    ervaringen: tuple[Experience, ...]
    meeste_onderwerpen: Annotated[int, Field(ge=0)] = 3
    meeste_ervaringen: Annotated[int, Field(ge=0)] = 3


def summarise(
    message: Message, assessment: Assessment | None, retelling: Retelling, form: Form, *, sector: str = ""
) -> tuple[str, ...]:
    """Whole sentences for the letter, at most two; none without an assessment or evidence.

    `sector` is the one whose theme the letter names already.
    """
    if assessment is None:
        return ()
    sentences = tuple(_sentences(message, assessment))
    topics = [topic.over for topic in _topics(sentences, retelling) if not sector or topic.sector != sector]
    lived = [getattr(one, form) for one in _experiences(sentences, assessment, retelling)]
    start = "U schrijft" if form == "u" else "Je schrijft"
    found: list[str] = []
    if topics:
        found.append(f"{start} over {_and(topics[: retelling.meeste_onderwerpen])}.")
    if lived:
        claims = [f"dat {one}" for one in lived[: retelling.meeste_ervaringen]]
        found.append(f"{start} {'ook ' if topics else ''}{_and(claims)}.")
    return tuple(found)


def _sentences(message: Message, assessment: Assessment) -> Iterator[str]:
    """The writer's own sentences that hold evidence, in their order, in lower case."""
    own = [(passage.start, passage.end) for passage in message.passages if passage.role == "eigen"]
    places = sorted(
        {
            (evidence.start, evidence.end)
            for facts in (assessment.facts, *assessment.parts)
            for fact in facts.values()
            for evidence in fact.evidence
            if evidence.part == "tekst" and any(start <= evidence.start < end for start, end in own)
        }
    )
    for start, end in own:
        for sentence in _SENTENCE.finditer(message.text, start, end):
            if any(begun < sentence.end() and sentence.start() < ended for begun, ended in places):
                yield sentence.group().casefold()


def _topics(sentences: tuple[str, ...], retelling: Retelling) -> list[Topic]:
    """The topics named in the sentences, the first named first."""
    text = "\n".join(sentences)
    first: Mapping[int, int] = {
        number: place
        for number, topic in enumerate(retelling.onderwerpen)
        if (place := _first(text, topic.woorden)) is not None
    }
    return [retelling.onderwerpen[number] for number in sorted(first, key=first.__getitem__)]


def _first(text: str, words: tuple[str, ...]) -> int | None:
    found = re.search(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in words)})(?!\w)", text)
    return found.start() if found else None


def _experiences(sentences: tuple[str, ...], assessment: Assessment, retelling: Retelling) -> Iterator[Experience]:
    for one in retelling.ervaringen:
        said = any(pattern.klaar.search(sentence) for pattern in one.patronen for sentence in sentences)
        fact = assessment.facts.get(one.feit)
        if said or (fact is not None and fact.value is True):
            yield one


def _and(words: list[str]) -> str:
    return " en ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
