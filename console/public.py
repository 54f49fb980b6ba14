"""The page on which anybody can tell what happened. It shares nothing with the staff pages but their looks."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, cast

import structlog
from fastapi import FastAPI, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from console.desk import ChatDesk
from console.pages import STATIC, page
from console.shield import Shield
from console.throttle import Throttle
from intake.chat import Turn

LONGEST = 20_000
_LARGEST = 200_000
_ASKED = "Vertel wat er gebeurd is."
_ASKED_ADDRESS = "Wat is uw adres?"
_EMPTY = "Vertel eerst wat er gebeurd is. Een paar zinnen zijn genoeg."
_LONG = f"Uw verhaal is te lang. Korter dan {LONGEST} tekens lukt wel."
_NOT_KEPT = "Uw bericht is nog niet bewaard. Probeer het over een minuut opnieuw. Uw woorden staan hieronder nog."
log = structlog.get_logger()


class Story(BaseModel):
    """What the page sends. Nothing but the story is needed."""

    verhaal: str = ""
    naam: str = Field(default="", max_length=200)
    mail: str = Field(default="", max_length=250)
    adres: str = Field(default="", max_length=400)
    gesprek: str = Field(default="", max_length=80)


def public(desk: ChatDesk, secure: bool = False, *, each_hour: int = 12) -> FastAPI:
    """The public page: one form, that works without JavaScript, without cookies and without an account."""
    app = FastAPI(title="klachtwijzer", openapi_url=None, docs_url=None, redoc_url=None, max_body_size=_LARGEST)
    app.state.desk = desk
    app.state.tries = Throttle(limit=each_hour, within=3600)
    app.add_api_route("/", form, methods=["GET"], response_class=HTMLResponse)
    app.add_api_route("/", tell, methods=["POST"], response_class=HTMLResponse)
    app.add_api_route("/healthz", alive, methods=["GET"])
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _refused)
    app.add_middleware(Shield, secure=secure)
    return app


def form() -> Response:
    """The empty form."""
    return _form(Story())


def alive() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


def tell(request: Request, given: Annotated[Story, Form()]) -> Response:
    """Pass the story on and show what follows; what goes wrong never loses the writer's words."""
    if not given.verhaal.strip():
        return _form(given, fault=_EMPTY, status=422)
    if len(given.verhaal) > LONGEST:
        return _form(given, fault=_LONG, status=422)
    if wait := request.app.state.tries.wait(request.client.host if request.client else ""):
        fault = f"U stuurde net al verschillende berichten. Wacht nog {max(1, round(wait / 60))} minuten."
        answer = _form(given, fault=fault, status=429)
        answer.headers["retry-after"] = str(wait)
        return answer
    desk = cast(ChatDesk, request.app.state.desk)
    try:
        shown = desk.submit(
            turns(given, datetime.now(UTC)),
            conversation=given.gesprek or secrets.token_urlsafe(18),
            name=" ".join(given.naam.split()),
            address=given.mail.strip(),
        )
    except Exception as trouble:
        log.error("story not kept", trouble=type(trouble).__name__)
        return _form(given, fault=_NOT_KEPT, status=503)
    return page("publiek_antwoord.html", a=shown, mail=given.mail.strip())


def turns(given: Story, at: datetime) -> tuple[Turn, ...]:
    """What was asked and what was said, as one conversation."""
    said = [Turn("wij", _ASKED, at), Turn("persoon", given.verhaal.strip(), at)]
    if given.adres.strip():
        said += [Turn("wij", _ASKED_ADDRESS, at), Turn("persoon", f"Mijn adres: {given.adres.strip()}", at)]
    return tuple(said)


def _form(given: Story, *, fault: str = "", status: int = 200) -> HTMLResponse:
    # The number of the conversation makes that a second click on "Verstuur" is the same message, not a new one.
    number = given.gesprek or secrets.token_urlsafe(18)
    return page("publiek.html", status=status, g=given, gesprek=number, fout=fault, langst=LONGEST)


def _unfit(request: Request, trouble: Exception) -> Response:
    return _form(Story(), fault="Iets in het formulier is te lang. Uw naam en adres mogen kort zijn.", status=422)


def _refused(request: Request, trouble: Exception) -> Response:
    status = trouble.status_code if isinstance(trouble, HTTPException) else 500
    if status == 413:
        return _form(Story(), fault=_LONG, status=413)
    if status == 404:
        return RedirectResponse("/", status_code=303)
    return PlainTextResponse("Dat lukt niet.\n", status_code=status)
