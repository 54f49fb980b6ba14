"""About which organiser and location a part is: sought in the directory, or added to it on the way."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import Response

from console.dossier.acts import Act, Seen, Short, at_work
from console.forms import OwnForm, back_to
from console.pages import staff_page
from console.roles import Worker
from console.room import Here
from register import directory, file, parts, timeline
from register.record import as_text

router = APIRouter(prefix="/dossier/{reference}/deel/{number}", route_class=Act)


@router.get("/plaats")
def choose(  # noqa: PLR0913, PLR0917
    request: Request,
    here: Here,
    account: Worker,
    reference: str,
    number: int,
    zoek: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Look for the organiser or location of a part."""
    wanted = as_text(reference).strip().upper()
    with here.book.engine.connect() as connection:
        try:
            file.row(connection, wanted)
            part = parts.one(connection, wanted, number)
        except LookupError:
            raise HTTPException(404, "Dit deel is er niet.") from None
        organisers, places = directory.find(connection, as_text(zoek)) if zoek.strip() else ((), ())
        runs = {place.id: _runner(place) for place in places}
        names = {one: directory.one_organiser(connection, one) for one in set(runs.values()) if one is not None}
        # A location stands below its organiser when that was found as well.
        places = tuple(place for place in places if runs[place.id] not in {one.id for one in organisers})
        own = {one.id: directory.locations_of(connection, one.id) for one in organisers}
        version = timeline.version(connection, wanted)
    return staff_page(
        request,
        "dossier/plaats.html",
        referentie=wanted,
        deel=part,
        zoek=zoek,
        organisatoren=organisers,
        plaatsen=places,
        loopt=runs,
        namen_organisator=names,
        eigen=own,
        soorten=here.book.law.choices("organisator"),
        versie_dossier=version,
    )


class Place(Seen):
    """An organiser and a location of the directory; zero for none."""

    organisator: int = 0
    locatie: int = 0


@router.post("/plaats", dependencies=[OwnForm])
def place(here: Here, account: Worker, reference: str, number: int, given: Annotated[Place, Form()]) -> Response:
    """The part is about this organiser, maybe at this location."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        parts.one(page.connection, treat.reference, number)
        if given.organisator:
            directory.one_organiser(page.connection, given.organisator)
        if given.locatie:
            directory.one_location(page.connection, given.locatie)
        chosen = {"organiser": given.organisator or None, "location": given.locatie or None}
        parts.change(page.connection, number, account.name, treat.law, **chosen)
    return _back(reference, number)


class NewPlace(Seen):
    """An organiser that the directory does not have yet, maybe with a location."""

    naam: Short = ""
    soort: Short = ""
    nummer: Short = ""
    locatie: Short = ""
    adres: Short = ""


@router.post("/nieuwe-plaats", dependencies=[OwnForm])
def add(here: Here, account: Worker, reference: str, number: int, given: Annotated[NewPlace, Form()]) -> Response:
    """Add an organiser to the directory and say that the part is about it."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        parts.one(page.connection, treat.reference, number)
        if not given.naam.strip():
            raise ValueError("een organisator heeft een naam nodig")
        made = directory.add_organiser(
            page.connection, account.name, given.naam, given.soort, treat.law, number=given.nummer
        )
        there = None
        if given.locatie.strip():
            there = directory.add_location(page.connection, account.name, given.locatie, made, address=given.adres)
        parts.change(page.connection, number, account.name, treat.law, organiser=made, location=there)
    return _back(reference, number)


def _runner(place: directory.Location) -> int | None:
    return next((body for body, _, until in reversed(place.runs) if until is None), None)


def _back(reference: str, number: int) -> Response:
    return back_to(f"/dossier/{reference.strip().upper()}", "bewaard", anchor=f"deel-{number}")
