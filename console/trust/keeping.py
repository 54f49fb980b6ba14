"""How long things are kept: what falls due, what waits for two people, what is held, and what was erased."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from console import dates
from console.forms import OwnForm, back_to
from console.pages import staff_page
from console.roles import Keeper
from console.room import Here
from register import retention
from register.retention import HeldError, SamePersonError
from register.seeking import entries

router = APIRouter(prefix="/vertrouwen/bewaren")
_PAGE = "/vertrouwen/bewaren"


@router.get("")
def keeping(request: Request, here: Here, account: Keeper) -> Response:
    """Everything about erasure on one page."""
    today = dates.today(here.book.now())
    with here.book.engine.connect() as connection:
        ahead = [retention.coming(connection, here.book.law, _later(today, months)) for months in (0, 1, 12)]
        waits = retention.waiting(connection)
        told = entries(connection, tuple(one.dossier for one in waits if one.dossier))
        holds, past = retention.held(connection), retention.past(connection)
    numbers = [{one.rule.id: one.number for one in found} for found in ahead]
    return staff_page(
        request,
        "vertrouwen/bewaren.html",
        regels=[(one.rule, [found.get(one.rule.id, 0) for found in numbers]) for one in ahead[0]],
        wacht=waits,
        over={one.reference: one for one in told},
        namen=here.desk.glossary(),
        vast=holds,
        vroeger=past,
    )


@router.post("/voorstellen", dependencies=[OwnForm])
def propose(here: Here, account: Keeper) -> Response:
    """Propose now what is due today; the program does the same once a day."""
    with here.book.begin() as page:
        made = retention.propose(page.connection, here.book.law, dates.today(here.book.now()))
    return back_to(_PAGE, "wissen-voorgesteld" if made else "niets-voor-te-stellen")


class Choice(BaseModel):
    """Proposals that somebody ticked."""

    nummer: list[int] = Field(default_factory=list, max_length=500)
    zeker: str = Field(default="", max_length=10)


@router.post("/goedkeuren", dependencies=[OwnForm])
def approve(here: Here, account: Keeper, choice: Annotated[Choice, Form()]) -> Response:
    """This person's yes to each; what another person approved before is erased now, all or nothing."""
    _some(choice)
    if not choice.zeker:
        raise HTTPException(422, "Zet eerst het vinkje dat u de voorstellen hebt nagekeken. Er is niets veranderd.")
    try:
        with here.book.begin() as page:
            erased = [
                retention.approve(page.connection, number, account.name, here.book.now()) for number in choice.nummer
            ]
    except SamePersonError:
        raise HTTPException(
            409, "U keurde een van deze voorstellen al goed. Een tweede persoon moet het ook doen. Er is niets gewist."
        ) from None
    except HeldError:
        raise HTTPException(
            409, "Een van deze dossiers wordt intussen vastgehouden. Laad de pagina opnieuw. Er is niets gewist."
        ) from None
    except LookupError:
        raise HTTPException(409, "Een collega was u voor. Laad de pagina opnieuw. Er is niets veranderd.") from None
    return back_to(_PAGE, "gewist" if any(erased) else "goedgekeurd")


@router.post("/weigeren", dependencies=[OwnForm])
def refuse(here: Here, account: Keeper, choice: Annotated[Choice, Form()]) -> Response:
    """This person's no to each ends the proposal."""
    _some(choice)
    try:
        with here.book.begin() as page:
            for number in choice.nummer:
                retention.refuse(page.connection, number, account.name, here.book.now())
    except LookupError:
        raise HTTPException(409, "Een collega was u voor. Laad de pagina opnieuw. Er is niets veranderd.") from None
    return back_to(_PAGE, "wissen-geweigerd")


def _some(choice: Choice) -> None:
    if not choice.nummer or any(not 0 < number < 2**62 for number in choice.nummer):
        raise HTTPException(422, "Kies eerst een of meer voorstellen.")


def _later(day: date, months: int) -> date:
    """The day itself, or the first of the month so many months later: close enough to look ahead."""
    whole = day.year * 12 + day.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1) if months else day
