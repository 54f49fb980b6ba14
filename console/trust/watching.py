"""The journal: whether it is whole, what happened last, and who read what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from console import dates
from console.forms import OwnForm
from console.pages import staff_page
from console.roles import Keeper
from console.room import Here, Room
from register import access, accounts, events, inspection, journal
from register.journal import Head
from register.record import as_text
from register.retention import coming, held, waiting

router = APIRouter(prefix="/vertrouwen")
_REFERENCE = re.compile(r"KW-\d{4}-\d{5,9}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


@router.get("")
def overview(request: Request, here: Here, account: Keeper) -> Response:
    """What there is to watch over, with how it stands."""
    today = dates.today(here.book.now())
    with here.book.engine.connect() as connection:
        last, _ = inspection.latest(connection, what=events.VERIFIED, limit=1)
        waits, holds = len(waiting(connection)), len(held(connection))
        due = sum(one.number for one in coming(connection, here.book.law, today))
    return staff_page(
        request,
        "vertrouwen/overzicht.html",
        nagekeken=last[0] if last else None,
        wacht=waits,
        vastgehouden=holds,
        vervalt=due,
    )


class Sought(BaseModel):
    """Whose reading and doing somebody wants to see."""

    naam: str = Field(default="", max_length=200)
    voor: int = Field(default=0, ge=0, le=2**62)


@router.get("/journaal")
def latest(request: Request, here: Here, account: Keeper, sought: Annotated[Sought, Query()]) -> Response:
    """The latest events of all, or of one account with what it read."""
    name = as_text(sought.naam)
    with here.book.engine.connect() as connection:
        found, following = inspection.latest(connection, who=name, before=sought.voor)
        looks = inspection.looks_by(connection, name, limit=100) if name else ()
        people = (*accounts.names(connection), events.PROGRAM)
        # An account that was switched off can still be looked at.
        people = (*people, name) if name and name not in people else people
        head = journal.head(connection)
        checked, _ = inspection.latest(connection, what=events.VERIFIED, limit=1)
    return staff_page(
        request,
        "vertrouwen/journaal.html",
        gebeurtenissen=found,
        volgende=following,
        blikken=looks,
        naam=sought.naam,
        mensen=people,
        einde=head,
        nagekeken=checked[0] if checked else None,
    )


@router.post("/journaal", dependencies=[OwnForm])
def verify(request: Request, here: Here, account: Keeper, einde: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Check the whole journal now, and write down that it was done and what came of it."""
    noted = None
    if words := einde.strip():
        if (match := _HEAD.fullmatch(words)) is None:
            raise HTTPException(422, "Een einde ziet eruit als 12:ab34…, zoals deze pagina en de backup het tonen.")
        noted = Head(int(match[1]), match[2])
    verdict = here.book.verify_journal(noted)
    line = events.line(
        events.VERIFIED, who=account.name, schakels=verdict.rows, heel=verdict.whole, fouten=len(verdict.breaks)
    )
    with here.book.begin() as page:
        events.write(page.connection, line)
    return staff_page(request, "vertrouwen/nagekeken.html", oordeel=verdict, genoteerd=noted)


@router.post("/gelezen", dependencies=[OwnForm])
def looked(request: Request, here: Here, account: Keeper, wie: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Who read what there is on a dossier, a mail or a person, and what was done with it.

    A name is asked for in a form, so that it never stands in an address.
    """
    found = sought(here, wie)
    with here.book.engine.connect() as connection:
        looks = inspection.looks_at(connection, found.references, found.digests)
        done = inspection.events_of(connection, found.references, found.digests)
    return staff_page(
        request, "vertrouwen/gelezen.html", gezocht=wie.strip(), gevonden=found, blikken=looks, gebeurtenissen=done
    )


@dataclass(frozen=True, slots=True)
class Traces:
    """The dossiers, and the mails without one, that lead to what somebody typed."""

    references: Sequence[str]
    digests: Sequence[str]


def sought(here: Room, words: str) -> Traces:
    """By reference, digest, mail address, or whole name or number; nothing for empty words."""
    plain = as_text(words).strip()
    if not plain:
        return Traces((), ())
    if _REFERENCE.fullmatch(plain.upper()):
        file = here.book.file(plain)
        return Traces((file.dossier.reference,) if file else (), ())
    if _DIGEST.fullmatch(plain.lower()):
        return Traces((), (plain.lower(),))
    with here.book.engine.connect() as connection:
        return Traces(access.found(connection, plain, here.book.key), access.mails(connection, plain))
