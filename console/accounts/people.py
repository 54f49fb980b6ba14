"""The accounts, for the administrator: who works here, in which roles, and who is in."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response

from console.forms import OwnForm, back_to
from console.pages import staff_page
from console.roles import ROLES, Keeper
from console.room import Here, Room
from register import people
from register.accounts import NameTakenError
from register.record import as_text

router = APIRouter(prefix="/mensen")
_LAST = "Dit is de enige beheerder die nog binnen kan. Maak eerst iemand anders beheerder."
Roles = Annotated[list[str], Form(max_length=10)]


@router.get("")
def overview(request: Request, here: Here, account: Keeper) -> Response:
    """All accounts."""
    with here.book.engine.connect() as connection:
        known = people.everybody(connection, here.book.now())
    return staff_page(request, "toegang/mensen.html", mensen=known, rollen=ROLES)


@router.post("", dependencies=[OwnForm])
def make(
    request: Request,
    here: Here,
    account: Keeper,
    naam: Annotated[str, Form(max_length=100)] = "",
    rollen: Roles = [],  # noqa: B006 — the framework copies it.
) -> Response:
    """A new account, and the link that opens it once."""
    name = " ".join(as_text(naam).split())
    if not name or "/" in name:
        raise HTTPException(422, "Geef een naam, zonder schuine streep.")
    with here.book.begin() as page:
        try:
            link = people.make(page.connection, name, _chosen(rollen), account.name, here.book.now())
        except NameTakenError:
            raise HTTPException(409, "Er is al iemand met deze naam.") from None
    return _told(request, here, name.lower(), link)


@router.post("/{name}/rollen", dependencies=[OwnForm])
def set_roles(here: Here, account: Keeper, name: str, rollen: Roles = []) -> Response:  # noqa: B006
    """Other roles; the person must log in again."""
    with here.book.begin() as page:
        try:
            people.set_roles(page.connection, as_text(name), _chosen(rollen), account.name, here.book.now())
        except people.LastKeeperError:
            raise HTTPException(409, _LAST) from None
        except LookupError:
            raise HTTPException(404) from None
    return back_to("/mensen", "rollen")


@router.post("/{name}/slot", dependencies=[OwnForm])
def lock(here: Here, account: Keeper, name: str) -> Response:
    """Nobody comes in with this account."""
    with here.book.begin() as page:
        try:
            people.lock(page.connection, as_text(name), account.name, here.book.now())
        except people.LastKeeperError:
            raise HTTPException(409, _LAST) from None
        except LookupError:
            raise HTTPException(404) from None
    return back_to("/mensen", "op-slot")


@router.post("/{name}/open", dependencies=[OwnForm])
def unlock(here: Here, account: Keeper, name: str) -> Response:
    """The account opens again."""
    with here.book.begin() as page:
        try:
            people.unlock(page.connection, as_text(name), account.name)
        except LookupError:
            raise HTTPException(404) from None
    return back_to("/mensen", "van-slot")


@router.post("/{name}/vernieuw", dependencies=[OwnForm])
def reset(request: Request, here: Here, account: Keeper, name: str) -> Response:
    """Password and second step are forgotten; the link that opens the account once."""
    with here.book.begin() as page:
        try:
            link = people.reset(page.connection, as_text(name), account.name, here.book.now())
        except LookupError:
            raise HTTPException(409, "Dit account is er niet, of het is op slot. Open het eerst.") from None
    return _told(request, here, name, link)


@router.post("/{name}/zittingen", dependencies=[OwnForm])
def end_sessions(here: Here, account: Keeper, name: str) -> Response:
    """Whoever is in with this account goes out."""
    with here.book.begin() as page:
        if people.person(page.connection, as_text(name), here.book.now()) is None:
            raise HTTPException(404)
        people.end_sessions(page.connection, as_text(name), here.book.now(), who=account.name)
    return back_to("/mensen", "zitting-weg")


def _chosen(roles: list[str]) -> list[str]:
    chosen = [one for one in ROLES if one in roles]
    if not chosen or set(roles) - set(ROLES):
        raise HTTPException(422, "Kies minstens één rol.")
    return chosen


def _told(request: Request, here: Room, name: str, link: str) -> Response:
    address = (here.entry.address or str(request.base_url)).rstrip("/")
    return staff_page(request, "toegang/link.html", naam=name, link=f"{address}/inloggen/{link}")
