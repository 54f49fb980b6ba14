"""What the rules look for in a mail: signals (words that mean something) and cues (words that weaken them).

The fields carry the names of the YAML keys, so that rules, code and handbook use one word per idea.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, Protocol

import re2
from pydantic import BeforeValidator, ConfigDict, Field, PlainValidator, with_config
from pydantic_core import PydanticCustomError

Kwalificatie = Literal[
    "ontkend", "verleden", "voorwaardelijk", "figuurlijk", "van_horen_zeggen", "over_ander", "ander_land"
]
Waar = Literal["tekst", "onderwerp", "alles"]
Richting = Literal["vooruit", "achteruit", "beide"]

_FORBID = ConfigDict(extra="forbid")


class Found(Protocol):
    """What a compiled pattern gives for one place where it was found."""

    def start(self) -> int: ...
    def end(self) -> int: ...
    def group(self) -> str: ...


class Compiled(Protocol):
    """A pattern ready for use; its engine never goes back, so no text can make it slow."""

    def finditer(self, text: str) -> Iterator[Found]: ...
    def search(self, text: str) -> Found | None: ...


@dataclass(frozen=True, slots=True)
class Pattern:
    """A case-insensitive RE2 pattern as it was written, and the same compiled."""

    bron: str
    klaar: Compiled = field(compare=False, repr=False)


def _pattern(value: object) -> object:
    if not isinstance(value, str):
        raise PydanticCustomError("slecht-patroon", "een patroon is een tekst")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        compiled = re2.compile(value, options)
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise PydanticCustomError(
            "slecht-patroon", "RE2 kan `{p}` niet lezen: {r}", {"p": value, "r": reason}
        ) from None
    if compiled.search("") is not None:
        raise PydanticCustomError("slecht-patroon", "`{p}` past ook op een lege tekst, dus overal", {"p": value})
    return Pattern(value, compiled)


def _votes(value: object) -> object:
    """`{sector: [a, b], acuut: true}` becomes one pair per fact and value."""
    if not isinstance(value, dict):
        raise PydanticCustomError("verkeerde-waarde", "`betekent` noemt feiten met hun waarde")
    pairs: list[tuple[str, str | bool]] = []
    for fact, given in value.items():
        for one in given if isinstance(given, list) else [given]:
            if not isinstance(one, str):
                raise PydanticCustomError("verkeerde-waarde", "het feit `{f}` heeft hier geen waarde", {"f": fact})
            pairs.append((fact, {"true": True, "false": False}.get(one, one)))
    return tuple(pairs)


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


Words = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_one_or_many)]
Patterns = Annotated[tuple[Annotated[Pattern, PlainValidator(_pattern)], ...], BeforeValidator(_one_or_many)]
Votes = Annotated[tuple[tuple[str, str | bool], ...], BeforeValidator(_votes)]


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Voorbeelden:
    """Snippets that must hit and snippets that must not."""

    raak: Words = ()
    mis: Words = ()


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Signal:
    """One idea that words may reveal, and the facts it speaks for."""

    id: str
    betekent: Votes
    """Pairs of a fact and a value; True for booleans. A fact with several values has several pairs.

    Empty for a signal that only sharpens others (`samen_met`, `niet_bij`)."""
    gewicht: Annotated[float, Field(gt=0, le=10)] = 1.0
    """0.5 is weak, 4 is nearly certain; for danger 3 calls a person by itself."""
    woorden: Words = ()
    """Dutch phrases, found in any inflection."""
    stammen: Words = ()
    """Also found inside compounds."""
    niet_in: Words = ()
    """A stem is not counted inside a word that holds one of these."""
    letterlijk: Words = ()
    """Exactly as written, capitals included."""
    patronen: Patterns = ()
    talen: Mapping[str, Words] = field(default_factory=dict)
    """Phrases of other languages by ISO 639-1 code, as written, capitals ignored."""
    samen_met: Words = ()
    """Counts only when one of these signals stands in the same sentence."""
    samen_met_mail: Words = ()
    """Counts only when one of these signals stands anywhere in the mail."""
    niet_bij: Words = ()
    """Does not count when one of these signals stands in the same sentence."""
    waar: Waar = "alles"
    ongevoelig_voor: tuple[Kwalificatie, ...] = ()
    """Qualifiers that do not weaken it."""
    voorbeelden: Voorbeelden = field(default_factory=Voorbeelden)
    uitleg: str = ""


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Cue:
    """Words that say a signal near them is denied, past, hypothetical, hearsay …"""

    soort: Kwalificatie
    richting: Richting
    id: str = ""
    woorden: Words = ()
    letterlijk: Words = ()
    patronen: Patterns = ()
    talen: Mapping[str, Words] = field(default_factory=dict)
    bereik: Annotated[int, Field(ge=1, le=60)] = 6
    """How many tokens it reaches, within its sentence."""
    stopt_bij: Words = ()
    """Words at which its reach ends early."""
    voorbeelden: Voorbeelden = field(default_factory=Voorbeelden)
    uitleg: str = ""
