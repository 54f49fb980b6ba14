"""The rules in a real browser: no barrier, nothing wider than a telephone, and the main task without a mouse."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from register.book import Book
from register.versions import Versions
from tests.console.made import entered, written
from tests.console.test_browser import faults, tab_to
from tests.console.workbench.conftest import OUTCOMES, WORDS

Window = Callable[..., BrowserContext]
MAIL = "Een klacht over de consulent. Niemand belt terug."


def log_in(book: Book, page: Page, console: str, name: str = "els", *roles: str) -> None:
    if book.account(name) is None:
        book.create_account(name, None, roles or ("regelbeheerder",))
    page.goto(f"{console}/inloggen/{book.login_link(name)}")
    expect(page).to_have_title("Werkvoorraad · klachtwijzer")


def fill_in(page: Page, old: str, new: str) -> None:
    """Change the text in the editor as a person does, and wait until the pause has kept it."""
    area = page.get_by_label("Tekst van het bestand")
    text = area.input_value()
    assert old in text
    area.fill(text.replace(old, new))
    expect(page.locator("[data-zegt]")).to_contain_text("Bewaard om")


def open_file(page: Page, path: str) -> None:
    page.get_by_label("Bestand", exact=True).select_option(path)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name=path)).to_be_visible()


def pages_of_rules(book: Book, page: Page, console: str, versions: Versions) -> Iterator[str]:
    """Every page of the rules in turn; its name."""
    digest = entered(book, written(MAIL))
    log_in(book, page, console)
    page.goto(f"{console}/regels")
    yield "overzicht"
    page.goto(f"{console}/regels/zoek?woord=klacht")
    yield "zoek"
    page.goto(f"{console}/regels/bestand?pad={OUTCOMES}")
    yield "bestand"
    page.get_by_role("button", name="Wijzig in een nieuw ontwerp").click()
    fill_in(page, 'soort == "klacht"', 'sort == "klacht"')
    yield "schrijven, met een fout"
    fill_in(page, 'sort == "klacht"', 'soort == "klacht"')
    fill_in(page, "uitkomst: registreren}\n  brief: ontvangstbevestiging", "uitkomst: escaleren}")
    page.get_by_role("link", name="Naar het ontwerp").click()
    yield "ontwerp"
    page.get_by_role("button", name="Laat voorbeelden en gevallen lopen").click()
    expect(page.get_by_text("Er liepen 8 voorbeelden")).to_be_visible(timeout=30_000)
    yield "proeven"
    page.goto(f"{console}/regels/ontwerp/1")
    page.get_by_role("button", name="Reken de gevolgen uit").click()
    expect(page.get_by_text("bekeken", exact=False).first).to_be_visible(timeout=30_000)
    expect(page.locator("[data-staat=klaar]")).to_be_visible(timeout=30_000)
    yield "gevolgen"
    page.goto(f"{console}/regels/proef?regels=ontwerp-1&bericht={digest}")
    page.get_by_role("button", name="Probeer", exact=True).click()
    expect(page.get_by_role("heading", name="Naast wat nu geldt")).to_be_visible()
    yield "proef"
    page.goto(f"{console}/regels/ontwerp/1")
    page.get_by_label("Waarom?").fill("Een klacht over ons is altijd dringend")
    page.get_by_role("button", name="Stel voor aan een collega").click()
    yield "voorstel"
    page.get_by_role("button", name="Laat deze regels eerst meekijken").click()
    versions.note_shade(digest, versions.current("schaduw") or "", {"uitkomst": ("registreren", "escaleren")})
    page.reload()
    yield "meekijken"
    for path in ("/regels/voorstellen", f"/regels/voorbeeld?bericht={digest}", "/regels"):
        page.goto(f"{console}{path}")
        yield path


@pytest.mark.parametrize("look", [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")])
def test_no_page_of_the_rules_has_a_barrier_or_sticks_out(
    book: Book, console: str, window: Window, versions: Versions, look: tuple[int, str]
) -> None:
    width, scheme = look
    page = window(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    found = [faults(page, name, width) for name in pages_of_rules(book, page, console, versions)]
    assert len(found) == 13
    assert [fault for one in found for fault in one] == []


def test_a_rule_is_changed_checked_and_proposed_by_keyboard_alone(
    book: Book, console: str, window: Window, versions: Versions
) -> None:
    page = window().new_page()
    log_in(book, page, console)
    tab_to(page, "Regels")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Regels · klachtwijzer")
    tab_to(page, OUTCOMES)
    page.keyboard.press("Enter")
    expect(page).to_have_title(f"{OUTCOMES} · klachtwijzer")
    tab_to(page, "Wijzig in een nieuw ontwerp")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tekst van het bestand")).to_be_visible()
    while page.evaluate("document.activeElement.id") != "tekst":
        page.keyboard.press("Tab")
    page.keyboard.press("Control+End")
    page.keyboard.type("- id: kapot\n")
    expect(page.locator("[data-zegt]")).to_contain_text("fouten")
    tab_to(page, "lijn 17, kolom 3")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "tekst", "the mistake leads to its place"
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.type("# Ooit meer.")
    expect(page.locator("[data-zegt]")).to_contain_text("Geen fouten")
    tab_to(page, "Naar het ontwerp")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Waarom?")).to_be_visible()
    while page.evaluate("document.activeElement.id") != "waarom":
        page.keyboard.press("Tab")
    page.keyboard.type("een opmerking")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Voorstel 1: een opmerking")).to_be_visible()
    assert [one.who for one in versions.proposals()] == ["els"]


def test_two_windows_never_overwrite_each_other(book: Book, console: str, window: Window) -> None:
    context = window()
    first = context.new_page()
    log_in(book, first, console)
    first.goto(f"{console}/regels/bestand?pad={WORDS}")
    first.get_by_role("button", name="Wijzig in een nieuw ontwerp").click()
    second = context.new_page()
    second.goto(first.url)
    fill_in(first, "woorden: [klacht]", "woorden: [klacht, klagen]")
    area = second.get_by_label("Tekst van het bestand")
    area.fill(area.input_value().replace("woorden: [consulent]", "woorden: [consulente]"))
    expect(second.get_by_text("Uw tekst staat nog in dit venster")).to_be_visible()
    second.get_by_role("button", name="Bewaar en kijk na").click()
    expect(second.get_by_role("heading", name="Intussen veranderd")).to_be_visible()
    assert "consulente" in second.get_by_label("Wat u schreef").input_value()
    assert faults(second, "botsing", 1280) == []


def test_without_a_script_a_rule_is_written_checked_and_published(
    book: Book, console: str, window: Window, versions: Versions
) -> None:
    page = window(java_script_enabled=False).new_page()
    log_in(book, page, console)
    page.goto(f"{console}/regels/bestand?pad={OUTCOMES}")
    page.get_by_role("button", name="Wijzig in een nieuw ontwerp").click()
    area = page.get_by_label("Tekst van het bestand")
    area.fill(area.input_value().replace("Een persoon kijkt.", "Een persoon kijkt eerst."))
    page.get_by_role("button", name="Bewaar en kijk na").click()
    expect(page.get_by_text("Geen fouten")).to_be_visible()
    page.get_by_role("link", name="Naar het ontwerp").click()
    page.get_by_label("Waarom?").fill("duidelijker")
    page.get_by_role("button", name="Stel voor aan een collega").click()
    log_in(book, page, console, "jan")
    page.goto(f"{console}/regels/voorstel/1")
    page.get_by_role("button", name="Publiceer: dit geldt vanaf de volgende mail").click()
    expect(page.get_by_text("Gepubliceerd. De nieuwe regels gelden")).to_be_visible()
    assert versions.history()[0].second == "jan"
