"""From templates to pages. Everything that comes from outside is escaped; nothing is ever marked as safe."""

from hashlib import sha256
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from console import dates, words
from console.roles import EVERYBODY, KEEPERS, OVERSEERS, RELEASERS, WORKERS, may
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
    "klad": "Uw klad is bewaard. Uw collega's zien dat u schrijft.",
    "klad-weg": "Uw klad is weg. De brief bleef zoals hij was.",
    "gekozen": "De andere brief staat klaar. Lees hem na voor u hem vrijgeeft.",
    "teruggezet": "Ongedaan gemaakt. Het vorige voorstel geldt weer.",
    "stilgezet": "Er vertrekt geen enkele brief meer.",
    "hervat": "Vrijgegeven brieven vertrekken weer, binnen enkele minuten.",
    "notitie": "De notitie is bewaard.",
    "uitgelogd": "U bent uitgelogd.",
    "bewaard": "Bewaard.",
    "geopend": "Het dossier is geopend. De termijnen lopen vanaf de dag van ontvangst.",
    "opgenomen": "U behandelt dit dossier.",
    "ontvankelijk": "De klacht is ontvankelijk. Zorg dat de klager een ontvangstbevestiging krijgt.",
    "geweigerd": "Genoteerd. Laat de klager dit met redenen weten, binnen tien dagen na de ontvangst.",
    "bemiddeling": "De bemiddeling is genoteerd.",
    "verlengd": "De termijn is verlengd. Laat de klager dit vandaag weten, met de redenen.",
    "stilgelegd": "De termijn staat stil.",
    "loopt": "De termijn loopt weer.",
    "bevonden": "De bevinding is bewaard.",
    "besloten": "De eindbevinding is bewaard.",
    "deel-bij": "Het deel is toegevoegd.",
    "afgesloten": "Het dossier is gesloten.",
    "dossier-heropend": "Het dossier is weer open.",
    "bewaren": "Dit dossier wordt niet gewist tot u dat opheft.",
    "bewaren-weg": "Voor dit dossier gelden weer de gewone bewaartermijnen.",
    "taak": "De taak is gezet.",
    "taak-gedaan": "De taak is gedaan.",
    "gevraagd": "De vraag is gesteld.",
    "beantwoord": "Het antwoord zit in het dossier.",
    "persoon": "De persoon is toegevoegd.",
    "persoon-weg": "De persoon is geschrapt, met alle gegevens.",
    "document": "Het document zit in het dossier.",
    "verbonden": "De dossiers zijn verbonden.",
    "verplaatst": "Het bericht zit nu in dit dossier.",
    "samengevoegd": "Samengevoegd. De vroegere naam vindt u nog terug.",
    "wissen-voorgesteld": "De voorstellen staan klaar. Twee mensen keuren ze goed.",
    "niets-voor-te-stellen": "Er is vandaag niets dat gewist moet worden.",
    "goedgekeurd": "Uw goedkeuring is genoteerd. Er is nog niets gewist: een tweede persoon keurt het ook goed.",
    "gewist": "Gewist. De cijfers en het journaal blijven.",
    "wissen-geweigerd": "Geweigerd. Er wordt niets gewist.",
    "wissen-gevraagd": "Het verzoek staat klaar. Twee mensen keuren het goed.",
    "agenda-weg": "Het agenda-adres geeft niets meer.",
    "map-geschreven": "De map bevat nu de regels die gelden.",
    "ontwerp": "Dit is uw ontwerp. Er verandert niets aan de regels tot u het voorstelt en een collega het publiceert.",
    "ontwerp-bewaard": "Bewaard in uw ontwerp.",
    "ontwerp-weg": "Het ontwerp is weggelegd.",
    "overgenomen": "U werkt verder aan dit ontwerp.",
    "bijgewerkt": "Uw wijzigingen staan nu op de regels die gelden.",
    "botsing": "Een collega wijzigde dezelfde lijnen. Uw tekst bleef staan. Kijk hieronder goed na wat u overschrijft.",
    "voorgesteld": "Voorgesteld. Een tweede regelbeheerder kan het publiceren of weigeren.",
    "gepubliceerd": "Gepubliceerd. De nieuwe regels gelden vanaf de volgende mail.",
    "regels-geweigerd": "Het voorstel is geweigerd.",
    "meekijken": "Deze regels kijken mee vanaf de volgende mail, zonder enig gevolg.",
    "meekijken-stop": "Er kijken geen regels meer mee.",
    "voorbeeld": "Het voorbeeld staat in dit ontwerp. Laat de proeven lopen en pas zo nodig de regel aan.",
    "wachtwoord": "Uw nieuwe wachtwoord is bewaard. Overal elders bent u uitgelogd.",
    "tweede-weg": "De tweede stap is weg.",
    "zitting-weg": "Uitgelogd.",
    "rollen": "De rollen zijn bewaard.",
    "op-slot": "Het account is op slot. Wie binnen was, is nu uitgelogd.",
    "van-slot": "Het account is weer open.",
    "token-weg": "Het token is ingetrokken. Het programma komt er niet meer in.",
    "melding-weg": "Gestopt. Dit programma krijgt geen meldingen meer.",
    "melding-opnieuw": "De melding vertrekt opnieuw, binnen enkele seconden.",
    "voorbeeld-klaar": "Het voorbeeld ligt klaar bij de regelbeheerders.",
}

# The main menu: where it leads, what it says, and for whom.
MENU: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("/werkvoorraad", "Werkvoorraad", EVERYBODY),
    ("/mijn-werk", "Mijn werk", EVERYBODY),
    ("/brieven", "Uitgaande brieven", EVERYBODY),
    ("/zoeken", "Zoeken", EVERYBODY),
    ("/cijfers", "Cijfers", EVERYBODY),
    ("/vertrouwen", "Privacy en journaal", KEEPERS),
    ("/organisatoren", "Organisatoren", EVERYBODY),
    ("/regels", "Regels", OVERSEERS),
    ("/mensen", "Toegang", KEEPERS),
)


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
        "menu": [(path, label) for path, label, roles in MENU if may(account, roles)],
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
