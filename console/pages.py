"""From templates to pages. Everything that comes from outside is escaped; nothing is ever marked as safe."""

from hashlib import sha256
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from console import dates, words
from console.roles import KEEPERS, RELEASERS, WORKERS, may
from console.room import Room
from register.halt import Halt, halted

HERE = Path(__file__).parent
STATIC = HERE / "static"
# Changes with the files, so that a browser may keep them and still never shows an old style.
VERSION = sha256(b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))).hexdigest()[:12]

# What was just done, as the page after it says; the address carries the key, never the sentence.
DONE = {
    "akkoord": "Afgehandeld. Het bericht is uit de werkvoorraad.",
    "heropend": "Het bericht staat weer in de werkvoorraad.",
    "verbeterd": "Verbeterd. Het voorstel is opnieuw bepaald.",
    "vrijgegeven": "De brief is vrijgegeven en vertrekt.",
    "vastgehouden": "De brief wordt vastgehouden.",
    "ingetrokken": "De brief is ingetrokken. Hij vertrekt niet.",
    "gewijzigd": "De tekst van de brief is bewaard.",
    "gekozen": "De andere brief staat klaar. Lees hem na voor u hem vrijgeeft.",
    "teruggezet": "Ongedaan gemaakt. Het vorige voorstel geldt weer.",
    "stilgezet": "Er vertrekt geen enkele brief meer.",
    "hervat": "Vrijgegeven brieven vertrekken weer, binnen enkele minuten.",
    "notitie": "De notitie is bewaard.",
    "uitgelogd": "U bent uitgelogd.",
}


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "dag": dates.day,
        "weekdag": dates.weekday,
        "geschreven_dag": dates.written_day,
        "moment": dates.moment,
        "leesbaar": words.readable,
    }
    made.globals |= {
        "versie": VERSION,
        "nog": dates.left,
        "vandaag": dates.today,
        "label": words.label,
        "VELDEN": words.FIELDS,
        "STATEN": words.STATES,
        "ROLLEN": words.ROLES,
    }
    return made


_ENVIRONMENT = _environment()


def page(name: str, *, status: int = 200, **shown: object) -> HTMLResponse:
    """A page of a template, with what it shows."""
    return HTMLResponse(_ENVIRONMENT.get_template(name).render(**shown), status_code=status)


def staff_page(request: Request, name: str, *, status: int = 200, **shown: object) -> HTMLResponse:
    """A page for staff: with the person who looks, their rights, and the token for its forms."""
    here = request.app.state.room
    account = getattr(request.state, "account", None)
    session = request.cookies.get(here.cookie, "")
    frame = {
        "account": account,
        "mag_werken": may(account, WORKERS),
        "mag_vrijgeven": may(account, RELEASERS),
        "mag_stilzetten": may(account, KEEPERS),
        "bewijsje": csrf_of(session) if account else "",
        "gedaan": DONE.get(request.query_params.get("gedaan", "")),
        "regels_stuk": here.desk.rules_state() if account else None,
        # A page that says that something broke must not ask the database again.
        "stilte": _silence(here) if account and status < 500 else None,
        "pad": request.url.path,
        "nu": here.book.now(),
    }
    return page(name, status=status, **(frame | shown))


def _silence(here: Room) -> Halt | None:
    with here.book.engine.connect() as connection:
        return halted(connection)


def csrf_of(session: str) -> str:
    """The token of a session's forms; whoever lacks the session cannot make it."""
    return sha256(b"formulier:" + session.encode("utf-8", "replace")).hexdigest()
