"""The general pause: one switch that keeps every letter in."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import Response

from console.forms import OwnForm, back_to
from console.roles import Keeper
from console.room import Here
from register.halt import go_on, halt

router = APIRouter(prefix="/verzenden", dependencies=[OwnForm])


@router.post("/stil")
def stop(here: Here, account: Keeper, waarom: Annotated[str, Form(max_length=300)] = "") -> Response:
    """No letter leaves from now on, whoever released it."""
    why = " ".join(waarom.split())
    if not why:
        raise HTTPException(422, "Zeg waarom er geen brieven mogen vertrekken. Uw collega's lezen het op elke pagina.")
    with here.book.begin() as page:
        halt(page.connection, account.name, why, now=here.book.now())
    return back_to("/brieven", "stilgezet")


@router.post("/verder")
def resume(here: Here, account: Keeper) -> Response:
    """Released letters leave again."""
    with here.book.begin() as page:
        go_on(page.connection, account.name)
    return back_to("/brieven", "hervat")
