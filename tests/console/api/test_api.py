"""The API, as another program uses it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from console.api.app import api
from console.api.gate import Scope
from console.api.problem import KIND
from register import tokens
from register.book import Book
from tests.console.api.conftest import Program, token
from tests.console.made import office, written

# Every route of the API and its scope. A new route is not done before it stands here.
EXPECTED = {
    ("POST", "/berichten"): "berichten:schrijven",
    ("POST", "/berichten/eml"): "berichten:schrijven",
    ("POST", "/beoordelingen"): "beoordelen",
    ("GET", "/beslissingen"): "beslissingen:lezen",
    ("GET", "/berichten/{digest}/beslissingen"): "beslissingen:lezen",
    ("GET", "/dossiers"): "dossiers:lezen",
    ("GET", "/dossiers/{referentie}"): "dossiers:lezen",
    ("GET", "/verslagen/jaar/{jaar}"): "verslagen:lezen",
    ("GET", "/openapi.json"): None,
}


def refused(answer: httpx.Response) -> int:
    assert answer.headers["content-type"] == KIND
    assert answer.json()["status"] == answer.status_code
    return answer.status_code


def test_every_route_names_its_scope(book: Book) -> None:
    found: dict[tuple[str, str], str | None] = {}
    for one in iter_route_contexts(api(book, None).routes):  # type: ignore[arg-type]
        route = one.original_route
        assert isinstance(route, APIRoute)
        scopes = [need.call.name for need in route.dependant.dependencies if isinstance(need.call, Scope)]
        found |= {(method, str(one.path)): next(iter(scopes), None) for method in route.methods or ()}
    assert found == EXPECTED


@pytest.mark.parametrize(("method", "path"), [one for one, scope in EXPECTED.items() if scope])
def test_a_token_without_the_scope_and_a_word_that_is_no_token_are_refused(
    program: Program, method: str, path: str
) -> None:
    others = set(tokens.SCOPES) - {str(EXPECTED[method, path])}
    there = path.format(digest="0" * 64, referentie="KW-2026-00001", jaar=2026)
    client = program(*others)
    content: dict[str, Any] = {} if method == "GET" else {"json": {"tekst": "x"}}
    if path.endswith("/eml"):
        content = {"headers": {"content-type": "message/rfc822"}}
    assert refused(client.request(method, there, **content)) == 403
    client.headers["authorization"] = "Bearer kw_iets-anders"
    answer = client.request(method, there, **content)
    assert refused(answer) == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    del client.headers["authorization"]
    assert refused(client.request(method, there, **content)) == 401


def test_a_token_that_is_revoked_or_over_opens_nothing(book: Book, console: str) -> None:
    word, over = token(book), token(book, days=-1)
    with httpx.Client(base_url=f"{console}/api/v1") as client:
        assert client.get("/dossiers", headers={"authorization": f"Bearer {word}"}).status_code == 200
        assert refused(client.get("/dossiers", headers={"authorization": f"Bearer {over}"})) == 401
        with book.engine.begin() as connection:
            (newest, first) = tokens.listed(connection)
            assert tokens.revoke(connection, first.id, "an", book.now())
            assert not tokens.revoke(connection, first.id, "an", book.now())
        assert refused(client.get("/dossiers", headers={"authorization": f"Bearer {word}"})) == 401
    assert (first.used is not None, newest.used) == (True, None)


def test_a_message_is_kept_once_however_often_it_is_sent_with_its_key(book: Book, program: Program) -> None:
    client = program("berichten:schrijven")
    told = {"tekst": "Niemand belt terug.\nLien", "onderwerp": "Klacht\r\nBcc: x@y.example", "naam": "Lien"}
    told |= {"adres": "lien@voorbeeld.example", "sleutel": "ons-7"}
    first, again = (client.post("/berichten", json=told) for _ in range(2))
    assert (first.status_code, first.json()["nieuw"], again.json()["nieuw"]) == (202, True, False)
    assert first.json()["digest"] == again.json()["digest"]
    raw = book.raw(first.json()["digest"]) or b""
    assert b"\nBcc:" not in raw
    assert book.counts().kept == 1
    del told["sleutel"]
    assert client.post("/berichten", json=told).json()["digest"] != first.json()["digest"]


def test_a_mistyped_address_loses_no_message(book: Book, program: Program) -> None:
    told = {"tekst": "Niemand belt terug.", "naam": "Lien", "adres": "lien bij voorbeeld"}
    digest = program().post("/berichten", json=told).json()["digest"]
    assert b'From: "Lien (lien bij voorbeeld)" <onbekend@api.invalid>' in (book.raw(digest) or b"")


def test_a_whole_mail_is_kept_byte_for_byte(book: Book, program: Program) -> None:
    client, raw = program(), written() + b"\x00\xff"
    answer = client.post("/berichten/eml", content=raw, headers={"content-type": "message/rfc822"})
    assert book.raw(answer.json()["digest"]) == raw
    assert refused(client.post("/berichten/eml", content=raw)) == 415
    headers = {"content-type": "message/rfc822"}
    assert refused(client.post("/berichten/eml", content=b"", headers=headers)) == 422
    large = b"From: x\r\n\r\n" + b"a" * 1_900_000
    assert client.post("/berichten/eml", content=large, headers=headers).status_code == 202
    assert refused(client.post("/berichten/eml", content=large + b"b" * 200_000, headers=headers)) == 413


def test_a_text_is_assessed_and_forgotten(book: Book, program: Program) -> None:
    told = {"tekst": "De begeleidster van pleegzorg komt haar afspraken niet na.", "onderwerp": "Klacht"}
    said = program("beoordelen").post("/beoordelingen", json=told).json()
    assert (said["sector"], said["taal"]) == ("pleegzorg", "nl")
    assert said["bewijs"]["sector"][0]["tekst"]
    assert book.counts().kept == 0


def test_dossiers_come_page_by_page_and_one_is_read_on_record(book: Book, program: Program) -> None:
    office(book)
    client, seen, after = program("dossiers:lezen"), [], ""
    while True:
        page = client.get("/dossiers", params={"na": after, "grens": 2}).json()
        seen += [one["referentie"] for one in page["dossiers"]]
        assert "lien@voorbeeld.example" not in str(page)
        if page["volgende"] is None:
            break
        after = page["volgende"]
    assert seen == [f"KW-2026-{number:05}" for number in range(1, len(seen) + 1)]
    one = client.get("/dossiers/KW-2026-00001").json()
    assert one["afzender"] == {"naam": "Lien Vermeer", "adres": "lien@voorbeeld.example"}
    assert (len(one["berichten"]), one["brieven"][0]["staat"]) == (1, "vastgehouden")
    with book.engine.connect() as connection:
        who = connection.exec_driver_sql("select account from reading").scalars().all()
    assert who == ["token:proef"]
    assert refused(client.get("/dossiers/KW-2026-99999")) == 404


def test_decisions_come_page_by_page_and_all_of_one_message_with_their_reasons(book: Book, program: Program) -> None:
    digests = office(book)
    client = program("beslissingen:lezen")
    first = client.get("/beslissingen", params={"grens": 3}).json()
    rest = client.get("/beslissingen", params={"grens": 3, "na": first["volgende"]}).json()
    assert {one["digest"] for one in first["beslissingen"] + rest["beslissingen"]} == set(digests.values())
    (urgent,) = client.get("/beslissingen", params={"uitkomst": "escaleren"}).json()["beslissingen"]
    assert (urgent["digest"], urgent["dringendheid"]) == (digests["gevaar"], "nu")
    (judged,) = client.get(f"/berichten/{urgent['digest']}/beslissingen").json()["beslissingen"]
    assert (judged["wie"], judged["gevaar"], judged["redenen"][0][:9]) == ("klachtwijzer", ["D1"], "De dienst")
    assert refused(client.get("/beslissingen", params={"na": "onzin"})) == 404


def test_the_yearly_report_has_its_figures(book: Book, program: Program) -> None:
    told = program("verslagen:lezen").get("/verslagen/jaar/2026").json()
    assert told["cijfers"][0]["rubriek"] == 1
    assert refused(program().get("/verslagen/jaar/1")) == 422


def test_what_is_wrong_is_told_without_what_was_sent(program: Program) -> None:
    answer = program().post("/beoordelingen", json={"tekst": 7, "geheim": "De buurman slaat"})
    assert refused(answer) == 422
    assert {one["plaats"] for one in answer.json()["fouten"]} == {"body.tekst", "body.geheim"}
    assert "buurman" not in answer.text
    assert refused(program().get("/niets")) == 404
    assert refused(program().delete("/dossiers")) == 405
    assert refused(program().get("/berichten/%0A/beslissingen")) == 404


def test_who_asks_too_fast_waits(book: Book, app: FastAPI, program: Program) -> None:
    client = program("dossiers:lezen")
    (mount,) = [route for route in app.routes if getattr(route, "path", "") == "/api/v1"]
    mount.app.state.counter.pace.limit = 2  # type: ignore[attr-defined]
    assert [client.get("/dossiers").status_code for _ in range(2)] == [200, 200]
    answer = client.get("/dossiers")
    assert refused(answer) == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60


def test_a_token_is_shown_to_the_program_only_and_kept_as_a_hash(book: Book) -> None:
    word = token(book)
    with book.engine.connect() as connection:
        kept = connection.exec_driver_sql("select api_token::text from api_token").scalar_one()
        told = connection.exec_driver_sql("select event::text from event").scalars().all()
    assert word not in kept + str(told)
    with book.engine.begin() as connection, pytest.raises(ValueError, match="known scopes"):
        tokens.make(connection, "proef", ["alles"], book.now() + timedelta(days=1), "an")
