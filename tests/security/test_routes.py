"""Generated over every route there is: who may come in, and what a wild or poisoned number gets."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from console.roles import ROLES, of_routes
from register.book import Book
from tests.console.conftest import LogIn
from tests.register.made import entered

# A route without a role must be here, with the reason; all others ask who one is.
OPEN = {
    ("GET", "/inloggen"): "One logs in there.",
    ("POST", "/inloggen"): "One logs in there.",
    ("GET", "/inloggen/{token}"): "The link is the proof; it works once.",
    ("GET", "/healthz"): "A monitor asks; it tells nothing but `ok`.",
    ("GET", "/readyz"): "A monitor asks; it tells which part is away.",
    ("GET", "/metrics"): "Numbers without persons; the proxy keeps it inside.",
    ("GET", "/static"): "Style sheets and scripts.",
    ("GET", "/agenda/{word}.ics"): "A calendar program cannot log in; the word is the secret, and it names no person.",
}
# What one passes on the way in, and what a program may read about the way to ask.
OPEN_BEFORE_LOGIN = ("/inloggen/", "/aanmelden/", "/welkom/", "/api/openapi.json", "/api/v1/openapi.json")
POISON = (
    "0", "-1", "999999999999999999999999", "1e3", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "' or '1'='1",
    "{{7*7}}", "${7*7}", "\x00", "%00", "\ud800", "é" * 300, "a" * 5000, "<script>alert(1)</script>", "KW-2026-99999",
    "kw-2026-00001'--", "0" * 64,
)  # fmt: skip
CALM = {200, 204, 303, 307, 400, 401, 403, 404, 405, 409, 410, 413, 414, 415, 422, 425, 429}
Route = tuple[str, str, frozenset[str] | None]


def routes(app: FastAPI) -> list[Route]:
    return [one for one in of_routes(app.routes) if one[0] not in ("HEAD", "OPTIONS")]


def filled(path: str, word: str) -> str:
    return re.sub(r"\{\w+(?::\w+)?\}", quote(word.encode("utf-8", "surrogatepass"), safe="%"), path)


def test_every_route_names_a_role_or_is_open_for_a_reason(app: FastAPI) -> None:
    found = {(method, path) for method, path, roles in routes(app) if roles is None and method != "DELETE"}
    unexplained = {one for one in found - OPEN.keys() if not one[1].startswith((*OPEN_BEFORE_LOGIN, "/api/"))}
    assert unexplained == set()
    assert len(routes(app)) > 50


def test_without_a_session_no_route_gives_anything_away(app: FastAPI, console: str, book: Book) -> None:
    entered(book)
    with httpx.Client(base_url=console, follow_redirects=False) as stranger:
        for method, path, roles in routes(app):
            if roles is not None:
                answer = stranger.request(method, filled(path, "KW-2026-00001"))
                there = answer.headers.get("location", "")
                assert answer.status_code in (401, 403) or (
                    answer.status_code == 303 and there.startswith("/inloggen")
                ), (method, path)
                assert "Lien" not in answer.text


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_a_route_does_not_name_is_refused(app: FastAPI, log_in: LogIn, role: str) -> None:
    person = log_in(role)
    for method, path, roles in routes(app):
        if roles is not None and role not in roles:
            answer = person.request(method, filled(path, "1"), headers={"sec-fetch-site": "same-origin"})
            assert answer.status_code == 403, (method, path)


def test_no_form_is_taken_without_the_proof_of_this_session_or_from_another_site(app: FastAPI, log_in: LogIn) -> None:
    person = log_in(*ROLES)
    for method, path, roles in routes(app):
        if roles is not None and method not in ("GET", "HEAD") and not path.startswith("/api/"):
            for data, origin in (({}, "same-origin"), ({"bewijsje": "0" * 64}, "same-origin"), ({}, "cross-site")):
                answer = person.request(
                    method, filled(path, "1"), data=data, headers={"sec-fetch-site": origin}, follow_redirects=False
                )
                assert answer.status_code == 403, (method, path, origin)


def poisoned(app: FastAPI) -> Iterator[tuple[str, str]]:
    for method, path, _ in routes(app):
        if "{" in path:
            for word in POISON:
                yield method, filled(path, word)


def test_a_wild_or_poisoned_number_is_calmly_refused_on_every_route(app: FastAPI, log_in: LogIn, book: Book) -> None:
    entered(book)
    person = log_in(*ROLES)
    page = person.get("/werkvoorraad").text
    token = re.search(r'name="bewijsje" value="(\w+)"', page)
    assert token is not None
    tried = 0
    for method, there in poisoned(app):
        data = None if method == "GET" else {"bewijsje": token[1]}
        try:
            answer = person.request(method, there, data=data, follow_redirects=False)
        except httpx.InvalidURL:
            continue
        tried += 1
        assert answer.status_code in CALM, (method, there[:120], answer.status_code)
        assert "root:" not in answer.text and "<script>alert(1)" not in answer.text and "Traceback" not in answer.text
    assert tried > 300


def test_every_query_that_a_page_reads_is_calm_about_poison(app: FastAPI, log_in: LogIn, book: Book) -> None:
    entered(book)
    person = log_in(*ROLES)
    names = (
        "zoek",
        "q",
        "na",
        "staat",
        "sector",
        "uitkomst",
        "verder",
        "van",
        "tot",
        "jaar",
        "gedaan",
        "blad",
        "sorteer",
    )
    for method, path, roles in routes(app):
        if method == "GET" and "{" not in path and roles is not None:
            for word in ("'\"><script>alert(1)</script>", "\x00", "9" * 40, "=1+1", "é" * 400):
                answer = person.get(path, params=dict.fromkeys(names, word), follow_redirects=False)
                assert answer.status_code in CALM, (path, word[:20], answer.status_code)
                assert "<script>alert(1)" not in answer.text, path
