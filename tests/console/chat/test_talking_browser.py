"""Conversations in a real browser: over the outcomes, under danger, in French, with a cut line, by keyboard alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from console.chat.proof import solves
from register.book import Book
from tests.console.test_browser import faults, tab_to

Window = Callable[..., BrowserContext]
SHOTS = Path("/tmp/ch/shots")
STORY = "De begeleidster van pleegzorg komt haar afspraken niet na."
CHANGED = """([asked, turn]) => {
  const form = document.querySelector("form[data-gesprek]");
  return form && (form.elements.vraag.value !== asked || form.elements.beurt.value !== turn);
}"""
DANGER = "Mijn zoontje van 3 heeft blauwe plekken op zijn rug. De opvoedster slaat hem als hij huilt."

# A story, the answers to the questions that may come (a question that is not here is skipped), and the outcome.
SCRIPTS: dict[str, tuple[str, dict[str, str], str]] = {
    "opgroeien": (
        "Niemand van het OCJ belt mij terug. Onze consulent An kwam drie keer niet opdagen, al sinds september.",
        {"naam": "Lien Vermeer", "contact": "lien@voorbeeld.example"},
        "registreren",
    ),
    "organisator-helpt-niet": (STORY, {"gesproken": "Ja. Ik sprak hen al aan", "wanneer": "Sinds mei."}, "registreren"),
    "organisator-eerst": (STORY, {"gesproken": "Nee. Ik heb hen nog niet"}, "doorverwijzen"),
    "school": ("De juf op school pest mijn kind en de directeur doet niets.", {}, "doorverwijzen"),
    "rechter": ("Ik ben niet tevreden met het vonnis van de jeugdrechter over mijn dochter.", {}, "doorverwijzen"),
    "vraag": ("Hoe vraag ik een attest inkomenstarief aan?", {"contact": "lien@voorbeeld.example"}, "beantwoorden"),
    "onvolledig": ("Het is een schande!", {}, "opvragen"),
    "dank": ("Dank u wel voor de goede hulp van Kind en Gezin.", {}, "beoordelen"),
    "jongere": (
        "Ik ben 15 en in mijn leefgroep nemen ze mijn gsm af. Niemand luistert.",
        {"veilig": "Ja. Ik ben nu veilig.", "wanneer": "Al twee weken."},
        "registreren",
    ),
    "kind-in-gevaar": (DANGER, {}, "escaleren"),
    "frans": (
        "Ma fille est placée par Pleegzorg Vlaanderen. L'accompagnatrice ne répond plus à mes messages depuis mai.",
        {"gesproken": "Oui. J'ai déjà parlé avec eux", "naam": "Anne Dubois"},
        "registreren",
    ),
}


def begin(page: Page, address: str, story: str, path: str = "/") -> None:
    page.goto(f"{address}{path}")
    page.locator("#verhaal").fill(story)
    page.locator("form[data-gesprek] button").click()
    expect(page.locator("#beurten li")).to_have_count(2)


def asked(page: Page) -> str:
    return page.locator("form[data-gesprek] input[name=vraag]").input_value()


def answer(page: Page, question: str, words: str) -> None:
    """Answer the question that stands on the page, or skip it without words."""
    before = page.locator("form[data-gesprek] input[name=beurt]").input_value()
    if not words:
        page.locator("button[name=sla_over]").click()
    else:
        if question in ("veilig", "gesproken"):
            page.get_by_label(words).check()
        else:
            page.locator({"naam": "#naam", "contact": "#mail"}.get(question, "#antwoord")).fill(words)
        page.locator("form[data-gesprek] button:not([name])").click()
    page.wait_for_function(CHANGED, arg=[question, before])


def converse(page: Page, address: str, script: str) -> list[str]:
    """The whole conversation up to its end; the questions that were asked."""
    story, answers, outcome = SCRIPTS[script]
    begin(page, address, story)
    put: list[str] = []
    while (question := asked(page)) != "meer":
        put.append(question)
        answer(page, question, answers.get(question, ""))
    if outcome != "escaleren":
        page.locator("a[href='/gesprek/overzicht']").click()
        page.locator("button[value=verstuur]").click()
        page.wait_for_url("**/gesprek/einde")
    return put


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_conversation_ends_as_it_should(book: Book, chat: str, window: Window, script: str) -> None:
    page = window(viewport={"width": 390, "height": 800}).new_page()
    put = converse(page, chat, script)
    _, answers, outcome = SCRIPTS[script]
    (line,) = book.export()
    assert line["uitkomst"] == outcome
    assert set(answers) <= set(put)
    assert len(put) <= 6
    expect(page.locator(".nummer")).to_have_text(str(line["referentie"]))
    terms = page.locator(".termijnen li")
    assert terms.count() == (2 if outcome in ("registreren", "opvragen") else 0)
    if outcome == "doorverwijzen":
        assert page.locator(".wegwijzer").count() >= 1


def test_under_danger_the_numbers_are_above_and_nothing_is_asked(book: Book, chat: str, window: Window) -> None:
    page = window(viewport={"width": 360, "height": 640}).new_page()
    begin(page, chat, STORY)
    assert asked(page) != "meer"
    page.locator("button[name=sla_over]").click()
    page.wait_for_timeout(300)
    while asked(page) in ("veilig", "gesproken", "naam", "contact"):
        answer(page, asked(page), "")
    page.locator("#antwoord").fill(DANGER)
    page.locator("form[data-gesprek] button:not([name])").click()
    expect(page.locator(".nood a[href='tel:112']")).to_be_in_viewport()
    expect(page.locator(".nood")).to_be_focused()
    assert asked(page) == "meer"
    assert [line["uitkomst"] for line in book.export()] == ["escaleren"]


def test_a_french_speaker_gets_a_french_frame(book: Book, chat: str, window: Window) -> None:
    page = window().new_page()
    converse(page, chat, "frans")
    assert page.locator("html").get_attribute("lang") == "fr-BE"
    expect(page.get_by_role("heading", name="Nous avons votre message")).to_be_visible()
    (line,) = book.export()
    assert line["taal"] == "fr"


def test_a_young_person_gets_the_je_form(chat: str, window: Window) -> None:
    page = window().new_page()
    begin(page, chat, "Mijn begeleider in de leefgroep neemt mijn gsm af.", "/?vorm=je")
    assert "Je mag elke vraag overslaan" in page.locator("main").inner_text()
    assert " u " not in page.locator("main").inner_text().lower()


def test_a_line_that_is_cut_in_the_middle_loses_no_word_and_doubles_none(book: Book, chat: str, window: Window) -> None:
    page = window().new_page()
    begin(page, chat, STORY)
    while asked(page) in ("veilig", "gesproken", "naam", "contact"):
        answer(page, asked(page), "")

    # The answer reaches us, and what we say to it gets lost on the way back.
    def cut(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.context.route("**/gesprek", cut)
    page.locator("#antwoord").fill("Sinds september, elke week opnieuw.")
    page.locator("form[data-gesprek] button:not([name])").click()
    expect(page.get_by_role("alert")).to_contain_text("De verbinding is weg")
    expect(page.locator("#antwoord")).to_have_value("Sinds september, elke week opnieuw.")
    page.context.unroute("**/gesprek")
    page.locator("form[data-gesprek] button:not([name])").click()
    expect(page.locator("#beurten")).to_contain_text("Sinds september, elke week opnieuw.")
    link = page.locator("#link").input_value()
    assert page.locator("#beurten").inner_text().count("Sinds september") == 1

    # The telephone is gone for good; another one goes on with the link.
    elsewhere = window().new_page()
    elsewhere.goto(link)
    expect(elsewhere.locator("#beurten")).to_contain_text("Sinds september, elke week opnieuw.")
    elsewhere.goto(f"{chat}/gesprek/overzicht")
    elsewhere.locator("button[value=verstuur]").click()
    expect(elsewhere.locator(".nummer")).to_be_visible()
    assert len(list(book.export())) == 1


def test_each_turn_is_added_to_a_log_that_is_read_aloud(chat: str, window: Window) -> None:
    page = window().new_page()
    begin(page, chat, STORY)
    log = page.get_by_role("log")
    assert log.get_attribute("aria-live") == "polite"
    page.evaluate("document.getElementById('beurten').dataset.zelfde = 'ja'")
    while (question := asked(page)) in ("veilig", "naam", "contact"):
        answer(page, question, "")
    assert question == "gesproken"
    answer(page, question, "Ja. Ik sprak hen al aan")
    # The question stands above its answer.
    expect(page.locator("#beurten[data-zelfde=ja] li")).to_have_count(4)
    assert page.evaluate("document.activeElement.closest('#vraag') !== null")


def test_the_whole_conversation_goes_by_keyboard_alone(book: Book, chat: str, window: Window) -> None:
    page = window().new_page()
    page.goto(chat)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "verhaal":
            break
    page.keyboard.type(STORY)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#beurten li")).to_have_count(2)
    while (question := asked(page)) != "meer":
        tab_to(page, "Sla over")
        page.keyboard.press("Enter")
        page.wait_for_function("asked => document.querySelector('[name=vraag]').value !== asked", arg=question)
    tab_to(page, "Ga naar het overzicht")
    page.keyboard.press("Enter")
    page.wait_for_url("**/overzicht")
    tab_to(page, "Verstuur naar het klachtenteam")
    page.keyboard.press("Enter")
    page.wait_for_url("**/einde")
    assert len(list(book.export())) == 1


def test_the_whole_conversation_goes_without_a_script(book: Book, chat: str, window: Window) -> None:
    page = window(java_script_enabled=False, viewport={"width": 360, "height": 640}).new_page()
    page.goto(chat)
    page.get_by_label("Wat is er gebeurd?").fill(STORY)
    page.get_by_role("button", name="Verstuur").click()
    for _ in range(8):
        if not page.get_by_role("button", name="Sla over").count():
            break
        page.get_by_role("button", name="Sla over").click()
    page.get_by_role("link", name="Ga naar het overzicht").click()
    page.get_by_role("button", name="Verstuur naar het klachtenteam").click()
    expect(page.get_by_role("heading", name="We hebben uw bericht")).to_be_visible()
    assert len(list(book.export())) == 1


def test_the_machine_of_a_visitor_does_the_sum_while_they_type(chat: str, window: Window) -> None:
    page = window().new_page()
    page.goto(chat)
    page.wait_for_function("document.querySelector('[name=uitkomst]').value !== ''", timeout=30_000)
    assert solves(page.locator("[name=som]").input_value(), page.locator("[name=uitkomst]").input_value())


def test_nothing_is_stored_in_the_browser_but_the_session(chat: str, window: Window) -> None:
    context = window()
    page = context.new_page()
    begin(page, chat, STORY)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    (cookie,) = context.cookies()
    assert (cookie["name"], cookie["expires"], cookie["httpOnly"]) == ("gesprek", -1, True)


def test_the_first_load_weighs_less_than_a_hundred_kilobytes(chat: str, window: Window) -> None:
    page = window().new_page()
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(chat, wait_until="networkidle")
    assert len(sizes) >= 4
    assert sum(sizes) < 100_000


def pages(page: Page, address: str) -> Iterator[str]:
    """Opens every page that a citizen can see; its name."""
    for path in ("/", "/?vorm=je", "/?taal=fr", "/?taal=en&fout=verlopen", "/?gedaan=gewist"):
        page.goto(f"{address}{path}")
        yield f"begin {path}"
    begin(page, address, STORY)
    seen: list[str] = []
    while (question := asked(page)) != "meer":
        for summary in page.locator("summary").all():
            if not summary.evaluate("summary => summary.parentElement.open"):
                summary.click()
        yield question
        seen.append(question)
        answer(page, question, "Ja. Ik sprak hen al aan" if question == "gesproken" else "")
    assert {"gesproken", "naam", "contact"} <= set(seen)
    page.locator("#bijlagen summary").click()
    page.locator("#bestand").set_input_files({"name": "brief.txt", "mimeType": "text/plain", "buffer": b"Dag."})
    page.get_by_role("button", name="Voeg toe").click()
    yield "klaar"
    page.goto(f"{address}/gesprek/overzicht")
    yield "overzicht"
    page.locator("#mail").fill("lien@voorbeeld.example.")
    page.locator("button[value=verstuur]").click()
    yield "overzicht, fout adres"
    page.locator("#mail").fill("")
    page.locator("button[value=verstuur]").click()
    yield "einde"
    page.context.clear_cookies()
    begin(page, address, DANGER)
    yield "gevaar"
    page.context.clear_cookies()
    begin(page, address, "Ik ben 15 en in mijn leefgroep nemen ze mijn gsm af. Niemand luistert.")
    yield "jongere"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_has_a_barrier_or_sticks_out(chat: str, window: Window, scheme: str, width: int) -> None:
    page = window(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    found = []
    for number, name in enumerate(pages(page, chat)):
        found.append(faults(page, name, width))
        if SHOTS.is_dir():
            page.screenshot(path=SHOTS / f"{scheme}-{width}-{number:02}.png", full_page=True)
    assert len(found) >= 14
    assert [fault for one in found for fault in one] == []
