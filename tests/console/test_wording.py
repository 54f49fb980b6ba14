from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from console.wording import Reread, reread
from intake.message import Party
from register.book import Book
from register.outgoing import Dispatch, Outgoing, Wording
from tests.console.made import LETTER, LETTERS, entered, written
from tests.console.test_browser import Window, log_in

ONE = Party("Lien", "lien@voorbeeld.example")
BEFORE = "Beste Lien\n\nWij lezen uw klacht.\n\nMet vriendelijke groeten\n"


def read(before: str, after: str) -> Reread:
    outgoing = Outgoing("0" * 64, "ontvangstbevestiging", ONE, ONE, "Uw klacht", before)
    letter = Dispatch(1, None, outgoing, "vastgehouden", datetime(2026, 3, 2, tzinfo=UTC))
    return reread(letter, Wording("Uw klacht", after), Wording("Uw klacht", before), LETTERS)


@pytest.mark.parametrize(
    "after", [BEFORE.replace("lezen", "bekijken"), BEFORE + "Lien\n", BEFORE.replace("Beste Lien\n\n", ""), "", BEFORE]
)
def test_the_differences_together_are_both_texts(after: str) -> None:
    changed = read(BEFORE, after).changed
    if after == BEFORE:
        assert not changed
        return
    assert "".join(one.text for one in changed if one.kind != "bij") == BEFORE
    assert "".join(one.text for one in changed if one.kind != "weg") == after


def test_remarks_follow_the_typing_and_changes_stand_marked_before_release(
    book: Book, console: str, window: Window
) -> None:
    digest = entered(book, written(), letter=LETTER)
    page = window().new_page()
    log_in(book, page, console)
    page.goto(f"{console}/bericht/{digest}")
    page.get_by_text("Wijzig de tekst").click()
    box = page.get_by_label("Tekst van de brief")
    box.press("Control+Home")
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press_sequentially("Gelieve te wachten. ")
    expect(page.locator(".opmerkingen")).to_contain_text('Regel 3: "Gelieve" is een zwaar woord')
    expect(page.locator("#brief-1 [data-zegt]")).to_contain_text("over klare taal")
    expect(page.locator("#brief-1 [data-nalezing] ins")).to_contain_text("Gelieve te wachten")
    page.get_by_role("button", name="Bewaar de tekst").click()
    expect(page.locator(".verschil > .brieftekst").first.locator("ins")).to_contain_text("Gelieve te wachten.")
    expect(page.get_by_role("button", name="Geef brief vrij")).to_be_visible()


def test_a_correction_is_undone_by_one_key(book: Book, console: str, window: Window) -> None:
    digest = entered(book, written(), letter=LETTER)
    page = window().new_page()
    log_in(book, page, console)
    page.goto(f"{console}/bericht/{digest}")
    page.get_by_text("Verbeter Sector").click()
    page.get_by_label("Sector", exact=True).select_option("jeugdhulp")
    page.locator("li[data-feit='sector']").get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("status").filter(has_text="Verbeterd")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("ongedaan maken")
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(page.get_by_role("status").filter(has_text="Ongedaan gemaakt")).to_be_visible()
    record = book.record(digest)
    assert record is not None
    assert (record.decision.sector, len(record.judgements)) == ("pleegzorg", 3)
