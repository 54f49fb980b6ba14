"""The pages of who comes in, in a real browser: no barrier, nothing that sticks out, and everything by keyboard."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import BrowserContext, Page, expect

from console.accounts.entry import Departure, Entry
from console.staff import staff
from register import events, people, tokens, webhooks
from register.book import Book
from register.people import Newcomer
from tests.console.accounts.conftest import PASSWORD, in_steps, secret_on
from tests.console.made import MadeDesk
from tests.console.test_browser import faults, tab_to

Window = Callable[..., BrowserContext]
URL = "https://een-heel-lange-naam-van-een-programma.ontvanger.example/meldingen/van/klachtwijzer?sleutel=lang"


class Elsewhere:
    """Stands for the provider of the organisation on the login page; nobody goes there."""

    name = "Vlaanderen"

    def depart(self, back: str) -> Departure:
        raise NotImplementedError

    def arrive(self, code: str, departure: Departure, back: str) -> Newcomer:
        raise NotImplementedError


@pytest.fixture
def app(book: Book, desk: MadeDesk) -> FastAPI:
    return staff(book, desk, secure=False, entry=Entry(frozenset({"beheerder"}), Elsewhere()))


def furnish(book: Book) -> None:
    """Some people, tokens and webhooks, in every state that the pages show."""
    book.create_account("an", PASSWORD, ["beheerder"])
    book.create_account("jan met een bijzonder lange naam om mee in te loggen", None, ["lezer", "medewerker"])
    book.create_account("mia", None, ["behandelaar"])
    assert book.key is not None
    with book.begin() as page:
        people.lock(page.connection, "mia", "an", book.now())
        for days in (30, -1):
            tokens.make(page.connection, "Loket", tokens.SCOPES, book.now() + timedelta(days=days), "an")
        webhooks.make(page.connection, URL, webhooks.WORDS, book.key, "an")
        for _ in range(2):
            events.write(page.connection, events.line(events.CLOSED, who="an"))
        page.connection.exec_driver_sql(
            "update webhook_delivery set ended = now(), tries = 8, said = 'Antwoord 500.' "
            "where id = (select min(id) from webhook_delivery)"
        )


def type_code(page: Page, book: Book) -> None:
    telephone = secret_on(page.content())
    page.get_by_label("Code", exact=True).fill(in_steps(telephone, book, -1))
    page.keyboard.press("Enter")
    expect(page).to_have_title("Uw herstelcodes · klachtwijzer")


def pages_of_entry(book: Book, page: Page, console: str) -> Iterator[str]:
    """Opens every page of who comes in; its name."""
    furnish(book)
    page.goto(f"{console}/inloggen")
    expect(page.get_by_role("link", name="Log in met Vlaanderen")).to_be_visible()
    yield "inloggen"
    page.get_by_label("Naam").fill("an")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_title("Tweede stap instellen · klachtwijzer")
    yield "instellen"
    page.get_by_label("Code", exact=True).fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "instellen, fout"
    type_code(page, book)
    yield "herstelcodes"
    for path in ("/mensen", "/koppelingen", "/meldingen", "/meldingen/1", "/mijn-toegang"):
        page.goto(f"{console}{path}")
        for summary in page.locator("main summary").all():
            summary.click()
        yield path
    page.goto(f"{console}/koppelingen")
    page.get_by_text("Maak een token").click()
    page.get_by_label("Naam van het programma").fill("Intranet")
    page.get_by_label("Beslissingen lezen").check()
    page.get_by_role("button", name="Maak het token").click()
    yield "geheim"
    page.context.clear_cookies()
    page.goto(f"{console}/inloggen")
    page.get_by_label("Naam").fill("an")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_title("Code · klachtwijzer")
    yield "code"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_of_who_comes_in_has_a_barrier_or_sticks_out(
    book: Book, console: str, window: Window, scheme: str, width: int
) -> None:
    page = window(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    found = [faults(page, name, width) for name in pages_of_entry(book, page, console)]
    assert len(found) == 11
    assert [fault for one in found for fault in one] == []


def test_a_colleague_is_added_locked_and_opened_by_keyboard_alone(book: Book, console: str, window: Window) -> None:
    book.create_account("bea", None, ["beheerder"])
    page = window().new_page()
    page.goto(f"{console}/inloggen/{book.login_link('bea')}")
    type_code(page, book)
    page.goto(f"{console}/mensen")
    page.get_by_label("Naam om mee in te loggen").fill("lien")
    tab_to(page, "Voeg toe")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Link voor lien · klachtwijzer")
    page.goto(f"{console}/mensen")
    tab_to(page, "Toegang van lien")
    page.keyboard.press("Enter")
    tab_to(page, "Zet op slot")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("op slot")
    tab_to(page, "Toegang van lien")
    page.keyboard.press("Enter")
    tab_to(page, "Haal van slot")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("weer open")
