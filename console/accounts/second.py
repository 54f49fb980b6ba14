"""The second step of the way in: a code of the telephone, or setting it up when the role asks for it."""

import hmac
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from console.accounts.picture import of_address
from console.login import inside, opened, origin, too_often
from console.pages import staff_page
from console.room import Here, Room
from register import accounts, secondfactor
from register.accounts import Account
from register.sealing import Key, KeyMissingError

router = APIRouter(prefix="/inloggen")
_WRONG = "Deze code klopt niet, of ze is al gebruikt. Wacht op een nieuwe code en probeer het nog eens."
_LOCKED = "Er waren te veel foute pogingen. Deze naam is een kwartier op slot."
After = Annotated[str, Query(alias="verder", max_length=2000)]


class Code(BaseModel):
    """What the form of the second step sends."""

    code: str = Field(default="", max_length=40)
    deur: str = Field(default="", max_length=100)
    verder: str = Field(default="/", max_length=2000)


@router.get("/code")
def ask(request: Request, here: Here, after: After = "/") -> Response:
    """The form for the code."""
    return _form(request, here, "code.html", after)


@router.post("/code")
def answer(request: Request, here: Here, given: Annotated[Code, Form()]) -> Response:
    """Let in whoever knows the code of this moment."""
    account, wait = _halfway(request, here, given.deur), here.tries.wait(origin(request))
    if wait:
        return too_often(request, wait)
    if account is None:
        return RedirectResponse("/inloggen", status_code=303)
    with here.book.begin() as page:
        right = secondfactor.check(page.connection, account.name, given.code, key_of(here), here.book.now())
        locked = accounts.locked(page.connection, account.name, here.book.now())
    if not right:
        return _form(request, here, "code.html", given.verder, fault=_LOCKED if locked else _WRONG)
    return _let_in(request, here, account, RedirectResponse(inside(given.verder), status_code=303))


@router.get("/instellen")
def ask_to_set(request: Request, here: Here, after: After = "/") -> Response:
    """Set up the second step, for whoever may not come in without."""
    return _form(request, here, "instellen.html", after)


@router.get("/instellen/beeld.svg")
def picture(request: Request, here: Here) -> Response:
    """The secret as a picture for the telephone."""
    account = _halfway(request, here, None)
    return Response(status_code=404) if account is None else of_address(_address(here, account.name))


@router.post("/instellen")
def set_up(request: Request, here: Here, given: Annotated[Code, Form()]) -> Response:
    """Finish with a first code, show the recovery codes, and let in."""
    account, wait = _halfway(request, here, given.deur), here.tries.wait(origin(request))
    if wait:
        return too_often(request, wait)
    if account is None:
        return RedirectResponse("/inloggen", status_code=303)
    with here.book.begin() as page:
        codes = secondfactor.prove(page.connection, account.name, given.code, key_of(here), here.book.now())
    if not codes:
        return _form(request, here, "instellen.html", given.verder, fault=_WRONG)
    shown = staff_page(request, "toegang/herstelcodes.html", codes=codes, verder=inside(given.verder))
    return _let_in(request, here, account, shown)


def key_of(here: Room) -> Key:
    """The key that opens the secrets. Raises KeyMissingError."""
    if here.book.key is None:
        raise KeyMissingError("second factors cannot be kept without the key")
    return here.book.key


def in_fours(secret: str) -> str:
    """A secret in groups of four letters, to be typed over."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def secret_of(address: str) -> str:
    """The secret that stands in an `otpauth:` address."""
    return address.partition("secret=")[2].partition("&")[0]


def _halfway(request: Request, here: Room, door: str | None) -> Account | None:
    word = request.cookies.get(here.half_cookie, "")
    if not word or (
        door is not None and not hmac.compare_digest(_door(word).encode(), door.encode("utf-8", "replace"))
    ):
        return None
    with here.book.engine.connect() as connection:
        return accounts.of_halfway(connection, word, here.book.now())


def _form(request: Request, here: Room, name: str, after: str, *, fault: str = "") -> Response:
    account = _halfway(request, here, None)
    if account is None:
        return RedirectResponse("/inloggen", status_code=303)
    secret = ""
    if name == "instellen.html":
        with here.book.engine.connect() as connection:
            if accounts.in_two_steps(connection, account.name):
                return RedirectResponse("/inloggen/code", status_code=303)
        secret = in_fours(secret_of(_address(here, account.name)))
    door = _door(request.cookies.get(here.half_cookie, ""))
    shown = {"naam": account.name, "deur": door, "verder": inside(after), "fout": fault, "geheim": secret}
    return staff_page(request, f"toegang/{name}", status=401 if fault else 200, **shown)


def _address(here: Room, name: str) -> str:
    with here.book.begin() as page:
        return secondfactor.begin(page.connection, name, key_of(here))


def _let_in(request: Request, here: Room, account: Account, answer: Response) -> Response:
    # The half-open door shuts behind whoever went through.
    here.book.close_session(request.cookies.get(here.half_cookie, ""))
    return opened(request, here, account, answer)


def _door(word: str) -> str:
    return sha256(b"halfweg:" + word.encode("utf-8", "replace")).hexdigest()
