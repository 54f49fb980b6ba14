"""Everybody's own page: password, second step, and where one is logged in."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from console.accounts.picture import of_address
from console.accounts.second import in_fours, key_of, secret_of
from console.forms import OwnForm, back_to
from console.login import opened
from console.pages import staff_page
from console.roles import Reader
from console.room import Here, Room
from register import accounts, people, secondfactor
from register.accounts import Account
from register.record import as_text

router = APIRouter(prefix="/mijn-toegang")
_OWN = [OwnForm]
_CODE = "Deze code klopt niet, of ze is al gebruikt."
Word = Annotated[str, Form(max_length=500)]
Code = Annotated[str, Form(max_length=40)]


@router.get("")
def page(request: Request, here: Here, account: Reader) -> Response:
    """How this person comes in, and where they are in."""
    now = here.book.now()
    with here.book.engine.connect() as connection:
        me = people.person(connection, account.name, now)
        running = people.sessions(connection, account.name, now)
        left = secondfactor.codes_left(connection, account.name)
    current = accounts.hashed(request.cookies.get(here.cookie, ""))[:16]
    return staff_page(
        request,
        "toegang/mijn.html",
        ik=me,
        zittingen=running,
        deze=current,
        herstelcodes=left,
        moet=here.entry.must_have_second(account),
        kortste=people.SHORTEST,
    )


class Passwords(BaseModel):
    """What the form of the password sends."""

    nieuw: str = Field(default="", max_length=500)
    nogmaals: str = Field(default="", max_length=500)
    huidig: str = Field(default="", max_length=500)


@router.post("/wachtwoord", dependencies=_OWN)
def change_password(request: Request, here: Here, account: Reader, given: Annotated[Passwords, Form()]) -> Response:
    """A new password; all other sessions end, and this one goes on under a new token."""
    if given.nieuw != given.nogmaals:
        raise HTTPException(422, "De twee nieuwe wachtwoorden zijn niet gelijk.")
    _knows(here, account, given.huidig)
    with here.book.begin() as written:
        try:
            people.set_password(written.connection, account.name, given.nieuw)
        except people.WeakPasswordError as weak:
            raise HTTPException(422, str(weak)) from None
        people.end_sessions(written.connection, account.name, here.book.now())
    return opened(request, here, account, back_to("/mijn-toegang", "wachtwoord"))


@router.get("/tweede-stap")
def second(request: Request, here: Here, account: Reader) -> Response:
    """Set up the second step."""
    with here.book.begin() as written:
        if accounts.in_two_steps(written.connection, account.name):
            return back_to("/mijn-toegang")
        address = secondfactor.begin(written.connection, account.name, key_of(here))
    return staff_page(request, "toegang/tweede_stap.html", geheim=in_fours(secret_of(address)))


@router.get("/tweede-stap/beeld.svg")
def picture(here: Here, account: Reader) -> Response:
    """The secret as a picture, until it is proven."""
    with here.book.begin() as written:
        if accounts.in_two_steps(written.connection, account.name):
            raise HTTPException(404)
        return of_address(secondfactor.begin(written.connection, account.name, key_of(here)))


@router.post("/tweede-stap", dependencies=_OWN)
def prove(request: Request, here: Here, account: Reader, code: Code = "", huidig: Word = "") -> Response:
    """Finish with a first code, and show the recovery codes this once. Somebody else's open screen is not enough."""
    _knows(here, account, huidig)
    with here.book.begin() as written:
        codes = secondfactor.prove(written.connection, account.name, code, key_of(here), here.book.now())
    if not codes:
        raise HTTPException(422, _CODE)
    return staff_page(request, "toegang/herstelcodes.html", codes=codes, verder="/mijn-toegang")


@router.post("/tweede-stap/weg", dependencies=_OWN)
def remove(here: Here, account: Reader, code: Code = "") -> Response:
    """Do without a second step, where the role allows it."""
    if here.entry.must_have_second(account):
        raise HTTPException(403, "Uw rol vraagt een tweede stap.")
    _right(here, account, code)
    with here.book.begin() as written:
        secondfactor.remove(written.connection, account.name)
    return back_to("/mijn-toegang", "tweede-weg")


@router.post("/herstelcodes", dependencies=_OWN)
def renew(request: Request, here: Here, account: Reader, code: Code = "") -> Response:
    """New recovery codes; the former ones open nothing any more."""
    _right(here, account, code)
    with here.book.begin() as written:
        codes = secondfactor.renew_codes(written.connection, account.name)
    return staff_page(request, "toegang/herstelcodes.html", codes=codes, verder="/mijn-toegang")


@router.post("/zittingen/{key}/einde", dependencies=_OWN)
def end(here: Here, account: Reader, key: str) -> Response:
    """End one of one's own sessions."""
    with here.book.begin() as written:
        if not people.end_session(written.connection, account.name, as_text(key), here.book.now()):
            raise HTTPException(404)
    return back_to("/mijn-toegang", "zitting-weg")


@router.post("/zittingen/einde", dependencies=_OWN)
def end_all(request: Request, here: Here, account: Reader) -> Response:
    """End all one's sessions but this one."""
    with here.book.begin() as written:
        mine = request.cookies.get(here.cookie, "")
        people.end_sessions(written.connection, account.name, here.book.now(), who=account.name, but=mine)
    return back_to("/mijn-toegang", "zitting-weg")


def _knows(here: Room, account: Account, password: str) -> None:
    """Refuses whoever does not know the present password, if there is one; wrong ones count for the lock."""
    with here.book.engine.connect() as connection:
        me = people.person(connection, account.name, here.book.now())
    if me is not None and me.password and here.book.verify(account.name, password) is None:
        raise HTTPException(422, "Uw huidige wachtwoord klopt niet.")


def _right(here: Room, account: Account, code: str) -> None:
    with here.book.begin() as written:
        right = secondfactor.check(written.connection, account.name, code, key_of(here), here.book.now())
    if not right:
        raise HTTPException(422, _CODE)
