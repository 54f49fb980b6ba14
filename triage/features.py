"""What the trained part sees of a reading: its words, its signals and its form, each by name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Doc

from intake.message import Message, Role
from triage.hit import Hit
from triage.reading import Reading
from triage.votes import count

_WORD = re.compile(r"(?:[^\W_]|&)+(?:'[^\W_]+)?")
_OWN: frozenset[Role] = frozenset({"eigen"})
_WEAK: frozenset[Role] = frozenset({"doorgestuurd"})
# A mail of thousands of words is no clearer than its first thousand.
LIMIT = 1200


@dataclass(frozen=True, slots=True)
class Features:
    words: tuple[str, ...]
    """Distinct lower-case words and pairs of neighbours (`a_b`) of the writer's own text, in order."""
    marks: Mapping[str, float]
    """Signals with what they weigh here, and marks of form, by name."""


def tokens(text: str) -> list[str]:
    """The words of a text, lower case; every number counts as the same word."""
    return ["0" if word[0].isdigit() else word for word in _WORD.findall(text.lower())]


def words_of(spoken: list[str]) -> dict[str, None]:
    """Distinct words and pairs of neighbours, in order."""
    return dict.fromkeys((*spoken, *(f"{a}_{b}" for a, b in pairwise(spoken))))


def features(doc: Doc, start: int = 0, end: int | None = None) -> Features:
    """The features of a doc that passed the whole pipeline but the trained part; or of [start, end) of its reading."""
    reading: Reading = doc._.reading
    if end is None:
        own, hits = reading.words(_OWN) or reading.words(_WEAK), doc._.hits
    else:
        own, hits = reading.text[start:end], [hit for hit in doc._.hits if start <= hit.start < end]
    spoken = tokens(own)[:LIMIT]
    return Features(tuple(words_of(spoken)), {**_signals(hits), **_votes(hits), **_form(doc, len(spoken))})


def _signals(hits: Sequence[Hit]) -> dict[str, float]:
    marks: dict[str, float] = {}
    for hit in hits:
        name = hit.signal.id
        if hit.weight > 0:
            # A second finding of the same idea adds little.
            marks[name] = min(1.5, max(marks.get(name, 0.0) + 0.25, hit.weight / hit.signal.gewicht))
        elif hit.role == "eigen":
            why = min(hit.qualifiers, default="alleen")
            marks[f"{name}|{why}"] = 1.0
    return marks


def _votes(hits: Sequence[Hit]) -> dict[str, float]:
    """What the signals say together: so a signal that no training mail held counts by its own weight."""
    return {
        f"{fact}={value}": min(2.0, voice.strength / 3)
        for fact, voices in count(hits).items()
        for value, voice in voices.items()
    }


def _form(doc: Doc, length: int) -> dict[str, float]:
    message: Message = doc._.message
    reading: Reading = doc._.reading
    roles = {stretch.role for stretch in reading.stretches}
    domain = message.sender.address.rpartition("@")[2].split(".")[0]
    age = doc._.dates["leeftijd"]
    marks = {
        "vorm:antwoord": bool(message.in_reply_to or message.references),
        "vorm:re": message.subject.lower().startswith(("re:", "antw:", "aw:")),
        "vorm:fw": message.subject.lower().startswith(("fw", "doorst", "tr:", "wg:")),
        "vorm:aangehaald": "aangehaald" in roles,
        "vorm:doorgestuurd": "doorgestuurd" in roles,
        "vorm:machine": message.automatic is not None,
        "vorm:bijlage": bool(message.attachments),
        "vorm:naam": doc._.writer["naam"],
        "vorm:adres": doc._.writer["adres"],
        "vorm:anderstalig": doc._.language[0] != "nl",
        "vorm:taal-niet-gedekt": doc._.language[0] not in ("nl", "fr", "en", "de"),
        "vorm:kind": 5 <= age < 18,
        "vorm:kort": length < 25,
        "vorm:lang": length > 180,
        "vorm:zonder-onderwerp": not message.subject.strip(),
        f"domein:{domain}": True,
        f"vragen:{min(3, reading.words(_OWN).count('?'))}": True,
    }
    return {name: 1.0 for name, holds in marks.items() if holds}
