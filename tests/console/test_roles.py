import re

from fastapi import FastAPI

from console.roles import EVERYBODY, KEEPERS, RELEASERS, WORKERS, of_routes
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
    ("GET", "/dossier/{reference}"): EVERYBODY,
    ("GET", "/brieven"): EVERYBODY,
    ("POST", "/brief/{number}/vrijgeven"): RELEASERS,
    ("POST", "/brief/{number}/vasthouden"): WORKERS,
    ("POST", "/brief/{number}/intrekken"): WORKERS,
    ("POST", "/brief/{number}/tekst"): WORKERS,
    ("POST", "/brief/{number}/nalezen"): WORKERS,
    ("POST", "/verzenden/stil"): KEEPERS,
    ("POST", "/verzenden/verder"): KEEPERS,
    ("GET", "/healthz"): None,
    ("GET", "/readyz"): None,
    ("GET", "/metrics"): None,
    ("GET", "/static"): None,
}


def test_every_route_names_its_roles_or_is_known_to_be_open(app: FastAPI) -> None:
    assert {(method, path): roles for method, path, roles in of_routes(app.routes)} == EXPECTED


def test_without_a_login_every_page_leads_to_the_login_form(console: str, log_in: LogIn) -> None:
    stranger = log_in("lezer")
    stranger.cookies.clear()
    for (method, path), roles in EXPECTED.items():
        if roles is not None:
            there = path.format(digest="0" * 64, reference="KW-2026-00001", number=1)
            answer = stranger.request(method, there, follow_redirects=False)
            assert (answer.status_code, answer.headers["location"][:9]) == (303, "/inloggen"), path


def test_a_reader_is_refused_whatever_changes_something(log_in: LogIn) -> None:
    reader = log_in("lezer", "regelbeheerder")
    token = dict(re.findall(r'name="(bewijsje)" value="(\w+)"', reader.get("/werkvoorraad").text))
    for (method, path), roles in EXPECTED.items():
        if roles in (WORKERS, RELEASERS, KEEPERS):
            answer = reader.request(method, path.format(digest="0" * 64, number=1), data={"veld": "sector"} | token)
            assert (answer.status_code, "Uw rol laat dit niet toe" in answer.text) == (403, True), path
