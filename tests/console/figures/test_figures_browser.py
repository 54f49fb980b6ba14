"""The pages of figures as a person sees them, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from register.book import Book
from tests.console.figures.conftest import filled
from tests.console.test_browser import Window, faults, log_in, tab_to

YEAR = "van=2026-01-01&tot=2026-12-31"


def pages(book: Book, page: Page, console: str) -> Iterator[str]:
    """Opens every page of figures in turn; its address."""
    filled(book)
    log_in(book, page, console)
    for address in (
        f"/cijfers?{YEAR}",
        f"/cijfers?{YEAR}&sector=adoptie",
        f"/cijfers/kenmerk?veld=organiser&{YEAR}",
        f"/cijfers/termijnen?{YEAR}",
        "/cijfers/stijgingen?van=2026-03-01&tot=2026-03-31",
        f"/cijfers/triage?{YEAR}",
        f"/cijfers/verslag?{YEAR}",
        f"/cijfers/dossiers?reeks=kenmerk&veld=sector&waarde=kinderopvang&{YEAR}",
        "/zoeken?sector=kinderopvang",
        "/zoeken?zoek=bestaatniet",
    ):
        page.goto(f"{console}{address}")
        for summary in page.locator("main summary").all():
            summary.click()
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_of_figures_has_a_barrier_or_sticks_out(
    book: Book, console: str, window: Window, scheme: str, width: int
) -> None:
    page = window(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    found = [faults(page, name, width) for name in pages(book, page, console)]
    assert len(found) == 10
    assert [fault for one in found for fault in one] == []


def test_from_a_figure_to_its_dossiers_by_keyboard_alone(book: Book, console: str, window: Window) -> None:
    made = filled(book)
    page = window().new_page()
    log_in(book, page, console)
    tab_to(page, "Cijfers")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Cijfers · klachtwijzer")
    tab_to(page, "9 dossiers: Kinderopvang")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Sector: Kinderopvang · klachtwijzer")
    tab_to(page, made["laat"][0])
    page.keyboard.press("Enter")
    expect(page).to_have_title(f"Dossier {made['laat'][0]} · klachtwijzer")


def test_a_search_is_filled_in_and_sent_by_keyboard_without_a_script(book: Book, console: str, window: Window) -> None:
    made = filled(book)
    page = window(java_script_enabled=False).new_page()
    log_in(book, page, console)
    page.goto(f"{console}/zoeken")
    page.get_by_label("Ernst en gevaar").focus()
    page.keyboard.type("Gevaar")
    page.keyboard.press("Enter")
    page.get_by_label("Organisator of locatie").press("Enter")
    assert "ernst=gevaar" in page.url
    for reference in made["vorig"]:
        expect(page.get_by_role("link", name=reference)).to_be_visible()


def test_words_in_a_drawing_keep_their_size_on_a_telephone(book: Book, console: str, window: Window) -> None:
    filled(book)
    sizes = []
    for width in (1280, 360):
        page = window(viewport={"width": width, "height": 800}).new_page()
        if width == 1280:
            log_in(book, page, console)
        else:
            page.goto(f"{console}/inloggen/{book.login_link('lien')}")
        page.goto(f"{console}/cijfers?{YEAR}")
        box = page.locator("svg.tekening text", has_text="Kinderopvang").first.bounding_box()
        assert box is not None
        sizes.append(box["height"])
        assert page.locator("svg.tekening rect").first.bounding_box() is not None
    assert sizes[1] == pytest.approx(sizes[0], abs=1)
