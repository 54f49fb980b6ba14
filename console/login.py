"""In and out: by password, or by a link that works once."""

import hmac
import secrets
from hashlib import sha256
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from console.forms import OwnForm, back_to
from console.pages import page, staff_page
from console.roles import Reader
from console.room import Here, Room, room
from register.accounts import Account
from register.record import as_text

router = APIRouter()
_HOURS = 12
_WRONG = "Deze naam en dit wachtwoord passen niet bij elkaar. Na vijf foute pogingen is een naam een kwartier op slot."
_SPENT = "Deze link is al gebruikt of verlopen. Vraag een nieuwe link, of log in met uw wachtwoord."


class Credentials(BaseModel):
    """What the login form sends."""

    naam: str = Field(default="", max_length=200)
    wachtwoord: str = Field(default="", max_length=500)
    deur: str = Field(default="", max_length=100)
    verder: str = Field(default="/", max_length=2000)


@router.get("/inloggen")
def form(request: Request, verder: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """The login form."""
    return _form(request, verder=verder)


@router.post("/inloggen")
def log_in(request: Request, here: Here, given: Annotated[Credentials, Form()]) -> Response:
    """Open a session for whoever knows the password."""
    if wait := here.tries.wait(_origin(request)):
        return _too_often(request, wait)
    door = request.cookies.get(here.door_cookie, "")
    if not door or not hmac.compare_digest(_door(door).encode(), given.deur.encode("utf-8", "replace")):
        return _form(
            request, verder=given.verder, fault="Het formulier was verlopen. Probeer het nog eens.", status=403
        )
    account = here.book.verify(as_text(given.naam), given.wachtwoord)
    if account is None:
        return _form(request, verder=given.verder, name=given.naam, fault=_WRONG, status=401)
    here.tries.forget(_origin(request))
    return _opened(here, account, RedirectResponse(_inside(given.verder), status_code=303))


@router.get("/inloggen/{token}")
def by_link(request: Request, here: Here, token: str) -> Response:
    """Use a login link up and open a session."""
    if wait := here.tries.wait(_origin(request)):
        return _too_often(request, wait)
    if "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", "")):
        # A browser that looks ahead must not use the link up.
        return Response(status_code=425)
    account = here.book.redeem(token)
    if account is None:
        return _form(request, fault=_SPENT, status=401)
    here.tries.forget(_origin(request))
    if request.headers.get("sec-fetch-site") == "cross-site":
        # After a click in a web mail a redirect would still count as the other site's, and lose the strict cookie.
        return _opened(here, account, page("binnen.html"))
    return _opened(here, account, RedirectResponse("/werkvoorraad", status_code=303))


@router.post("/uitloggen", dependencies=[OwnForm])
def log_out(request: Request, here: Here, account: Reader) -> Response:
    """End the session."""
    here.book.close_session(request.cookies.get(here.cookie, ""))
    answer = back_to("/inloggen", "uitgelogd")
    answer.delete_cookie(here.cookie, path="/", secure=here.secure, httponly=True, samesite="strict")
    return answer


def _form(request: Request, *, verder: str = "/", name: str = "", fault: str = "", status: int = 200) -> HTMLResponse:
    here = room(request)
    key = request.cookies.get(here.door_cookie) or secrets.token_urlsafe(24)
    shown = {"verder": _inside(verder), "naam": name, "fout": fault, "deur": _door(key)}
    answer = staff_page(request, "inloggen.html", status=status, **shown)
    answer.set_cookie(
        here.door_cookie, key, max_age=3600, path="/", secure=here.secure, httponly=True, samesite="strict"
    )
    return answer


def _too_often(request: Request, wait: int) -> HTMLResponse:
    fault = f"Te veel pogingen. Probeer het over {max(1, round(wait / 60))} minuten nog eens."
    answer = _form(request, fault=fault, status=429)
    answer.headers["retry-after"] = str(wait)
    return answer


def _opened(here: Room, account: Account, answer: Response) -> Response:
    token = here.book.open_session(account.name)
    answer.set_cookie(
        here.cookie, token, max_age=_HOURS * 3600, path="/", secure=here.secure, httponly=True, samesite="strict"
    )
    answer.delete_cookie(here.door_cookie, path="/", secure=here.secure, httponly=True, samesite="strict")
    return answer


def _door(key: str) -> str:
    return sha256(b"deur:" + key.encode("utf-8", "replace")).hexdigest()


def _origin(request: Request) -> str:
    return request.client.host if request.client else ""


def _inside(address: str) -> str:
    """The address when it is a page of ours; otherwise the front page."""
    parts = urlsplit(address)
    plain = address.isprintable() and "\\" not in address and not parts.scheme and not parts.netloc
    return address if plain and address.startswith("/") and not address.startswith("//") else "/"
