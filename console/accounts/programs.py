"""The tokens of other programs, for the administrator: what each may, until when, and whether it is still shown."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from console.forms import OwnForm, back_to
from console.pages import staff_page
from console.roles import Keeper
from console.room import Here
from register import tokens
from register.record import as_text

router = APIRouter(prefix="/koppelingen")
_DAYS = (30, 90, 180, 365)


@router.get("")
def overview(request: Request, here: Here, account: Keeper) -> Response:
    """All tokens; no word of one, since none is kept."""
    with here.book.engine.connect() as connection:
        known = tokens.listed(connection)
    return staff_page(
        request, "toegang/koppelingen.html", tokens=known, rechten=tokens.SCOPES, dagen=_DAYS, nu=here.book.now()
    )


class Wanted(BaseModel):
    """What the form of a new token sends."""

    naam: str = Field(default="", max_length=100)
    rechten: list[str] = Field(default_factory=list, max_length=10)
    dagen: int = 0


@router.post("", dependencies=[OwnForm])
def make(request: Request, here: Here, account: Keeper, given: Annotated[Wanted, Form()]) -> Response:
    """A new token, shown this once."""
    name, scopes = " ".join(as_text(given.naam).split()), set(given.rechten)
    if not name or not scopes or scopes - tokens.SCOPES.keys() or given.dagen not in _DAYS:
        raise HTTPException(422, "Geef een naam, minstens één recht, en hoelang het token geldt.")
    with here.book.begin() as page:
        until = here.book.now() + timedelta(days=given.dagen)
        word = tokens.make(page.connection, name, scopes, until, account.name)
    return staff_page(
        request,
        "toegang/geheim.html",
        terug="/koppelingen",
        titel=f"Token voor {name}",
        uitleg="Het programma toont dit token bij elke vraag, achter “Authorization: Bearer”.",
        geheim=word,
    )


@router.post("/{number}/intrekken", dependencies=[OwnForm])
def revoke(here: Here, account: Keeper, number: int) -> Response:
    """The token opens nothing any more."""
    if not 0 < number < 2**63:
        raise HTTPException(404)
    with here.book.begin() as page:
        if not tokens.revoke(page.connection, number, account.name, here.book.now()):
            raise HTTPException(409, "Dit token was al ingetrokken, of het is er niet.")
    return back_to("/koppelingen", "token-weg")
