"""The shape of what the rules hold beside words: outcome rules, bodies, sectors, decrees, dangers, settings.

Frozen dataclasses, read from YAML by pydantic in `rulebook.py`. The fields carry the names of
the YAML keys, so that rules, code and handbook use one word per idea.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, with_config

from triage.terms import Voorbeelden, Words
from triage.vocabulary import Dringendheid, Uitkomst

_FORBID = ConfigDict(extra="forbid")

FactType = Literal["waar", "keuze", "keuzes", "getal"]
Van = Literal["gevonden", "afgeleid", "persoon"]
Plaats = Literal["in_plaats", "eerst", "achteraan", "laatst"]
Share = Annotated[float, Field(ge=0, le=1)]


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Source:
    """Where something is written, and when somebody last looked there."""

    titel: str
    artikel: str = ""
    url: str = ""
    nagekeken_op: date | None = None

    def __str__(self) -> str:
        return f"{self.titel}, {self.artikel}" if self.artikel else self.titel


def _source(value: object) -> object:
    if isinstance(value, str):
        return {"titel": value}
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return {"titel": "; ".join(value)}
    return value


Bron = Annotated[Source, BeforeValidator(_source)]


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class FactKind:
    """A fact that conditions may use: its type, its values and what it means."""

    id: str
    type: FactType
    betekent: str
    waarden: Words = ()
    """The values of a `keuze` or of `keuzes`; none means that any word will do."""
    anders: str = ""
    """The value of a `keuze` that nobody found."""
    van: Van = "gevonden"
    """`afgeleid` is worked out by `decide`; `persoon` only comes from a correction by staff."""
    groep: str = ""
    """Heading in `docs/feiten.md`."""


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Then:
    """What a rule concludes.

    Among `instanties`, `$instantie` stands for the body that the facts name and `$gevaren`
    for the bodies of the danger classes found.
    """

    uitkomst: Uitkomst
    instanties: Words = ()
    dringendheid: Dringendheid | None = None
    sector: str | None = None
    soort: str | None = None
    betrokkene: str | None = None


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Said:
    """A fact as a case gives it: a value, and where it matters how sure it is and who found it."""

    waarde: object
    zekerheid: Share = 0.9
    tweede: str = ""
    tweede_zekerheid: Share = 0.0
    door: str = "woorden"


def _said(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {name: one if isinstance(one, dict) else {"waarde": one} for name, one in value.items()}


Facts = Annotated[Mapping[str, Said], BeforeValidator(_said)]


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class RuleExamples(Voorbeelden):
    """What must hit a rule and what must not."""

    raak_bij: tuple[Facts, ...] = ()
    """Facts with which it hits; for a rule that asks how sure the trained part is, which no sentence promises."""


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """One rule of `rules/uitkomsten/`, in the words of its author."""

    id: str
    als: str
    """The condition as written; `Rulebook.conditions` holds it compiled."""
    dan: Then
    omdat: str
    bron: Bron
    brief: str | None = None
    na: Words = ()
    """Earlier rules that may hold as well and rightly win, so that nobody need be warned of it."""
    automatisch: bool = False
    drempel: Share = 0.9
    geldig_van: date | None = None
    geldig_tot: date | None = None
    """The last day on which it holds."""
    voorbeelden: RuleExamples = field(default_factory=RuleExamples)

    def holds_on(self, on: date) -> bool:
        """Whether the rule is in force on that day."""
        return (self.geldig_van is None or self.geldig_van <= on) and (self.geldig_tot is None or on <= self.geldig_tot)


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Contact:
    waarde: str
    nagekeken: bool = False
    """Only a checked contact may stand in a letter."""


Weg = Literal["telefoon", "web", "mail", "adres", "uren", "chat", "vindplaats"]


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Body:
    """Another body that a writer may be referred to."""

    id: str
    naam: str
    wat: str
    bron: Bron
    nagekeken_op: date
    niet: str = ""
    eerst: str = ""
    contact: Mapping[Weg, Contact] = field(default_factory=dict)

    @property
    def checked(self) -> dict[str, str]:
        """The contacts that somebody checked, by way of contact."""
        return {way: contact.waarde for way, contact in self.contact.items() if contact.nagekeken}


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Sector:
    id: str
    naam: str
    decreet: Words
    """The main decree; `buiten` has none."""
    omschrijving: str
    wie: str
    bron: Bron
    nagekeken_op: date


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Decree:
    id: str
    titel: str
    afgekort: str
    bron: Bron
    nagekeken_op: date
    datum: date | None = None
    in_werking: date | None = None
    buiten_werking: date | None = None
    als: str | None = None
    """When it joins the decree of the sector; as a rule, decrees only come with their sector."""
    plaats: Plaats = "achteraan"
    """`eerst` is before the decree of the sector, `laatst` after all others, `in_plaats` replaces it."""
    opmerking: str = ""


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Danger:
    """A danger class of the policy: how urgent it is and whom a person may point to."""

    id: str
    naam: str
    dringendheid: Dringendheid
    instanties: Words
    bron: Bron
    nagekeken_op: date


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Settings:
    """What the maintainers may turn without touching a rule."""

    talen_gedekt: Words
    """Languages that the rules cover; any other goes to a person."""
    brief_tussentijd_dagen: Annotated[int, Field(ge=0)]
    """Within so many days a sender gets no second automatic letter."""
    zekerheid_minimum: Mapping[str, Share]
    """Per fact (`soort`, `sector`, `betrokkene`, `instantie`) the confidence below which a person decides."""
    marge_minimum: Mapping[str, Share]
    """Per fact the lead over the second reading below which a person decides."""
    tegenspraak_minimum: Share = 1.0
    """From this confidence on, the trained part's disagreement with the rule calls a person."""
    nagekeken_dagen: Annotated[int, Field(ge=1)] = 365
    """After so many days a source must be looked at again."""
    wegen: Mapping[str, float] = field(default_factory=dict)
    """Numbers of the pipeline, by name: thresholds and factors with which votes are weighed."""
