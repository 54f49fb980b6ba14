"""The application for complainants. It shares nothing with the staff pages but their looks."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from console.chat import beginning, closing, enclosing, talking
from console.chat.desk import ChatDesk
from console.chat.enclosing import LARGEST
from console.chat.lobby import GoneError, Lobby, show
from console.pages import STATIC
from console.shield import Shield
from console.throttle import Throttle
from register.book import Book
from register.chat import Talk

# A file with what the browser writes around it.
_LARGEST = LARGEST + 100_000


def public(book: Book, desk: ChatDesk, secure: bool = False, *, quick: int = 30, slow: int = 8) -> FastAPI:
    """The public pages: plain forms that work without JavaScript and without an account.

    One address may begin `quick` conversations an hour, and `slow` ones when its machine did no proof of work.
    """
    app = FastAPI(title="klachtwijzer", openapi_url=None, docs_url=None, redoc_url=None, max_body_size=_LARGEST)
    app.state.lobby = Lobby(
        book, desk, secure, quick=Throttle(limit=quick, within=3600), slow=Throttle(limit=slow, within=3600)
    )
    for part in (beginning, talking, enclosing, closing):
        app.include_router(part.router)
    app.add_api_route("/healthz", alive, methods=["GET"])
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(GoneError, _gone)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _broken)
    app.add_middleware(Shield, secure=secure)
    return app


def alive() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


def _gone(request: Request, trouble: Exception) -> Response:
    return RedirectResponse("/?fout=verlopen", status_code=303)


def _unfit(request: Request, trouble: Exception) -> Response:
    return show("fout", Talk(), status=422, wat="fout_lang")


def _refused(request: Request, trouble: Exception) -> Response:
    status = trouble.status_code if isinstance(trouble, HTTPException) else 500
    if status == 413:
        return show("fout", Talk(), status=413, wat="fout_bestand")
    if status == 404:
        return RedirectResponse("/", status_code=303)
    return PlainTextResponse("Dat lukt niet.\n", status_code=status)


def _broken(request: Request, trouble: Exception) -> Response:
    return show("fout", Talk(), status=500, wat="fout_bewaar")
