import re

from fastapi import FastAPI

from console.roles import (
    DECIDERS,
    EVERYBODY,
    KEEPERS,
    MAINTAINERS,
    OVERSEERS,
    RELEASERS,
    TEACHERS,
    WORKERS,
    of_routes,
)
from tests.console.conftest import LogIn

# Every page of the console and who it is for; None is open to all. A new page is not done before it stands here.
EXPECTED = {
    ("GET", "/inloggen"): None,
    ("POST", "/inloggen"): None,
    ("GET", "/inloggen/{token}"): None,
    ("POST", "/uitloggen"): EVERYBODY,
    ("GET", "/"): EVERYBODY,
    ("GET", "/werkvoorraad"): EVERYBODY,
    ("GET", "/volgende"): EVERYBODY,
    ("GET", "/stand"): EVERYBODY,
    ("GET", "/bericht/{digest}"): EVERYBODY,
    ("GET", "/bericht/{digest}/ruw.eml"): EVERYBODY,
    ("POST", "/bericht/{digest}/akkoord"): WORKERS,
    ("POST", "/bericht/{digest}/verbeter"): WORKERS,
    ("POST", "/bericht/{digest}/heropen"): WORKERS,
    ("POST", "/bericht/{digest}/terug"): WORKERS,
    ("POST", "/bericht/{digest}/brief"): WORKERS,
    ("POST", "/bericht/{digest}/notitie"): WORKERS,
    ("POST", "/bericht/{digest}/notitie/klad"): WORKERS,
    ("GET", "/bericht/{digest}/wie"): EVERYBODY,
    ("GET", "/dossier/{reference}"): EVERYBODY,
    ("GET", "/brieven"): EVERYBODY,
    ("GET", "/brieven/sjablonen"): EVERYBODY,
    ("GET", "/brieven/sjabloon/{name}"): EVERYBODY,
    ("GET", "/brieven/sjabloon/{name}/html"): EVERYBODY,
    ("POST", "/brief/{number}/vrijgeven"): RELEASERS,
    ("POST", "/brief/{number}/vasthouden"): WORKERS,
    ("POST", "/brief/{number}/intrekken"): WORKERS,
    ("POST", "/brief/{number}/tekst"): WORKERS,
    ("POST", "/brief/{number}/nalezen"): WORKERS,
    ("POST", "/brief/{number}/klad"): WORKERS,
    ("POST", "/brief/{number}/klad/weg"): WORKERS,
    ("POST", "/verzenden/stil"): KEEPERS,
    ("POST", "/verzenden/verder"): KEEPERS,
    ("GET", "/healthz"): None,
    ("GET", "/readyz"): None,
    ("GET", "/metrics"): None,
    ("GET", "/static"): None,
}

# The forms on the page of a dossier, by who may send them.
_OF_DOSSIER = {
    DECIDERS: "ontvankelijk weigeren afsluiten bewaren eindbevinding deel/{number}/bevinding",
    EVERYBODY: "vraag/{number}/antwoord",
    WORKERS: "opnemen bemiddeling verlengen stilleggen hervatten heropenen tevredenheid deel deel/{number} "
    "beschrijving opvolging verbeteractie verbeteractie/{number}/uitgevoerd taak taak/{number}/gedaan vraag persoon "
    "persoon/{number}/schrappen notitie verband verplaats document deel/{number}/plaats deel/{number}/nieuwe-plaats",
}
EXPECTED |= {
    ("POST", f"/dossier/{{reference}}/{act}"): roles for roles, acts in _OF_DOSSIER.items() for act in acts.split()
} | {
    ("GET", "/dossier/{reference}/document/{number}"): EVERYBODY,
    ("GET", "/dossier/{reference}/deel/{number}/plaats"): WORKERS,
    ("GET", "/mijn-werk"): EVERYBODY,
    ("POST", "/mijn-werk/agenda"): EVERYBODY,
    ("POST", "/mijn-werk/agenda/weg"): EVERYBODY,
    ("GET", "/agenda/{word}.ics"): None,
    ("GET", "/nieuw-dossier"): WORKERS,
    ("POST", "/nieuw-dossier"): WORKERS,
    ("GET", "/organisatoren"): EVERYBODY,
    ("POST", "/organisatoren"): WORKERS,
    ("GET", "/organisatoren/{number}"): EVERYBODY,
    ("POST", "/organisatoren/{number}/locatie"): WORKERS,
    ("POST", "/organisatoren/{number}/naam"): DECIDERS,
    ("POST", "/organisatoren/{number}/samenvoegen"): DECIDERS,
    ("GET", "/locaties/{number}"): EVERYBODY,
    ("POST", "/locaties/{number}/naam"): DECIDERS,
    ("POST", "/locaties/{number}/samenvoegen"): DECIDERS,
    ("POST", "/locaties/{number}/overname"): DECIDERS,
}

