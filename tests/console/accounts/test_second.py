"""The second step of the way in, by the pages as a browser without scripts sees them."""

import re
from datetime import timedelta

import httpx
import pyotp
import pytest
from fastapi import FastAPI

from console.accounts.entry import Entry
from console.staff import staff
from register import secondfactor
from register.book import Book
from tests.console.accounts.conftest import PASSWORD, enter, give, in_steps, secret_on
from tests.console.conftest import LogIn
from tests.console.forms import act
from tests.console.made import MadeDesk


@pytest.fixture
def app(book: Book, desk: MadeDesk) -> FastAPI:
    return staff(book, desk, secure=False, entry=Entry(second_for=frozenset({"beheerder"})))


def test_a_role_that_needs_it_sets_up_the_second_step_before_anything_else(book: Book, visitor: httpx.Client) -> None:
    book.create_account("lien", PASSWORD, ["beheerder"])
    page = enter(visitor)
    assert page.url.path == "/inloggen/instellen"
    assert visitor.get("/werkvoorraad").url.path == "/inloggen"
    page = visitor.get("/inloggen/instellen")
    picture = visitor.get("/inloggen/instellen/beeld.svg")
    assert (picture.headers["content-type"], picture.text[:4]) == ("image/svg+xml", "<svg")
    telephone = secret_on(page.text)
    assert give(visitor, page, "000000").status_code == 401
    assert visitor.get("/werkvoorraad").url.path == "/inloggen"
    done = give(visitor, visitor.get("/inloggen/instellen"), in_steps(telephone, book))
    codes = re.findall(r"<code>(\w{4}-\w{4}-\w{4})</code>", done.text)
    assert len(set(codes)) == 10
    assert visitor.get("/werkvoorraad").url.path == "/werkvoorraad"
    visitor.cookies.clear()
    assert enter(visitor).url.path == "/inloggen/code"
    assert visitor.get("/werkvoorraad").url.path == "/inloggen"


def set_up(book: Book, name: str = "lien") -> tuple[str, ...]:
    """A second factor whose first code was used just now; the recovery codes."""
    book.create_account(name, PASSWORD, ["medewerker"])
    assert book.key is not None
    with book.begin() as page:
        address = secondfactor.begin(page.connection, name, book.key)
        code = in_steps(_phone(address), book, -1)
        return secondfactor.prove(page.connection, name, code, book.key, book.now())


def _phone(address: str) -> pyotp.TOTP:
    return secret_on(f"in de app: <code>{address.partition('secret=')[2].partition('&')[0]}</code>")


def phone_of(book: Book, name: str = "lien") -> pyotp.TOTP:
    with book.engine.connect() as connection:
        row = connection.exec_driver_sql("select sealed from second_factor where account = %s", (name,)).one()
    assert book.key is not None
    return secret_on(f"in de app: <code>{book.key.open(bytes(row[0]), 'tweede stap')}</code>")


def test_a_code_works_once_and_only_around_its_moment(book: Book, visitor: httpx.Client) -> None:
    set_up(book)
    telephone = phone_of(book)
    page = enter(visitor)
    assert give(visitor, page, in_steps(telephone, book, 5)).status_code == 401
    code = in_steps(telephone, book)
    assert give(visitor, visitor.get("/inloggen/code"), code).url.path == "/werkvoorraad"
    visitor.cookies.clear()
    page = enter(visitor)
    assert give(visitor, page, code).status_code == 401
    assert give(visitor, visitor.get("/inloggen/code"), in_steps(telephone, book, 1)).url.path == "/werkvoorraad"


def test_a_recovery_code_opens_once_whatever_its_case_and_dashes(book: Book, visitor: httpx.Client) -> None:
    codes = set_up(book)
    assert give(visitor, enter(visitor), codes[3].upper().replace("-", " ")).url.path == "/werkvoorraad"
    visitor.cookies.clear()
    assert give(visitor, enter(visitor), codes[3]).status_code == 401
    with book.engine.connect() as connection:
        assert secondfactor.codes_left(connection, "lien") == 9


def test_five_wrong_codes_lock_the_name_even_for_the_right_one(book: Book, visitor: httpx.Client) -> None:
    set_up(book)
    enter(visitor)
    for _ in range(5):
        said = give(visitor, visitor.get("/inloggen/code"), "123456")
    assert "op slot" in said.text
    code = in_steps(phone_of(book), book)
    assert give(visitor, visitor.get("/inloggen/code"), code).status_code == 401


def test_whoever_knows_the_password_cannot_guess_codes_without_end(book: Book, visitor: httpx.Client) -> None:
    set_up(book)
    for _ in range(2):
        page = enter(visitor)
        give(visitor, page, "123456")
        give(visitor, visitor.get("/inloggen/code"), "123456")
        visitor.cookies.clear()
    # The right password between them did not make the count start afresh.
    page = enter(visitor)
    said = give(visitor, page, "123456")
    assert "op slot" in said.text
    visitor.cookies.clear()
    assert enter(visitor).status_code in (401, 429)


def test_a_right_code_makes_the_count_of_wrong_ones_start_afresh(book: Book, visitor: httpx.Client) -> None:
    set_up(book)
    enter(visitor)
    for _ in range(4):
        give(visitor, visitor.get("/inloggen/code"), "123456")
    assert give(visitor, visitor.get("/inloggen/code"), in_steps(phone_of(book), book)).url.path == "/werkvoorraad"
    visitor.cookies.clear()
    assert "op slot" not in give(visitor, enter(visitor), "123456").text


def test_a_login_link_asks_for_the_code_too(book: Book, visitor: httpx.Client) -> None:
    set_up(book)
    page = visitor.get(f"/inloggen/{book.login_link('lien')}")
    assert page.url.path == "/inloggen/code"
    assert visitor.get("/werkvoorraad").url.path == "/inloggen"


def test_who_is_halfway_cannot_go_on_after_a_quarter_of_an_hour(book: Book, visitor: httpx.Client) -> None:
    set_up(book)
    page = enter(visitor)
    later = book.now() + timedelta(minutes=16)
    book.now = lambda: later
    assert give(visitor, page, in_steps(phone_of(book), book)).url.path == "/inloggen"


def test_the_own_page_sets_renews_and_removes_the_second_step(book: Book, log_in: LogIn) -> None:
    client = log_in("medewerker")
    telephone = secret_on(client.get("/mijn-toegang/tweede-stap").text)
    assert client.get("/mijn-toegang/tweede-stap/beeld.svg").status_code == 200
    path = "/mijn-toegang/tweede-stap"
    assert act(client, path, path, code="111111").status_code == 422
    assert "herstelcodes" in act(client, path, path, code=in_steps(telephone, book, -1)).text
    assert client.get("/mijn-toegang/tweede-stap/beeld.svg").status_code == 404
    own = "/mijn-toegang"
    fresh = act(client, own, f"{own}/herstelcodes", code=in_steps(telephone, book))
    assert len(re.findall(r"<code>\w{4}-\w{4}-\w{4}</code>", fresh.text)) == 10
    gone = act(client, own, f"{own}/tweede-stap/weg", code=in_steps(telephone, book, 1))
    assert "De tweede stap is weg" in gone.text
    whats = [event.what for event in book.events()]
    assert whats == [secondfactor.SET, secondfactor.RENEWED, secondfactor.GONE]
