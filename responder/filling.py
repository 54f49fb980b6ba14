"""What goes into the open places of a letter."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from intake.message import Message
from register.deadlines import answer_by, day_of_receipt
from register.law import Law, shipped
from responder.choose import referred
from responder.contact import Listing, Referable, listing, too_old
from responder.letter import Letter, Letters
from responder.recipient import greeted
from responder.summary import summarise
from triage.assessment import Assessment
from triage.decision import Decision

# Regimes of `rules/termijnen.yaml` of which letters name a last day, whatever the dossier itself runs under.
_COMPLAINT, _DOCUMENTS = "klacht", "openbaarheid"


class Filed(Protocol):
    """What a letter needs of a dossier; `register.dossier.Dossier` has it."""

    @property
    def reference(self) -> str: ...
    @property
    def opened(self) -> date: ...
    @property
    def due_answer(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Case:
    """What a letter is about."""

    message: Message
    decision: Decision
    dossier: Filed
    bodies: Mapping[str, Referable]
    sender_address: str
    on: date
    """Today, in Brussels."""
    assessment: Assessment | None = None
    """What the summary is built from; without it a letter has none."""
    law: Law = field(default_factory=shipped)
    """By which the last days are reckoned."""


@dataclass(frozen=True, slots=True)
class Filling:
    """The values of one letter, and why a person should look at them."""

    values: Mapping[str, object]
    doubts: tuple[str, ...]


def fill(case: Case, letter: Letter, letters: Letters) -> Filling:
    """Every value that `template.VARIABLES` names, for this case and this letter."""
    decision, dossier, words = case.decision, case.dossier, letters.words
    pointed, named = referred(decision), (*letter.heading.noemt, *letter.heading.verwijst)
    listings = {id: listing(case.bodies[id], words.contact) for id in (*pointed, *named) if id in case.bodies}
    parts = [part for part in (decision, *decision.delen) if part.uitkomst == "registreren"]
    received = day_of_receipt(case.message.envelope.received)
    form = letter.heading.aanspreking
    asked = words.ontbreekt[form]
    theme = words.themas.get(decision.sector, "")
    heard = summarise(case.message, case.assessment, letters.retelling, form, sector=decision.sector if theme else "")
    values: dict[str, object] = {
        "naam": greeted(case.message.sender.name),
        "referentie": dossier.reference,
        "ontvangen_op": words.day(received),
        "antwoord_voor": words.day(dossier.due_answer) if dossier.due_answer else "",
        "verlengd_tot": _last_day(case, letters, _COMPLAINT, extended=True),
        "openbaarheid_voor": _last_day(case, letters, _DOCUMENTS),
        "openbaarheid_verlengd_tot": _last_day(case, letters, _DOCUMENTS, extended=True),
        "samenvatting": list(heard),
        "thema": theme,
        "soort": decision.soort,
        "sector": decision.sector,
        "ontbreekt": [asked[piece] for piece in decision.ontbreekt if piece in asked],
        "zonder_naam": "naam" in decision.ontbreekt,
        "over_opgroeien": any(part.betrokkene == "opgroeien" for part in parts),
        "over_organisator": any(part.betrokkene == "organisator" for part in parts),
        "instanties": [listings[id] for id in pointed if id in listings],
        "lijnen": [listings[id] for id in named if id in listings],
        "nummers": {id: listings[id].telefoon if id in listings else "" for id in letter.heading.noemt},
        "ons_adres": case.sender_address,
    }
    return Filling(values, (*_unreachable(case, pointed, letter, listings), *_aged(case, (*pointed, *named))))


def _last_day(case: Case, letters: Letters, regime: str, *, extended: bool = False) -> str:
    """The last day to answer, as the register reckons it; a place to fill in where the law names no such term."""
    last = answer_by(case.law, regime, case.dossier.opened, extended=extended)
    return letters.words.day(last) if last is not None else "[[Vul de laatste dag in.]]"


def _unreachable(
    case: Case, pointed: tuple[str, ...], letter: Letter, listings: Mapping[str, Listing]
) -> Iterator[str]:
    """Why bodies of this letter keep it from leaving."""
    if case.decision.uitkomst == "doorverwijzen" and not pointed:
        yield "De brief verwijst door, maar er is geen instantie gekozen."
    for id in dict.fromkeys((*pointed, *letter.heading.verwijst)):
        if id not in listings:
            yield f"De instantie `{id}` bestaat niet in de regels."
        elif not listings[id].regels:
            yield f"Van {listings[id].naam} is nog geen contact nagekeken."
    for id in letter.heading.noemt:
        if id not in listings or not listings[id].telefoon:
            yield f"Van de hulplijn `{id}` is nog geen telefoonnummer nagekeken."


def _aged(case: Case, ids: tuple[str, ...]) -> Iterator[str]:
    for id in dict.fromkeys(ids):
        body = case.bodies.get(id)
        if body is not None and too_old(body, case.on):
            yield f"De gegevens van {body.naam} zijn sinds {body.nagekeken_op:%d/%m/%Y} niet meer nagekeken."