EXPECTED |= {
    ("GET", f"/cijfers{one}"): EVERYBODY
    for one in ("", "/kenmerk", "/termijnen", "/stijgingen", "/triage", "/verslag", "/verslag/bestand", "/dossiers")
} | {
    ("GET", "/cijfers/verbeterd"): EVERYBODY,
    ("GET", "/zoeken"): EVERYBODY,
    **{("GET", f"/vertrouwen{one}"): KEEPERS for one in ("", "/journaal", "/bewaren", "/persoon", "/leerbestand")},
    **{
        ("POST", f"/vertrouwen{one}"): KEEPERS
        for one in ("/journaal", "/gelezen", "/bewaren/voorstellen", "/bewaren/goedkeuren", "/bewaren/weigeren")
    },
    **{("POST", f"/vertrouwen{one}"): KEEPERS for one in ("/persoon", "/persoon/afschrift", "/persoon/wissen")},
    ("POST", "/vertrouwen/leerbestand"): KEEPERS,
}

# The pages for rule maintainers: who reads, who changes, who gives an example.
_OF_RULES = {
    ("GET", OVERSEERS): " bestand zoek ontwerp/{number} loop/{number} voorstellen voorstel/{number} meekijken proef",
    ("POST", OVERSEERS): "proef",
    ("GET", MAINTAINERS): "ontwerp/{number}/bestand",
    ("POST", MAINTAINERS): "map/schrijf map/ontwerp ontwerp loop ontwerp/{number}/basis ontwerp/{number}/neem-over "
    "ontwerp/{number}/weg ontwerp/{number}/voorstel ontwerp/{number}/bestand ontwerp/{number}/nieuw "
    "ontwerp/{number}/verwijder ontwerp/{number}/herstel voorstel/{number}/ontwerp voorstel/{number}/publiceer "
    "voorstel/{number}/weiger meekijken meekijken/stop",
    ("GET", TEACHERS): "voorbeeld",
    ("POST", TEACHERS): "voorbeeld",
}
EXPECTED |= {
    (method, f"/regels/{act}".rstrip("/")): roles
    for (method, roles), acts in _OF_RULES.items()
    for act in acts.split(" ")
}

# Who comes in, and what other programs may.
EXPECTED |= {
    **{(method, f"/inloggen/{one}"): None for method in ("GET", "POST") for one in ("code", "instellen")},
    **{("GET", f"/inloggen/{one}"): None for one in ("instellen/beeld.svg", "organisatie", "organisatie/terug")},
    **{("GET", f"/mijn-toegang{one}"): EVERYBODY for one in ("", "/tweede-stap", "/tweede-stap/beeld.svg")},
    **{("POST", f"/mijn-toegang/{one}"): EVERYBODY for one in ("wachtwoord", "tweede-stap", "tweede-stap/weg")},
    **{("POST", f"/mijn-toegang/{one}"): EVERYBODY for one in ("herstelcodes", "zittingen/{key}/einde")},
    ("POST", "/mijn-toegang/zittingen/einde"): EVERYBODY,
    **{(method, f"/{one}"): KEEPERS for method in ("GET", "POST") for one in ("mensen", "koppelingen", "meldingen")},
    ("GET", "/meldingen/{number}"): KEEPERS,
    **{("POST", f"/meldingen/{{number}}/{one}"): KEEPERS for one in ("stop", "opnieuw/{delivery}")},
    ("POST", "/koppelingen/{number}/intrekken"): KEEPERS,
    **{("POST", f"/mensen/{{name}}/{one}"): KEEPERS for one in ("rollen", "slot", "open", "vernieuw", "zittingen")},
}


def test_every_route_names_its_roles_or_is_known_to_be_open(app: FastAPI) -> None:
    assert {(method, path): roles for method, path, roles in of_routes(app.routes)} == EXPECTED


def test_without_a_login_every_page_leads_to_the_login_form(console: str, log_in: LogIn) -> None:
    stranger = log_in("lezer")
    stranger.cookies.clear()
    for (method, path), roles in EXPECTED.items():
        if roles is not None:
            there = path.format(
                digest="0" * 64, reference="KW-2026-00001", number=1, name="toegevoegd", key="0", delivery=1
            )
            answer = stranger.request(method, there, follow_redirects=False)
            assert (answer.status_code, answer.headers["location"][:9]) == (303, "/inloggen"), path


def test_a_reader_is_refused_whatever_changes_something(log_in: LogIn) -> None:
    reader = log_in("lezer", "regelbeheerder")
    token = dict(re.findall(r'name="(bewijsje)" value="(\w+)"', reader.get("/werkvoorraad").text))
    for (method, path), roles in EXPECTED.items():
        if roles in (WORKERS, RELEASERS, KEEPERS):
            answer = reader.request(
                method,
                path.format(
                    digest="0" * 64, reference="KW-2026-00001", number=1, name="toegevoegd", key="0", delivery=1
                ),
                data={"veld": "sector"} | token,
            )
            assert (answer.status_code, "Uw rol laat dit niet toe" in answer.text) == (403, True), path
