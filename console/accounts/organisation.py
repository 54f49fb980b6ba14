"""In by the provider of the organisation: OpenID Connect with a code, and proof that it is ours (PKCE, RFC 7636)."""

import base64
import binascii
import hmac
import json
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from console.accounts.entry import Departure, ProviderError
from console.login import admitted, login_form, origin, too_often
from console.room import Here, Room
from register import people

router = APIRouter(prefix="/inloggen/organisatie")
_MINUTES = 10
_SHUT = "Uw account is hier op slot. Vraag uw beheerder om het te openen."
_LOST = "Het inloggen duurde te lang, of het begon in een ander venster. Probeer het nog eens."
Told = Annotated[str, Query(max_length=4000)]


@router.get("")
def depart(request: Request, here: Here) -> Response:
    """Send somebody to the provider."""
    if wait := here.tries.wait(origin(request)):
        return too_often(request, wait)
    if here.entry.provider is None:
        raise HTTPException(404)
    try:
        departure = here.entry.provider.depart(_back(request, here))
    except ProviderError as trouble:
        return login_form(request, fault=str(trouble), status=502)
    answer = RedirectResponse(departure.url, status_code=303)
    # Only a cookie that is not strict comes along when another site leads somebody back.
    answer.set_cookie(
        _name(here), _sealed(here, departure), max_age=_MINUTES * 60, path="/", secure=here.secure, httponly=True,
        samesite="lax",
    )  # fmt: skip
    return answer


@router.get("/terug")
def arrive(request: Request, here: Here, code: Told = "", state: Told = "", error: Told = "") -> Response:
    """Somebody comes back from the provider."""
    if here.entry.provider is None:
        raise HTTPException(404)
    departure = _unsealed(here, request.cookies.get(_name(here), ""))
    if departure is None or not hmac.compare_digest(departure.state.encode(), state.encode("utf-8", "replace")):
        return _refused(request, here, _LOST, 400)
    if error or not code:
        return _refused(request, here, f"{here.entry.provider.name} liet u niet door.", 401)
    try:
        newcomer = here.entry.provider.arrive(code, departure, _back(request, here))
    except ProviderError as trouble:
        return _refused(request, here, str(trouble), 401)
    with here.book.begin() as page:
        try:
            account = people.of_provider(page.connection, newcomer, here.book.now())
        except people.LastKeeperError:
            # A wrong setting must not take the last administrator's right away.
            return _refused(request, here, "U bent de laatste beheerder, maar uw organisatie zegt van niet.", 403)
    if account is None:
        return _refused(request, here, _SHUT, 403)
    answer = admitted(request, here, account, "/werkvoorraad", proven=True)
    answer.delete_cookie(_name(here), path="/", secure=here.secure, httponly=True, samesite="lax")
    return answer


def _refused(request: Request, here: Room, fault: str, status: int) -> Response:
    answer = login_form(request, fault=fault, status=status)
    answer.delete_cookie(_name(here), path="/", secure=here.secure, httponly=True, samesite="lax")
    return answer


def _back(request: Request, here: Room) -> str:
    return (here.entry.address or str(request.base_url)).rstrip("/") + "/inloggen/organisatie/terug"


def _name(here: Room) -> str:
    return "__Host-reis" if here.secure else "reis"


def _sealed(here: Room, one: Departure) -> str:
    told = json.dumps([one.state, one.nonce, one.verifier]).encode()
    return f"{base64.urlsafe_b64encode(told).decode()}.{_signature(here, told)}"


def _unsealed(here: Room, word: str) -> Departure | None:
    told, _, signature = word.partition(".")
    try:
        plain = base64.urlsafe_b64decode(told)
    except (ValueError, binascii.Error):
        return None
    if not hmac.compare_digest(_signature(here, plain).encode(), signature.encode("utf-8", "replace")):
        return None
    state, nonce, verifier = json.loads(plain)
    return Departure("", state, nonce, verifier)


def _signature(here: Room, told: bytes) -> str:
    return hmac.new(here.book.secret.encode(), b"reis:" + told, sha256).hexdigest()
