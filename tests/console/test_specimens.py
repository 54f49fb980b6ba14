"""Every letter as somebody would get it."""

import re

import pytest
from playwright.sync_api import expect

from register.book import Book
from tests.console.conftest import LogIn
from tests.console.made import LETTERS
from tests.console.test_browser import Window, axe, log_in, tab_to


def shown(page: str) -> set[str]:
    return set(re.findall(r'class="onderwerp" href="/brieven/sjabloon/([\w-]+)"', page))


def test_every_letter_stands_in_the_list_and_its_page_opens(log_in: LogIn) -> None:
    client = log_in("regelbeheerder")
    page = client.get("/brieven/sjablonen").text
    assert shown(page) == {one.id for one in LETTERS.ours}
    for one in LETTERS.ours:
        for size in ("vol", "kaal"):
            answer = client.get(f"/brieven/sjabloon/{one.id}", params={"omvang": size})
            assert answer.status_code == 200, (one.id, size)
            assert "Leesbaarheid" in answer.text


@pytest.mark.parametrize(
    ("asked", "inside", "outside"),
    [
        ({"uitkomst": "doorverwijzen"}, "doorverwijzing", "ontvangstbevestiging"),
        ({"vorm": "je"}, "toegevoegd-jongere", "toegevoegd"),
        ({"vorm": "u"}, "toegevoegd", "toegevoegd-jongere"),
        ({"kijk": "wacht"}, "eindantwoord", "ontvangstbevestiging"),
        ({"kijk": "contacten"}, "eindantwoord", "vervollediging"),
    ],
)
def test_the_list_is_narrowed_by_outcome_form_and_what_is_the_matter(
    log_in: LogIn, asked: dict[str, str], inside: str, outside: str
) -> None:
    found = shown(log_in("lezer").get("/brieven/sjablonen", params=asked).text)
    assert inside in found
    assert outside not in found


def test_a_letter_says_what_holds_it_and_leads_to_its_other_form(log_in: LogIn) -> None:
    client = log_in("lezer")
    page = client.get("/brieven/sjabloon/eindantwoord").text
    assert "Over deze brief beslist altijd een medewerker." in page
    assert "Niet alle contacten zijn nagekeken" in page
    assert 'href="/brieven/sjabloon/eindantwoord-jongere?omvang=vol"' in page
    assert "Dag Els" in client.get("/brieven/sjabloon/eindantwoord-jongere").text
    assert client.get("/brieven/sjabloon/bestaat-niet").status_code == 404
    assert client.get("/brieven/sjabloon/eindantwoord?omvang=groot").status_code == 422


def test_the_letter_itself_is_shut_off_and_stands_in_our_page_alone(log_in: LogIn) -> None:
    client = log_in("lezer")
    inside = client.get("/brieven/sjabloon/toegevoegd/html")
    assert "Els Peeters" in inside.text
    rules = inside.headers["content-security-policy"]
    assert "default-src 'none'" in rules and "sandbox" in rules and "script-src" not in rules
    assert "frame-ancestors 'self'" in rules
    around = client.get("/brieven/sjabloon/toegevoegd").headers["content-security-policy"]
    assert "frame-src 'self'" in around and "unsafe-inline" not in around
    assert "frame-src" not in client.get("/brieven/sjablonen").headers["content-security-policy"]


@pytest.mark.parametrize("look", [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")])
def test_no_page_of_letters_has_a_barrier_or_sticks_out(
    book: Book, console: str, window: Window, look: tuple[int, str]
) -> None:
    width, scheme = look
    page = window(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    log_in(book, page, console)
    found = []
    for path in ("sjablonen", "sjablonen?uitkomst=niets", "sjabloon/eindantwoord", "sjabloon/niet-behandeld-anoniem"):
        page.goto(f"{console}/brieven/{path}")
        # No script runs in the frame, so that nothing there can answer; letters are tried by themselves elsewhere.
        found += [f"{path}: {one['id']}" for one in axe.run(page, options={"iframes": False}).response["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{path}: {wide} pixels wide"] if wide > width else []
    assert found == []


def test_a_letter_is_found_and_read_in_its_frame_by_keyboard_alone(book: Book, console: str, window: Window) -> None:
    page = window().new_page()
    log_in(book, page, console)
    page.goto(f"{console}/brieven")
    tab_to(page, "Bekijk alle brieven die we kunnen sturen")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Alle brieven · klachtwijzer")
    page.keyboard.press("w")
    page.goto(f"{console}/brieven/sjablonen")
    tab_to(page, "Toegevoegd jongere")
    page.keyboard.press("Enter")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    expect(frame.get_by_text("Dag Els")).to_be_visible()
    expect(frame.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    tab_to(page, "Open alleen de brief")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dag Els")).to_be_visible()
