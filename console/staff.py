"""The application for staff."""

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from console import acting, health, letters, login, mail, noting, rewording, sending, specimens, worklist
from console.accounts import organisation, own, people, second, telling
from console.accounts import programs as of_programs
from console.accounts.entry import Entry
from console.api import problem
from console.api.app import PATH, api
from console.api.programs import Programs
from console.desk import Desk
from console.dossier import cooperating, findings, mine, organisers, papers, placing, treating
from console.dossier import page as dossier
from console.figures import behind, dashboard, search, yearly
from console.pages import STATIC, staff_page
from console.roles import NotLoggedIn
from console.room import Room
from console.shield import Shield
from console.trust import keeping, learning, person, watching
from console.workbench import drafting, editing, looking_on, overview, proposing, running, teaching, trying
from console.workbench.workshop import Workshop
from register.book import Book

_LARGEST = 1_000_000
_TITLES = {
    403: "Dat mag niet",
    404: "Niet gevonden",
    409: "Intussen veranderd",
    413: "Te groot",
    422: "Dat klopt niet",
    429: "Te veel pogingen",
    500: "Er liep iets mis",
}


# Each is another's to give, and all but the first three may be absent.
def staff(  # noqa: PLR0913
    book: Book,
    desk: Desk,
    secure: bool,
    workshop: Workshop | None = None,
    *,
    entry: Entry | None = None,
    programs: Programs | None = None,
) -> FastAPI:
    """The console: it reads the book and passes what people do to the desk.

    `secure` says that people come by HTTPS; the cookies are then never sent without it. Without a `workshop` there are
    no pages for rule maintainers, without `programs` no API.
    """
    app = FastAPI(title="klachtwijzer", openapi_url=None, docs_url=None, redoc_url=None, max_body_size=_LARGEST)
    app.state.room = Room(book, desk, secure, workshop=workshop, entry=entry or Entry())
    for part in (second, organisation, own, people, of_programs, telling):
        app.include_router(part.router)
    for part in (login, worklist, mail, acting, noting, letters, rewording, specimens, sending, health):
        app.include_router(part.router)
    for part in (dossier, treating, findings, cooperating, papers, placing, mine, organisers):
        app.include_router(part.router)
    for part in (dashboard, yearly, behind, search, watching, keeping, person, learning):
        app.include_router(part.router)
    for part in (overview, drafting, editing, running, proposing, looking_on, trying, teaching):
        app.include_router(part.router)
    if programs is not None:
        app.mount(PATH, api(book, programs))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(NotLoggedIn, _to_login)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(Exception, _broken)
    app.add_middleware(Shield, secure=secure)
    return app


def _to_login(request: Request, trouble: Exception) -> Response:
    there = request.url.path if request.method == "GET" else "/"
    query = f"?{request.url.query}" if request.method == "GET" and request.url.query else ""
    after = f"?verder={quote(there + query, safe='')}" if there != "/" else ""
    return RedirectResponse(f"/inloggen{after}", status_code=303)


def _refused(request: Request, trouble: Exception) -> Response:
    status = trouble.status_code if isinstance(trouble, HTTPException) else 500
    said = str(trouble.detail) if isinstance(trouble, HTTPException) and status in (403, 409, 422) else ""
    return _fault(request, status, said)


def _unfit(request: Request, trouble: Exception) -> Response:
    return _fault(request, 422, "Er ontbreekt iets in het formulier, of iets is te lang.")


def _broken(request: Request, trouble: Exception) -> Response:
    return _fault(request, 500, "Wat u deed, is misschien niet bewaard. Probeer het over een minuut opnieuw.")


def _fault(request: Request, status: int, said: str) -> Response:
    if request.url.path.startswith(f"{PATH}/"):
        # An address with a line end is not even led to the API, and a program must not get a page for it.
        return problem.plain(status)
    title = _TITLES.get(status, "Dat lukt niet")
    return staff_page(request, "fout.html", status=status, titel=title, uitleg=said, code=status)
