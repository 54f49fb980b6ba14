"""My work: dossiers, tasks and questions by their day, what ends when for all, and the address of my calendar."""

from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from pydantic import Field

from console.dossier.acts import Act, Day, Seen, Short, Words
from console.forms import OwnForm, back_to
from console.pages import staff_page
from console.roles import Reader, Worker
from console.room import Here, Room
from register import clock, feed, file, work
from register.accounts import Account
from register.deadlines import BRUSSELS, day_of_receipt

router = APIRouter(route_class=Act)
_MONTHS = 92


@router.get("/mijn-werk")
def mine(request: Request, here: Here, account: Reader) -> Response:
    """What waits for this person, and what ends within two weeks for everybody."""
    return _page(request, here, account)


@router.post("/mijn-werk/agenda", dependencies=[OwnForm])
def open_feed(request: Request, here: Here, account: Reader) -> Response:
    """A new secret address for this person's calendar, shown this once; the former one ends."""
    with here.book.begin() as page:
        word = feed.open_feed(page.connection, account.name, here.book.now())
    return _page(request, here, account, address=str(request.url_for("calendar", word=word)))


@router.post("/mijn-werk/agenda/weg", dependencies=[OwnForm])
def close_feed(here: Here, account: Reader) -> Response:
    """The secret address gives nothing any more."""
    with here.book.begin() as page:
        feed.close_feed(page.connection, account.name, here.book.now())
    return back_to("/mijn-werk", "agenda-weg", anchor="agenda")


@router.get("/agenda/{word}.ics", name="calendar")
def calendar(request: Request, here: Here, word: str) -> Response:
    """The calendar behind a secret address: references and days, nobody's name."""
    caller = f"agenda:{request.client.host if request.client else ''}"
    now = here.book.now()
    with here.book.engine.connect() as connection:
        name = feed.owner(connection, word)
        if name is None:
            if here.tries.wait(caller):
                raise HTTPException(429, "Te veel pogingen.")
            raise HTTPException(404, "Deze agenda is er niet.")
        dues = clock.dues(connection, day_of_receipt(now), here.book.law, handler=name, within=_MONTHS)
        tasks = work.tasks(connection, account=name)
    errands = [(one.dossier, one.id, one.due) for one in tasks if one.due is not None]
    headers = {"content-disposition": 'attachment; filename="klachtwijzer.ics"'}
    return Response(clock.feed(dues, now, errands), media_type="text/calendar; charset=utf-8", headers=headers)


@router.get("/nieuw-dossier")
def new(request: Request, here: Here, account: Worker) -> Response:
    """The form for a complaint that came by letter, telephone or visit."""
    law, today = here.book.law, day_of_receipt(here.book.now())
    lists = {name: law.choices(name, today) for name in ("drager",)}
    return staff_page(
        request, "dossier/nieuw.html", lijst=lists, namen=here.desk.glossary(), vandaag_dag=today.isoformat()
    )


class ByHand(Seen):
    """A complaint that came otherwise than by mail."""

    dragers: Words = Field(default_factory=list)
    ontvangen: Day = None
    sector: Short = ""
    betrokkene: Short = "onbekend"
    onderwerp: Short = ""


@router.post("/nieuw-dossier", dependencies=[OwnForm])
def open_by_hand(here: Here, account: Worker, given: Annotated[ByHand, Form()]) -> Response:
    """Open a dossier with its clock for a letter, a call or a visit (art. II.76)."""
    now = here.book.now()
    on = given.ontvangen or day_of_receipt(now)
    if on > day_of_receipt(now) or on < date(2000, 1, 1):
        raise HTTPException(422, "De dag van ontvangst ligt in de toekomst, of te ver in het verleden.")
    received = now if on == day_of_receipt(now) else datetime.combine(on, time(12), BRUSSELS)
    betrokkene = given.betrokkene if given.betrokkene in ("opgroeien", "organisator", "andere") else "onbekend"
    try:
        with here.book.begin() as page:
            made = page.open_by_hand(account.name, received, given.dragers, sector=given.sector, betrokkene=betrokkene)
            if given.onderwerp.strip():
                page.note(account.name, f"Waarover het gaat: {given.onderwerp.strip()}", reference=made)
    except ValueError:
        raise HTTPException(422, "Kies hoe de klacht binnenkwam.") from None
    return back_to(f"/dossier/{made}", "geopend")


def _page(request: Request, here: Room, account: Account, *, address: str = "") -> Response:
    now = here.book.now()
    today = day_of_receipt(now)
    with here.book.engine.connect() as connection:
        dossiers, tasks = file.handled(connection, account.name), work.tasks(connection, account=account.name)
        questions, free = work.asked(connection, account.name), file.untaken(connection)
        dues = clock.dues(connection, today, here.book.law)
        known = feed.has_feed(connection, account.name)
    return staff_page(
        request,
        "dossier/mijn_werk.html",
        agenda_adres=address,
        agenda=known,
        dossiers=dossiers,
        taken=tasks,
        vragen=questions,
        vervalt=dues,
        vrij=free,
    )
