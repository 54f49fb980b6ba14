"""The directory of organisers and locations: searched, kept up to date, each with what was complained of there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from console.dossier.acts import Day, Short
from console.forms import OwnForm, back_to
from console.pages import staff_page
from console.roles import Decider, Reader, Worker
from console.room import Here, Room
from register import directory
from register.directory import Location, UnknownEntryError
from register.page import Page
from register.record import as_text

router = APIRouter()
_GONE = "Deze organisator of locatie is er niet."


@router.get("/organisatoren")
def search(request: Request, here: Here, account: Reader, zoek: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The directory: all of it by name, or what these words are found in."""
    with here.book.engine.connect() as connection:
        organisers, places = directory.find(connection, as_text(zoek), limit=100)
        named = _runners(here, places)
    return staff_page(
        request,
        "dossier/organisatoren.html",
        zoek=zoek,
        organisatoren=organisers,
        plaatsen=places if zoek.strip() else (),
        loopt=named,
        soorten=here.book.law.choices("organisator"),
    )


@router.get("/organisatoren/{number}")
def organiser(request: Request, here: Here, account: Reader, number: int) -> Response:
    """One organiser, with its locations and every earlier complaint, the gravest first."""
    with _known(), here.book.engine.connect() as connection:
        found = directory.one_organiser(connection, number)
        if found.merged is not None:
            return RedirectResponse(f"/organisatoren/{found.merged}", status_code=303)
        locations = directory.locations_of(connection, number)
        earlier = directory.history(connection, organiser_=number)
    return staff_page(
        request,
        "dossier/organisator.html",
        o=found,
        locaties=locations,
        eerder=earlier,
        soorten=here.book.law.choices("organisator"),
        lijst=_lists(here),
        namen_organisator=_runners(here, locations),
    )


@router.get("/locaties/{number}")
def location(request: Request, here: Here, account: Reader, number: int) -> Response:
    """One location, with who ran it when and every earlier complaint, the gravest first."""
    with _known(), here.book.engine.connect() as connection:
        found = directory.one_location(connection, number)
        if found.merged is not None:
            return RedirectResponse(f"/locaties/{found.merged}", status_code=303)
        earlier = directory.history(connection, location_=number)
    return staff_page(
        request,
        "dossier/locatie.html",
        o=found,
        eerder=earlier,
        lijst=_lists(here),
        namen_organisator=_runners(here, (found,)),
    )


class Entry(BaseModel):
    """A new entry of the directory."""

    naam: Short = ""
    soort: Short = ""
    nummer: Short = ""
    adres: Short = ""
    sinds: Day = None


@router.post("/organisatoren", dependencies=[OwnForm])
def add(here: Here, account: Worker, given: Annotated[Entry, Form()]) -> Response:
    """A new organiser."""
    with _written(here) as page:
        _expect_name(given.naam)
        made = directory.add_organiser(
            page.connection, account.name, given.naam, given.soort, page.law, number=given.nummer
        )
    return back_to(f"/organisatoren/{made}", "bewaard")


@router.post("/organisatoren/{number}/locatie", dependencies=[OwnForm])
def add_location(here: Here, account: Worker, number: int, given: Annotated[Entry, Form()]) -> Response:
    """A new location of an organiser."""
    with _written(here) as page:
        _expect_name(given.naam)
        directory.one_organiser(page.connection, number)
        made = directory.add_location(
            page.connection,
            account.name,
            given.naam,
            number,
            address=given.adres,
            number=given.nummer,
            since=given.sinds,
        )
    return back_to(f"/locaties/{made}", "bewaard")


class Change(BaseModel):
    """Another name, another entry that is the same, or who runs a location since when."""

    naam: Short = ""
    met: int = 0
    sinds: Day = None


@router.post("/organisatoren/{number}/naam", dependencies=[OwnForm])
def rename(here: Here, account: Decider, number: int, given: Annotated[Change, Form()]) -> Response:
    """Another name; the former one is still found."""
    with _written(here) as page:
        directory.rename(page.connection, account.name, number, given.naam)
    return back_to(f"/organisatoren/{number}", "bewaard")


@router.post("/organisatoren/{number}/samenvoegen", dependencies=[OwnForm])
def merge(here: Here, account: Decider, number: int, given: Annotated[Change, Form()]) -> Response:
    """This organiser was entered twice: everything goes to the other entry."""
    with _written(here) as page:
        directory.merge(page.connection, account.name, number, given.met)
    return back_to(f"/organisatoren/{given.met}", "samengevoegd")


@router.post("/locaties/{number}/naam", dependencies=[OwnForm])
def rename_location(here: Here, account: Decider, number: int, given: Annotated[Change, Form()]) -> Response:
    """Another name; the former one is still found."""
    with _written(here) as page:
        directory.rename_location(page.connection, account.name, number, given.naam)
    return back_to(f"/locaties/{number}", "bewaard")


@router.post("/locaties/{number}/samenvoegen", dependencies=[OwnForm])
def merge_locations(here: Here, account: Decider, number: int, given: Annotated[Change, Form()]) -> Response:
    """This location was entered twice: everything goes to the other entry."""
    with _written(here) as page:
        directory.merge_locations(page.connection, account.name, number, given.met)
    return back_to(f"/locaties/{given.met}", "samengevoegd")


@router.post("/locaties/{number}/overname", dependencies=[OwnForm])
def hand_over(here: Here, account: Decider, number: int, given: Annotated[Change, Form()]) -> Response:
    """Another organiser runs the location since a day; earlier complaints stay with it."""
    with _written(here) as page:
        directory.one_location(page.connection, number)
        directory.one_organiser(page.connection, given.met)
        if given.sinds is None:
            raise ValueError("zeg vanaf welke dag")
        directory.hand_over(page.connection, account.name, number, given.met, given.sinds)
    return back_to(f"/locaties/{number}", "bewaard")


@contextmanager
def _known() -> Iterator[None]:
    try:
        yield
    except UnknownEntryError:
        raise HTTPException(404, _GONE) from None


@contextmanager
def _written(here: Room) -> Iterator[Page]:
    try:
        with here.book.begin() as page:
            yield page
    except UnknownEntryError:
        raise HTTPException(422, f"{_GONE} Kijk het nummer na.") from None
    except ValueError as wrong:
        said = str(wrong)
        raise HTTPException(422, f"{said[:1].upper()}{said[1:]}.") from None


def _expect_name(name: str) -> None:
    if not name.strip():
        raise ValueError("een naam is nodig")


def _runners(here: Room, places: tuple[Location, ...]) -> Mapping[int, str]:
    wanted = {body for place in places for body, _, _ in place.runs}
    with here.book.engine.connect() as connection:
        return {one: directory.one_organiser(connection, one).name for one in sorted(wanted)}


def _lists(here: Room) -> Mapping[str, Mapping[str, str]]:
    return {name: here.book.law.choices(name) for name in ("ernst", "thema", "bevinding")}
