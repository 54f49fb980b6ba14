"""What the inquiry brought: the parts with their findings, the eindbevinding, what follows, and how it is described."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from pydantic import Field

from console.dossier.acts import Act, Day, Long, Seen, SeenForm, Short, Words, at_work
from console.forms import OwnForm, back_to
from console.roles import Decider, Worker
from console.room import Here
from register import parts, work

router = APIRouter(prefix="/dossier/{reference}", dependencies=[OwnForm], route_class=Act)


class Finding(Seen):
    """A finding with what belongs to it."""

    bevinding: Short = ""
    motivering: Long = ""
    oplossing: Short = ""
    normen: Words = Field(default_factory=list)


@router.post("/deel/{number}/bevinding")
def find(here: Here, account: Decider, reference: str, number: int, given: Annotated[Finding, Form()]) -> Response:
    """The finding on one part, with its reasons."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        parts.one(page.connection, treat.reference, number)
        if not given.bevinding or not given.motivering.strip():
            raise ValueError("een bevinding heeft een keuze en een motivering nodig")
        treat.find(number, given.bevinding, given.motivering, solution=given.oplossing, norms=given.normen)
    return _back(reference, "bevonden", f"deel-{number}")


@router.post("/eindbevinding")
def conclude(here: Here, account: Decider, reference: str, given: Annotated[Finding, Form()]) -> Response:
    """The finding over all parts; without norms of its own it takes those of the parts."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        if not given.bevinding:
            raise ValueError("kies eerst de eindbevinding")
        norms = given.normen or None
        treat.conclude(given.bevinding, given.motivering, solution=given.oplossing, norms=norms)
    return _back(reference, "besloten", "behandeling")


class PartWords(Seen):
    """A part as a person describes it."""

    onderwerp: Short = ""
    stroom: Short = ""
    sector: Short = ""
    afdeling: Short = ""


@router.post("/deel")
def add_part(here: Here, account: Worker, reference: str, given: Annotated[PartWords, Form()]) -> Response:
    """A further object of the dossier, treated by itself."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        if not given.onderwerp.strip() or not given.stroom:
            raise ValueError("een deel heeft een onderwerp nodig, en een manier van behandelen")
        made = parts.add(page.connection, treat.reference, account.name, treat.law, **_of(given), soort="klacht")
    return _back(reference, "deel-bij", f"deel-{made}")


@router.post("/deel/{number}")
def change_part(
    here: Here, account: Worker, reference: str, number: int, given: Annotated[PartWords, Form()]
) -> Response:
    """A part is described or treated otherwise."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        parts.one(page.connection, treat.reference, number)
        parts.change(page.connection, number, account.name, treat.law, **_of(given))
    return _back(reference, "bewaard", f"deel-{number}")


class Description(Seen):
    """How the dossier counts in the yearly report."""

    melder: Short = ""
    vorm: Short = ""
    ernst: Short = ""
    telt: Short = ""
    thema: Words = Field(default_factory=list)
    drager: Words = Field(default_factory=list)
    kanaal: Words = Field(default_factory=list)


@router.post("/beschrijving")
def describe(here: Here, account: Worker, reference: str, given: Annotated[Description, Form()]) -> Response:
    """Who reported it how, what it is about, how grave it is."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        treat.describe(
            reporter=given.melder,
            form=given.vorm,
            severity=given.ernst or "gewoon",
            qualification=given.telt,
            themes=given.thema,
            carriers=given.drager,
            channels=given.kanaal,
        )
    return _back(reference, "bewaard", "beschrijving")


class Outcomes(Seen):
    """What followed from a complaint on childcare."""

    opvolging: Words = Field(default_factory=list)


@router.post("/opvolging")
def follow_up(here: Here, account: Worker, reference: str, given: Annotated[Outcomes, Form()]) -> Response:
    """An inspection was ordered, a note written, the complaint withdrawn …"""
    with at_work(here, account, reference, given.versie) as (_, treat):
        treat.describe(outcomes=given.opvolging)
    return _back(reference, "bewaard", "opvolging")


class Action(Seen):
    """An improvement action."""

    wat: Long = ""
    wie: Short = ""
    tegen: Day = None


@router.post("/verbeteractie")
def improve(here: Here, account: Worker, reference: str, given: Annotated[Action, Form()]) -> Response:
    """Something that should keep it from happening again."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        if not given.wat.strip():
            raise ValueError("zeg wat er moet verbeteren")
        work.improve(page.connection, treat.reference, account.name, given.wat.strip(), to=given.wie, due=given.tegen)
    return _back(reference, "bewaard", "opvolging")


@router.post("/verbeteractie/{number}/uitgevoerd")
def improved(here: Here, account: Worker, reference: str, number: int, given: SeenForm) -> Response:
    """The action was carried out."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        if number not in {one.id for one in work.improvements(page.connection, treat.reference)}:
            raise LookupError(number)
        work.end_improvement(page.connection, number, account.name, treat.now)
    return _back(reference, "bewaard", "opvolging")


def _of(given: PartWords) -> dict[str, object]:
    said = {"subject": given.onderwerp.strip(), "sector": given.sector, "department": given.afdeling.strip()}
    return {**said, "stream": given.stroom}


def _back(reference: str, done: str, anchor: str) -> Response:
    return back_to(f"/dossier/{reference.strip().upper()}", done, anchor=anchor)
