"""What the administrator does for other programs: tokens, and what they are told."""

import re
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from console.accounts.entry import Entry
from console.staff import staff
from register import events, tokens, webhooks
from register.book import Book
from tests.console.conftest import LogIn
from tests.console.forms import act
from tests.console.made import MadeDesk

URL = "https://ontvanger.example/meldingen"
CLOSED = "dossier.gesloten"


@pytest.fixture
def app(book: Book, desk: MadeDesk) -> FastAPI:
    return staff(book, desk, secure=False, entry=Entry(address="https://klachten.example"))


@pytest.fixture
def keeper(log_in: LogIn) -> httpx.Client:
    return log_in("beheerder", name="an")


def secret_on(page: httpx.Response) -> str:
    shown = re.search(r'id="geheim" readonly value="([^"]+)"', page.text)
    assert shown is not None, page.text
    return shown[1]


def test_a_token_is_shown_once_and_opens_until_it_is_revoked(book: Book, keeper: httpx.Client) -> None:
    path = "/koppelingen"
    page = act(keeper, path, path, naam="Loket", rechten=["dossiers:lezen", "beoordelen"], dagen="30")
    word = secret_on(page)
    assert word not in keeper.get(path).text
    with book.begin() as written:
        token = tokens.check(written.connection, word, book.now())
    assert token is not None
    assert (token.who, token.scopes) == ("token:Loket", ("beoordelen", "dossiers:lezen"))
    assert token.expires == book.now() + timedelta(days=30)
    assert "Het token is ingetrokken" in act(keeper, path, f"{path}/{token.id}/intrekken").text
    with book.begin() as written:
        assert tokens.check(written.connection, word, book.now()) is None
    assert "Ingetrokken" in keeper.get(path).text
    assert [(event.what, event.who) for event in book.events()] == [(tokens.MADE, "an"), (tokens.REVOKED, "an")]


@pytest.mark.parametrize(
    "wrong", [{"naam": " "}, {"rechten": []}, {"rechten": ["alles"]}, {"dagen": "36500"}, {"dagen": "veel"}]
)
def test_a_token_without_name_right_or_end_is_not_made(
    book: Book, keeper: httpx.Client, wrong: dict[str, object]
) -> None:
    given: dict[str, object] = {"naam": "Loket", "rechten": ["beoordelen"], "dagen": "30"}
    assert act(keeper, "/koppelingen", "/koppelingen", **given | wrong).status_code == 422
    with book.engine.connect() as connection:
        assert tokens.listed(connection) == ()


def test_a_webhook_tells_its_secret_once_and_what_happens_waits_until_it_is_stopped(
    book: Book, keeper: httpx.Client
) -> None:
    path = "/meldingen"
    page = act(keeper, path, path, adres=URL, soorten=[CLOSED, "bericht.ingeschreven"])
    secret = secret_on(page)
    with book.begin() as written:
        events.write(written.connection, events.line(events.CLOSED, who="an", dossier=None))
        events.write(written.connection, events.line(events.NOTED, who="an"))
    shown = keeper.get(path).text
    assert secret not in shown
    assert "1 wacht" in shown
    with book.engine.connect() as connection:
        (hook,) = webhooks.listed(connection)
    assert "Een dossier is gesloten" in keeper.get(f"{path}/{hook.id}").text
    assert "Gestopt" in act(keeper, path, f"{path}/{hook.id}/stop").text
    assert "Gestopt" in keeper.get(f"{path}/{hook.id}").text
    with book.begin() as written:
        events.write(written.connection, events.line(events.CLOSED, who="an"))
    with book.engine.connect() as connection:
        (hook,) = webhooks.listed(connection)
    assert (hook.waiting, hook.given_up, hook.stopped) == (0, 0, book.now())


def test_what_was_given_up_is_seen_and_told_again_on_request(book: Book, keeper: httpx.Client) -> None:
    act(keeper, "/meldingen", "/meldingen", adres=URL, soorten=[CLOSED])
    with book.begin() as written:
        events.write(written.connection, events.line(events.CLOSED, who="an"))
        written.connection.exec_driver_sql(
            "update webhook_delivery set ended = now(), tries = 8, said = 'Antwoord 500.'"
        )
        (hook,) = webhooks.listed(written.connection)
        (told,) = webhooks.deliveries(written.connection, hook.id)
    assert "1 opgegeven" in keeper.get("/meldingen").text
    path, again = f"/meldingen/{hook.id}", f"/meldingen/{hook.id}/opnieuw/{told.id}"
    assert "Opgegeven" in keeper.get(path).text
    token = dict(re.findall(r'name="(bewijsje)" value="(\w+)"', keeper.get(path).text))
    assert keeper.post(f"/meldingen/{hook.id + 1}/opnieuw/{told.id}", data=token).status_code == 409
    assert "vertrekt opnieuw" in act(keeper, path, again).text
    assert keeper.post(again, data=token).status_code == 409
    assert "1 wacht" in keeper.get("/meldingen").text


@pytest.mark.parametrize(
    "address",
    ["http://ontvanger.example/", "ftp://x.example", "https://", "https://u:p@x.example", "https://x.example/#a", "x"],
)
def test_an_address_that_is_not_safe_to_call_is_refused(book: Book, keeper: httpx.Client, address: str) -> None:
    assert act(keeper, "/meldingen", "/meldingen", adres=address, soorten=[CLOSED]).status_code == 422
    assert act(keeper, "/meldingen", "/meldingen", adres=URL, soorten=["alles"]).status_code == 422
    with book.engine.connect() as connection:
        assert webhooks.listed(connection) == ()


def test_the_link_of_a_new_account_names_the_address_of_the_site(keeper: httpx.Client) -> None:
    page = act(keeper, "/mensen", "/mensen", naam="lien", rollen="lezer")
    assert 'value="https://klachten.example/inloggen/' in page.text
