"""The pages of trust as a person sees them, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from register import retention
from register.book import Book
from tests.console.test_browser import Window, faults, log_in, tab_to
from tests.console.trust.conftest import TODAY, filed, homeless


def pages(book: Book, page: Page, console: str) -> Iterator[str]:
    """Opens every page of trust in turn; its name."""
    reference, digest = filed(book)
    held, _ = filed(book, "2")
    homeless(book)
    with book.begin() as on:
        on.treat(held, "an").hold("Zaak bij de rechtbank van eerste aanleg")
        on.note_read("els", digest)
        number = retention.ask(on.connection, reference, "an", "Vraag van de persoon zelf")
        retention.approve(on.connection, number, "bo", TODAY)
        retention.propose(on.connection, book.law, TODAY.date())
    book.upkeep()
    log_in(book, page, console, "beheerder")
    for name in ("", "/journaal", "/journaal?naam=els", "/bewaren", "/persoon", "/leerbestand"):
        page.goto(f"{console}/vertrouwen{name}")
        yield name
    page.goto(f"{console}/vertrouwen/journaal")
    page.get_by_role("button", name="Kijk het journaal na").click()
    yield "nagekeken"
    page.goto(f"{console}/vertrouwen/journaal")
    page.get_by_label("Wie of wat zoekt u?").fill(reference)
    page.get_by_role("button", name="Toon wie het las").click()
    yield "gelezen"
    page.goto(f"{console}/vertrouwen/persoon")
    page.get_by_label("Wie of wat zoekt u?").fill("lien@voorbeeld.example")
    page.get_by_role("button", name="Zoek wat er bewaard is").click()
    yield "gevonden"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_of_trust_has_a_barrier_or_sticks_out(
    book: Book, console: str, window: Window, scheme: str, width: int
) -> None:
    page = window(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    found = [faults(page, name or "overzicht", width) for name in pages(book, page, console)]
    assert len(found) == 9
    assert [fault for one in found for fault in one] == []


def test_a_second_person_approves_an_erasure_by_keyboard_alone(book: Book, console: str, window: Window) -> None:
    reference, digest = filed(book)
    with book.begin() as on:
        number = retention.ask(on.connection, reference, "an", "Vraag van de persoon zelf")
        retention.approve(on.connection, number, "an", TODAY)
    page = window().new_page()
    log_in(book, page, console, "beheerder")
    tab_to(page, "Privacy en journaal")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Privacy en journaal · klachtwijzer")
    tab_to(page, "Bewaren en wissen")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Bewaren en wissen · klachtwijzer")
    page.get_by_label(reference).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, "Keur de gekozen voorstellen goed")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Gewist")).to_be_visible()
    assert book.raw(digest) == b""


def test_a_copy_is_downloaded_and_never_opened_in_the_console(book: Book, console: str, window: Window) -> None:
    filed(book)
    page = window(java_script_enabled=False).new_page()
    log_in(book, page, console, "beheerder")
    page.goto(f"{console}/vertrouwen/persoon")
    page.get_by_label("Wie of wat zoekt u?").fill("Zoë Claes")
    page.get_by_role("button", name="Zoek wat er bewaard is").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Maak een afschrift om te lezen").click()
    assert download.value.suggested_filename == "afschrift-2027-06-15.html"
    expect(page).to_have_title("Rechten van een persoon · klachtwijzer")
