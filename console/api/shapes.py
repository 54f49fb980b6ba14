"""The shapes of the answers, in the words of the policy and of `export --json`."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 van het bericht: zijn identiteit.")]
Next = Annotated[str | None, Field(description="Geef dit als `na` voor de volgende bladzijde; null op de laatste.")]


class Part(BaseModel):
    """De velden van het beleid voor één onderwerp."""

    soort: str
    sector: str
    decreten: list[str]
    betrokkene: str
    uitkomst: str
    instanties: list[str]
    gevaar: list[str]
    dringendheid: str
    ontbreekt: list[str]
    ontvankelijkheid: list[str]
    taal: str


class Kept(BaseModel):
    """Een bericht dat bewaard is. Het wordt verwerkt zoals elke mail."""

    digest: Digest
    nieuw: bool = Field(description="false: dit bericht was er al, en er gebeurt niets meer mee.")


class Evidence(BaseModel):
    """Woorden waarop een feit steunt; plaatsen in tekens van de tekst van het bericht."""

    van: int
    tot: int
    tekst: str
    deel: str
    bron: str
    zekerheid: float


class Assessed(Part):
    """Wat het systeem van een tekst vindt. Er wordt niets bewaard."""

    delen: list[Part]
    bewijs: dict[str, list[Evidence]]
    zekerheid: float
    regel: str
    rulebook: str
    model: str


class Row(BaseModel):
    """De geldende beslissing over één bericht, in het kort."""

    digest: Digest
    referentie: str | None
    ontvangen: datetime
    open: bool
    uitkomst: str
    soort: str
    sector: str
    betrokkene: str
    dringendheid: str
    taal: str


class Rows(BaseModel):
    """Een bladzijde beslissingen, de nieuwste eerst."""

    beslissingen: list[Row]
    volgende: Next


class Judged(Part):
    """Een beslissing van toen of nu, met haar redenen."""

    op: datetime
    wie: str = Field(description="`klachtwijzer` of het account van wie verbeterde.")
    regel: str
    zekerheid: float
    rulebook: str
    model: str
    redenen: list[str]
    delen: list[Part]


class History(BaseModel):
    """Alle beslissingen over één bericht, de oudste eerst; de laatste geldt."""

    digest: Digest
    beslissingen: list[Judged]


class Spine(BaseModel):
    """Een dossier zonder namen."""

    referentie: str
    geopend: date
    staat: str
    kwalificatie: str
    sector: str
    ernst: str
    behandelaar: str | None
    bevestigen_voor: date | None
    antwoorden_voor: date | None
    bevestigd: datetime | None
    beantwoord: datetime | None
    gesloten: datetime | None


class Spines(BaseModel):
    """Een bladzijde dossiers, in volgorde van hun nummer."""

    dossiers: list[Spine]
    volgende: Next


class Writer(BaseModel):
    """Wie het eerste bericht schreef."""

    naam: str
    adres: str


class InDossier(BaseModel):
    """Een bericht in een dossier."""

    digest: Digest
    ontvangen: datetime
    onderwerp: str
    uitkomst: str
    open: bool


class Letter(BaseModel):
    """Een brief van ons."""

    id: int
    sjabloon: str
    instanties: list[str]
    staat: str
    verzonden: datetime | None


class Dossier(Spine):
    """Een dossier met zijn berichten en brieven."""

    afzender: Writer
    berichten: list[InDossier]
    brieven: list[Letter]


class Figure(BaseModel):
    """Eén cijfer van het jaarverslag."""

    rubriek: int
    omschrijving: str
    getal: float | None
    veld: str
    waarde: str


class Yearly(BaseModel):
    """Het verslag over een jaar aan de Vlaamse Ombudsdienst."""

    jaar: int
    cijfers: list[Figure]
    klopt_niet: list[str] = Field(description="Sommen die niet kloppen, omdat dossiers nog niet volledig zijn.")


State = Literal["", "open", "gesloten", "vervallen"]
