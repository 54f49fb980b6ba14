"""In and out: by password, or by a link that works once."""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from console.forms import OwnForm, back_to
from console.pages import page, staff_page
from console.roles import Reader
from console.room import Here, Room, room
from register import accounts
from register.accounts import Account
from register.record import as_text

router = APIRouter()
_HOURS = 12
_HALFWAY = timedelta(minutes=15)
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
    return login_form(request, verder=verder)


@router.post("/inloggen")
def log_in(request: Request, here: Here, given: Annotated[Credentials, Form()]) -> Response:
    """Open a session for whoever knows the password."""
    if wait := here.tries.wait(origin(request)):
        return too_often(request, wait)
    door = request.cookies.get(here.door_cookie, "")
    if not door or not hmac.compare_digest(_door(door).encode(), given.deur.encode("utf-8", "replace")):
        return login_form(
            request, verder=given.verder, fault="Het formulier was verlopen. Probeer het nog eens.", status=403
        )
    account = here.book.verify(as_text(given.naam), given.wachtwoord)
    if account is None:
        return login_form(request, verder=given.verder, name=given.naam, fault=_WRONG, status=401)
    return admitted(request, here, account, inside(given.verder))


@router.get("/inloggen/{token}")
def by_link(request: Request, here: Here, token: str) -> Response:
    """Use a login link up and open a session."""
    if wait := here.tries.wait(origin(request)):
        return too_often(request, wait)
    if "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", "")):
        # A browser that looks ahead must not use the link up.
        return Response(status_code=425)
    account = here.book.redeem(token)
    if account is None:
        return login_form(request, fault=_SPENT, status=401)
    return admitted(request, here, account, "/werkvoorraad")


@router.post("/uitloggen", dependencies=[OwnForm])
def log_out(request: Request, here: Here, account: Reader) -> Response:
    """End the session."""
    here.book.close_session(request.cookies.get(here.cookie, ""))
    answer = back_to("/inloggen", "uitgelogd")
    answer.delete_cookie(here.cookie, path="/", secure=here.secure, httponly=True, samesite="strict")
    return answer


def login_form(
    request: Request, *, verder: str = "/", name: str = "", fault: str = "", status: int = 200
) -> HTMLResponse:
    """The login form with what went wrong; who comes by post must have been given it by us."""
    here = room(request)
    key = request.cookies.get(here.door_cookie) or secrets.token_urlsafe(24)
    organisation = here.entry.provider.name if here.entry.provider else ""
    shown = {"verder": inside(verder), "naam": name, "fout": fault, "deur": _door(key), "organisatie": organisation}
    answer = staff_page(request, "inloggen.html", status=status, **shown)
    _cookie(here, answer, here.door_cookie, key, 3600)
    return answer


def too_often(request: Request, wait: int) -> HTMLResponse:
    """Who tried too often reads when to try again."""
    fault = f"Te veel pogingen. Probeer het over {max(1, round(wait / 60))} minuten nog eens."
    answer = login_form(request, fault=fault, status=429)
    answer.headers["retry-after"] = str(wait)
    return answer


def admitted(request: Request, here: Room, account: Account, after: str, *, proven: bool = False) -> Response:
    """Let in who proved to be this person, or lead to the second step; `proven`: the second step was elsewhere."""
    with here.book.begin() as written:
        second = not proven and accounts.in_two_steps(written.connection, account.name)
        asked = second or (not proven and here.entry.must_have_second(account))
        expires = here.book.now() + _HALFWAY
        half = accounts.halfway(written.connection, account.name, expires) if asked else ""
    if not asked:
        return opened(request, here, account, _onward(request, after))
    path = "/inloggen/code" if second else "/inloggen/instellen"
    answer = _onward(request, f"{path}?{urlencode({'verder': after})}")
    _cookie(here, answer, here.half_cookie, half, int(_HALFWAY.total_seconds()))
    return answer


def opened(request: Request, here: Room, account: Account, answer: Response) -> Response:
    """Begin a session, which never goes on with the token of a former one."""
    here.tries.forget(origin(request))
    if former := request.cookies.get(here.cookie, ""):
        here.book.close_session(former)
    _cookie(here, answer, here.cookie, here.book.open_session(account.name), _HOURS * 3600)
    for spent in (here.door_cookie, here.half_cookie):
        answer.delete_cookie(spent, path="/", secure=here.secure, httponly=True, samesite="strict")
    return answer


def _onward(request: Request, after: str) -> Response:
    if request.headers.get("sec-fetch-site") == "cross-site":
        # After a click in a web mail a redirect would still count as the other site's, and lose the strict cookie.
        return page("binnen.html", verder=after)
    return RedirectResponse(after, status_code=303)


def _cookie(here: Room, answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=here.secure, httponly=True, samesite="strict")


def _door(key: str) -> str:
    return sha256(b"deur:" + key.encode("utf-8", "replace")).hexdigest()


def origin(request: Request) -> str:
    """From where somebody comes, to count their tries."""
    return request.client.host if request.client else ""


def inside(address: str) -> str:
    """The address when it is a page of ours; otherwise the front page."""
    parts = urlsplit(address)
    plain = address.isprintable() and "\\" not in address and not parts.scheme and not parts.netloc
    return address if plain and address.startswith("/") and not address.startswith("//") else "/"
