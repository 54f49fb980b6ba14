"""What a person sees and does, in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from register.book import Book
from register.halt import halt
from register.outgoing import Wording
from tests.console.made import LETTER, entered, office, written

Window = Callable[..., BrowserContext]
axe = Axe()


def log_in(book: Book, page: Page, console: str, *roles: str) -> None:
    book.create_account("lien", None, roles or ("behandelaar",))
    page.goto(f"{console}/inloggen/{book.login_link('lien')}")
    expect(page).to_have_title("Werkvoorraad · klachtwijzer")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element of this name has the focus, as somebody without a mouse does."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if " ".join(str(page.evaluate("document.activeElement.textContent")).split()) == name:
            return
    raise AssertionError(f"nobody reaches {name!r} by keyboard")


def pages_of_staff(book: Book, page: Page, console: str) -> Iterator[str]:
    """Opens every page of the console in turn; its name."""
    digests = office(book)
    with book.begin() as on:
        on.revise(1, "jan", Wording("Uw klacht kwam aan", LETTER.replace("Wij hebben", "Gelieve te weten: we hebben")))
        halt(on.connection, "jan", "De relay weigert alles.", now=book.now())
    page.goto(f"{console}/inloggen")
    yield "inloggen"
    log_in(book, page, console)
    yield "werkvoorraad"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "sneltoetsen"
    for name in ("klacht", "gevaar", "laat", "jong"):
        page.goto(f"{console}/bericht/{digests[name]}?gedaan=verbeterd")
        yield name
    page.goto(f"{console}/bericht/{digests['klacht']}")
    for summary in page.locator("summary").all():
        summary.click()
    yield "klacht, alles open"
    page.get_by_role("button", name="Lees na").click()
    expect(page).to_have_title("Brief nalezen · klachtwijzer")
    yield "brief nalezen"
    for path in ("/dossier/KW-2026-00001", "/brieven?staat=alle", "/werkvoorraad?sector=buiten", "/niets"):
        page.goto(f"{console}{path}")
        yield path


def faults(page: Page, name: str, width: int) -> list[str]:
    """What axe finds, and whether anything sticks out to the right."""
    found = [f"{name}: {one['id']}" for one in axe.run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{name}: {wide} pixels wide"] if wide > width else [])]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_of_staff_has_a_barrier_or_sticks_out(
    book: Book, console: str, window: Window, scheme: str, width: int
) -> None:
    page = window(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    found = [faults(page, name, width) for name in pages_of_staff(book, page, console)]
    assert len(found) == 13
    assert [fault for one in found for fault in one] == []


def test_the_barrier_test_itself_sees_a_barrier(console: str, window: Window) -> None:
    page = window().new_page()
    page.goto(f"{console}/inloggen")
    page.evaluate("document.querySelector('label').remove()")
    assert faults(page, "inloggen", 1280) == ["inloggen: label"]


def test_a_mail_is_corrected_released_and_accepted_by_keyboard_alone(book: Book, console: str, window: Window) -> None:
    digest = entered(book, written(), letter=LETTER)
    page = window().new_page()
    log_in(book, page, console)
    tab_to(page, "Klacht over pleegzorg")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Klacht over pleegzorg · klachtwijzer")

    tab_to(page, "Verbeter Sector")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Jeugd")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Verbeterd")).to_be_visible()
    record = book.record(digest)
    assert record is not None
    assert record.decision.sector == "jeugdhulp"

    page.keyboard.press("b")
    assert page.evaluate("document.activeElement.innerText") == "Geef brief vrij"
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="vrijgegeven")).to_be_visible()
    letter = book.dispatch(1)
    assert letter is not None
    assert letter.released_by == "lien"

    page.keyboard.press("a")
    expect(page.get_by_role("status").filter(has_text="Afgehandeld")).to_be_visible()
    assert not book.items().items


def test_the_words_of_a_fact_light_up_when_it_has_the_focus_and_the_reverse(
    book: Book, console: str, window: Window
) -> None:
    digest = entered(book, written())
    page = window(viewport={"width": 1280, "height": 800}).new_page()
    log_in(book, page, console)
    page.goto(f"{console}/bericht/{digest}")
    page.get_by_role("link", name="Toon de woorden van feit 3: Over wie").focus()
    assert page.locator("mark.aan").all_inner_texts() == ["begeleidster van ", "pleegzorg23"]
    page.locator("mark[data-feiten='sector betrokkene']").hover()
    lit = page.locator(".veld.aan .veld-naam").all_inner_texts()
    assert lit == ["Sector", "Over wie"]


def test_single_keys_can_be_switched_off_and_stay_off(book: Book, console: str, window: Window) -> None:
    office(book)
    page = window().new_page()
    log_in(book, page, console)
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.innerText") == "Dringend"
    page.keyboard.press("?")
    page.get_by_label("Gebruik sneltoetsen").uncheck()
    page.get_by_role("button", name="Sluit").click()
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_keys_are_letters_while_somebody_types(book: Book, console: str, window: Window) -> None:
    digest = entered(book, written())
    page = window().new_page()
    log_in(book, page, console)
    page.goto(f"{console}/bericht/{digest}")
    page.get_by_label("Notitie voor collega's").press_sequentially("aan bb?")
    expect(page.get_by_label("Notitie voor collega's")).to_have_value("aan bb?")
    assert book.items().items


def test_the_whole_work_is_done_without_a_script(book: Book, console: str, window: Window) -> None:
    digest = entered(book, written(), letter=LETTER)
    page = window(java_script_enabled=False).new_page()
    log_in(book, page, console)
    page.get_by_role("link", name="Klacht over pleegzorg").click()
    page.get_by_text("Verbeter Over wie").click()
    page.get_by_label("Over wie", exact=True).select_option("opgroeien")
    page.locator("li[data-feit='betrokkene']").get_by_role("button", name="Bewaar").click()
    page.get_by_role("button", name="Geef brief vrij").click()
    page.get_by_role("button", name="Akkoord").click()
    record = book.record(digest)
    assert record is not None
    assert (record.decision.betrokkene, record.item.open, record.letters[0].state) == (
        "opgroeien",
        False,
        "vrijgegeven",
    )


EVIL = (
    "<script>document.title='stuk'</script>",
    '"><img src=x onerror="document.title=\'stuk\'">',
    "<svg/onload=document.title='stuk'>",
    "</textarea></title></style><script>document.title='stuk'</script>",
    "javascript:document.title='stuk'",
    "{{ 7*7 }}{% raw %}",
    "<iframe srcdoc=\"<script>parent.document.title='stuk'</script>\"></iframe>",
    "<base href='https://elders.example/'><form action='https://elders.example'><input name=x>",
)


@pytest.mark.parametrize("evil", EVIL)
def test_a_script_in_a_mail_is_only_words(book: Book, console: str, window: Window, evil: str) -> None:
    raw = written(f"Goeiedag {evil} pleegzorg.", subject=f"Klacht {evil}", name=evil.replace('"', "'"))
    digest = entered(book, raw, letter=f"Beste {evil}\n")
    page = window().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    log_in(book, page, console)
    with book.begin() as written_on:
        written_on.note("lien", evil, reference="KW-2026-00001", digest=digest)
    titles = []
    for path in ("/werkvoorraad", f"/bericht/{digest}", "/dossier/KW-2026-00001", "/brieven"):
        page.goto(f"{console}{path}")
        page.wait_for_timeout(100)
        titles.append(page.title())
    assert titles[0] == "Werkvoorraad · klachtwijzer"
    assert titles[1] == f"Klacht {evil} · klachtwijzer"
    assert titles[2:] == ["Dossier KW-2026-00001 · klachtwijzer", "Uitgaande brieven · klachtwijzer"]
    assert all(url.startswith(console) for url in asked)
    page.goto(f"{console}/bericht/{digest}")
    assert evil in page.locator(".rol-eigen .tekst").inner_text()
    assert page.locator(".tekst img, .tekst script, .tekst iframe, .tekst form").count() == 0
