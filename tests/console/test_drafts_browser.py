"""Writing at a letter in a real browser: nothing is lost, nothing is written over, and it works without a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from register import drafts
from register.book import Book
from register.drafts import Place
from register.outgoing import Wording
from tests.console.made import LETTER, entered, written
from tests.console.test_browser import faults, log_in, tab_to

Window = Callable[..., BrowserContext]
OTHER = LETTER.replace("een antwoord", "snel een antwoord")


def opened(book: Book, page: Page, console: str) -> str:
    """A person before a mail with a letter that waits; the mail's digest."""
    digest = entered(book, written(), letter=LETTER)
    log_in(book, page, console)
    page.goto(f"{console}/bericht/{digest}")
    return digest


def by_colleague(book: Book, digest: str, text: str = OTHER) -> None:
    with book.begin() as on:
        drafts.keep(on.connection, Place(digest, 1), "an", Wording("Uw klacht", text), seen=0)


def said(page: Page, words: str) -> None:
    expect(page.locator("#brief-1 [data-zegt]")).to_contain_text(words)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_with_drafts_has_a_barrier_or_sticks_out(
    book: Book, console: str, window: Window, scheme: str, width: int
) -> None:
    page = window(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    digest = opened(book, page, console)
    by_colleague(book, digest)
    with book.begin() as on:
        drafts.keep(on.connection, Place(digest, 1), "lien", Wording("Klacht " * 20, "Beste\n"), seen=0)
        drafts.keep(on.connection, Place(digest), "lien", Wording("", "Ze belde."), seen=0)
        on.note_read("an", digest)
    stale = page.goto(f"{console}/bericht/{digest}")
    assert stale is not None
    found = faults(page, "met klad", width)
    with book.begin() as on:
        on.revise(1, "an", Wording("Uw klacht", OTHER))
    page.get_by_label("Tekst van de brief").press_sequentially("Gelieve ")
    said(page, "Klad bewaard om")
    found += faults(page, "ingehaald", width)
    page.get_by_role("button", name="Bewaar de tekst").click()
    expect(page).to_have_title("Intussen veranderd · klachtwijzer")
    found += faults(page, "botsing", width)
    page.go_back()
    expect(page.locator("#notitie")).to_have_value("Ze belde.")
    with book.begin() as on:
        drafts.keep(on.connection, Place(digest), "lien", Wording("", "Ze belde twee keer."), seen=1)
    page.locator("#notitie").fill("Iets anders")
    page.get_by_role("button", name="Bewaar de notitie als klad").click()
    expect(page.get_by_text("Ze belde twee keer.")).to_be_visible()
    assert [*found, *faults(page, "notitie", width)] == []


def test_what_is_typed_is_there_again_after_the_browser_died_and_goes_into_the_letter_by_keyboard_alone(
    book: Book, console: str, window: Window
) -> None:
    context = window()
    page = context.new_page()
    digest = opened(book, page, console)
    tab_to(page, "Wijzig de tekst")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+End")
    page.keyboard.type("Gelieve te wachten.")
    said(page, "Klad bewaard om")
    expect(page.locator("#brief-1 [data-zegt]")).to_contain_text("over klare taal")
    assert book.dispatch(1).outgoing.text == LETTER  # type: ignore[union-attr]
    other = context.new_page()
    page.close(run_before_unload=False)
    other.goto(f"{console}/bericht/{digest}")
    expect(other.get_by_label("Tekst van de brief")).to_have_value(f"{LETTER}Gelieve te wachten.")
    expect(other.get_by_text("staat nog niet in de brief")).to_be_visible()
    tab_to(other, "Bewaar de tekst")
    other.keyboard.press("Enter")
    expect(other.get_by_role("status").filter(has_text="De tekst van de brief is bewaard")).to_be_visible()
    letter = book.dispatch(1)
    assert letter is not None and letter.outgoing.text.endswith("Gelieve te wachten.\n")
    assert book.drafts(digest) == ()


def test_words_wait_in_the_window_while_the_server_is_away_and_are_kept_when_it_is_back(
    book: Book, console: str, window: Window
) -> None:
    page = window().new_page()
    digest = opened(book, page, console)
    away = [True]

    def line(route: Route) -> None:
        route.fulfill(status=503) if away[0] else route.continue_()

    page.route("**/klad", line)
    page.get_by_text("Wijzig de tekst").click()
    page.get_by_label("Tekst van de brief").press_sequentially("Hallo ")
    said(page, "Nog niet bewaard. We proberen opnieuw.")
    assert book.drafts(digest) == ()
    away[0] = False
    expect(page.locator("#brief-1 [data-zegt]")).to_contain_text("Klad bewaard om", timeout=8000)
    assert "Hallo" in book.drafts(digest)[0].text


def test_two_windows_of_one_person_do_not_overwrite_each_other(book: Book, console: str, window: Window) -> None:
    context = window()
    first = context.new_page()
    digest = opened(book, first, console)
    second = context.new_page()
    second.goto(first.url)
    for page, words in ((first, "Eerst "), (second, "Daarna ")):
        page.get_by_text("Wijzig de tekst").click()
        page.get_by_label("Tekst van de brief").press_sequentially(words)
        said(page, "Klad bewaard om" if page is first else "Niet bewaard.")
    assert book.drafts(digest)[0].text == f"Eerst {LETTER}"
    second.get_by_role("button", name="Bekijk het verschil").click()
    expect(second).to_have_title("Intussen veranderd · klachtwijzer")
    expect(second.locator("ins")).to_contain_text("Daarna")
    expect(second.locator("del")).to_contain_text("Eerst")
    second.get_by_role("button", name="Bewaar dit als mijn klad").click()
    expect(second.get_by_role("status").filter(has_text="Uw klad is bewaard")).to_be_visible()
    assert book.drafts(digest)[0].text == f"Daarna {LETTER}"


def test_saving_while_a_pause_is_under_way_saves_once_and_clashes_with_nothing(
    book: Book, console: str, window: Window
) -> None:
    page = window().new_page()
    digest = opened(book, page, console)

    def slow(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route("**/klad", slow)
    page.get_by_text("Wijzig de tekst").click()
    area = page.get_by_label("Tekst van de brief")
    area.press_sequentially("Een ")
    with page.expect_request("**/klad"):
        page.wait_for_timeout(900)
    area.press_sequentially("twee ")
    page.get_by_role("button", name="Bewaar de tekst").click()
    expect(page.get_by_role("status").filter(has_text="De tekst van de brief is bewaard")).to_be_visible()
    letter = book.dispatch(1)
    assert letter is not None and letter.outgoing.text == f"Een twee {LETTER}"
    assert book.drafts(digest) == ()


def test_without_a_script_a_draft_is_kept_by_a_button_and_a_clash_is_seen(
    book: Book, console: str, window: Window
) -> None:
    page = window(java_script_enabled=False).new_page()
    digest = opened(book, page, console)
    page.get_by_text("Wijzig de tekst").click()
    page.get_by_label("Tekst van de brief").fill(OTHER)
    page.get_by_role("button", name="Bewaar als klad").click()
    expect(page.get_by_label("Tekst van de brief")).to_have_value(OTHER)
    with book.begin() as on:
        on.revise(1, "an", Wording("Uw klacht", LETTER.replace("ontvangen", "gelezen")))
    page.get_by_role("button", name="Bewaar de tekst").click()
    expect(page.get_by_text("an veranderde deze brief terwijl u schreef")).to_be_visible()
    page.get_by_role("button", name="Zet mijn tekst in de brief").click()
    expect(page.get_by_text("De tekst van de brief is bewaard")).to_be_visible()
    letter = book.dispatch(1)
    assert letter is not None and letter.outgoing.text == OTHER
    assert book.drafts(digest) == ()
