"""What goes into the open places of a letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from intake.message import Message
from responder.choose import referred
from responder.contact import Listing, Referable, listing
from responder.letter import Letter
from responder.recipient import greeted
from responder.words import Words
from triage.decision import Decision

# Bestuursdecreet, title II, chapter on access to documents: 20 calendar days, counted from the day after receipt.
OPENBAARHEID_DAYS = 20

_BRUSSELS = ZoneInfo("Europe/Brussels")


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


@dataclass(frozen=True, slots=True)
class Filling:
    """The values of one letter, and why a person should look at them."""

    values: Mapping[str, object]
    doubts: tuple[str, ...]


def fill(case: Case, letter: Letter, words: Words) -> Filling:
    """Every value that `template.VARIABLES` names, for this case and this letter."""
    decision, dossier = case.decision, case.dossier
    pointed, named = referred(decision), letter.heading.noemt
    listings = {id: listing(case.bodies[id], words.contact) for id in (*pointed, *named) if id in case.bodies}
    parts = [part for part in (decision, *decision.delen) if part.uitkomst == "registreren"]
    received = case.message.envelope.received.astimezone(_BRUSSELS).date()
    asked = words.ontbreekt[letter.heading.aanspreking]
    values: dict[str, object] = {
        "naam": greeted(case.message.sender.name),
        "referentie": dossier.reference,
        "ontvangen_op": words.day(received),
        "antwoord_voor": words.day(dossier.due_answer) if dossier.due_answer else "",
        "openbaarheid_voor": words.day(dossier.opened + timedelta(days=OPENBAARHEID_DAYS)),
        "thema": words.themas.get(decision.sector, ""),
        "soort": decision.soort,
        "sector": decision.sector,
        "ontbreekt": [asked[piece] for piece in decision.ontbreekt if piece in asked],
        "zonder_naam": "naam" in decision.ontbreekt,
        "over_opgroeien": any(part.betrokkene == "opgroeien" for part in parts),
        "over_organisator": any(part.betrokkene == "organisator" for part in parts),
        "instanties": [listings[id] for id in pointed if id in listings],
        "lijnen": [listings[id] for id in named if id in listings],
        "nummers": {id: listings[id].telefoon if id in listings else "" for id in named},
        "ons_adres": case.sender_address,
    }
    return Filling(values, tuple(_unreachable(decision, pointed, named, listings)))


def _unreachable(
    decision: Decision, pointed: tuple[str, ...], named: tuple[str, ...], listings: Mapping[str, Listing]
) -> list[str]:
    """Why bodies of this letter keep it from leaving."""
    doubts: list[str] = []
    if decision.uitkomst == "doorverwijzen" and not pointed:
        doubts.append("De brief verwijst door, maar er is geen instantie gekozen.")
    for id in pointed:
        if id not in listings:
            doubts.append(f"De instantie `{id}` bestaat niet in de regels.")
        elif not listings[id].regels:
            doubts.append(f"Van {listings[id].naam} is nog geen contact nagekeken.")
    mute = [id for id in named if id not in listings or not listings[id].telefoon]
    return doubts + [f"Van de hulplijn `{id}` is nog geen telefoonnummer nagekeken." for id in mute]
