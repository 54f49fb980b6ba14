"""The pages of a dossier in a real browser: no barrier, no page that sticks out, and the work by keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from register import directory, file, parts, work
from register.book import Book
from register.law import shipped
from register.parties import Person
from tests.console.dossier.conftest import opened, reference
from tests.console.made import LETTER, entered, written
from tests.console.test_browser import Window, faults, log_in, tab_to


def full(book: Book) -> tuple[str, str]:
    """A dossier with something in every place, and an earlier one on the same location."""
    year = reference(entered(book, written(), letter=LETTER, sector="kinderopvang"), book)
    earlier = reference(opened(book, "2"), book)
    with book.begin() as page:
        here, treat = page.connection, page.treat(year, "lien")
        body = directory.add_organiser(
            here, "an", "Kinderdagverblijf De Bij vzw", "kinderopvang", shipped(), number="K1"
        )
        place = directory.add_location(here, "an", "Villa Bij", body, address="Kerkstraat 1, 9000 Gent")
        directory.rename(here, "an", body, "Zoem bv")
        for one, severity in ((year, "ernstig"), (earlier, "gevaar")):
            (part,) = parts.of(here, one)
            parts.change(here, part.id, "an", shipped(), organiser=body, location=place, subject="Afspraken")
            page.treat(one, "an").describe(severity=severity, themes=["communicatie"])
        treat.hand_to("lien", not_involved=True)
        treat.admit()
        treat.mediate("aangeboden")
        treat.find(parts.of(here, year)[0].id, "gegrond", "Niemand belde terug.", solution="opgelost", norms=["N09"])
        treat.add_person(Person("kind", "Zoë Peeters", None, "", "via mama"))
        work.set_task(here, year, "an", "Bel de moeder", "lien", treat.today)
        work.ask(here, year, "lien", "Wat is er bekend?", department="Kinderopvang", role="klantenbeheerder", to="lien")
        work.improve(here, year, "lien", "Terugbellen binnen de week", to="Onthaal")
        work.add_document(here, year, "lien", "verslag.pdf", "application/pdf", b"%PDF-1.7")
        work.bind(here, year, earlier, "lien", "zie-ook", shipped())
        treat.hold("Er loopt een rechtszaak.")
        page.note("lien", "Moeder gebeld.", reference=year)
    return year, earlier


def pages(book: Book, page: Page, console: str) -> Iterator[str]:
    """Opens every page in turn; its name."""
    year, earlier = full(book)
    log_in(book, page, console)
    page.goto(f"{console}/mijn-werk")
    page.get_by_role("button", name="Maak een adres").click()
    yield "mijn werk"
    for name, there in (
        ("dossier", f"/dossier/{year}"),
        ("nieuw", f"/dossier/{earlier}"),
        ("plaats", f"/dossier/{year}/deel/1/plaats?zoek=b"),
        ("organisatoren", "/organisatoren?zoek=b"),
        ("organisator", "/organisatoren/1"),
        ("locatie", "/locaties/1"),
        ("nieuw dossier", "/nieuw-dossier"),
    ):
        page.goto(f"{console}{there}")
        if name != "nieuw":
            page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        yield name
    page.goto(f"{console}/dossier/{year}")
    with book.begin() as on:
        on.note("an", "Intussen", reference=year)
    page.get_by_label("Notitie voor collega's").fill("Dit wil ik bewaren.")
    page.get_by_role("button", name="Bewaar de notitie").click()
    expect(page.get_by_role("alert")).to_contain_text("Iemand veranderde dit dossier")
    yield "niet bewaard"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_of_a_dossier_has_a_barrier_or_sticks_out(
    book: Book, console: str, window: Window, scheme: str, width: int
) -> None:
    page = window(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    found = []
    for name in pages(book, page, console):
        found.append(faults(page, name, width))
    assert len(found) == 9
    assert [fault for one in found for fault in one] == []


def test_a_complaint_is_taken_up_admitted_and_found_on_by_keyboard_alone(
    book: Book, console: str, window: Window
) -> None:
    year = reference(opened(book), book)
    page = window().new_page()
    log_in(book, page, console)
    page.goto(f"{console}/mijn-werk")
    tab_to(page, year)
    page.keyboard.press("Enter")
    expect(page).to_have_title(f"Dossier {year} · klachtwijzer")

    page.get_by_label("Ik ben niet betrokken").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="U behandelt dit dossier")).to_be_visible()
    tab_to(page, "De klacht is ontvankelijk")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="ontvankelijk")).to_be_visible()

    tab_to(page, "Schrijf de bevinding over deel 1")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Gegrond")
    page.keyboard.press("Tab")
    page.keyboard.type("Niemand belde terug.")
    tab_to(page, "Bewaar de bevinding")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="De bevinding is bewaard")).to_be_visible()
    with book.engine.connect() as connection:
        row, (part,) = file.row(connection, year), parts.of(connection, year)
    assert (row.handler, row.admissible, part.finding, part.reasoning) == (
        "lien",
        True,
        "gegrond",
        "Niemand belde terug.",
    )


def test_the_treatment_needs_no_script(book: Book, console: str, window: Window) -> None:
    year = reference(opened(book), book)
    page = window(java_script_enabled=False).new_page()
    log_in(book, page, console)
    page.goto(f"{console}/dossier/{year}")
    page.get_by_label("Ik ben niet betrokken").check()
    page.get_by_role("button", name="Ik behandel dit dossier").click()
    page.get_by_text("Zet een taak").click()
    page.get_by_label("Wat is er te doen?").fill("Bel de moeder")
    page.get_by_role("button", name="Zet de taak").click()
    expect(page.get_by_role("status").filter(has_text="De taak is gezet")).to_be_visible()
