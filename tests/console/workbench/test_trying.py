"""A mail tried on rules: pasted or from the register, in force or not yet, and nothing is kept."""

import html
import re
from dataclasses import replace

import pytest

from klachtwijzer.workshop import Workbench
from register.book import Book
from register.versions import Versions
from tests.console.conftest import LogIn
from tests.console.forms import act
from tests.console.made import entered, written
from tests.console.workbench.conftest import OUTCOMES
from tests.console.workbench.steps import new_draft, propose, run_to_its_end, write
from triage.assess import assess
from triage.decide import decide
from triage.decision import Known

WORDS = "Een klacht over de consulent. Bel mij terug."


def plain(page: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", page).split()))


def test_pasted_words_show_facts_reasons_misses_and_the_letter(log_in: LogIn, book: Book) -> None:
    els = log_in("beheerder", name="els")
    page = plain(act(els, "/regels/proef", "/regels/proef", tekst=WORDS, onderwerp="Vraag").text)
    assert "Registreren" in page
    assert "Een klacht over ons registreren wij." in page
    assert "Regels die niet passen, en waarop (0)" in page
    assert "De volgende regel die ook past: de-rest" in page
    assert "Naast wat nu geldt" not in page
    assert "Hierop volgt geen brief" in page, "pasted words have no sender to write to"
    whole = f"From: An Peeters <an@voorbeeld.example>\nSubject: Klacht\n\n{WORDS}"
    assert "ontvangstbevestiging, wacht op een persoon" in plain(
        act(els, "/regels/proef", "/regels/proef", tekst=whole).text
    )
    assert not book.items().items
    assert "Plak een tekst" in act(els, "/regels/proef", "/regels/proef").text


def test_a_draft_stands_beside_the_rules_in_force(log_in: LogIn) -> None:
    els = log_in("regelbeheerder", name="els")
    draft = new_draft(els)
    write(els, draft, OUTCOMES, "uitkomst: registreren}\n  brief: ontvangstbevestiging", "uitkomst: escaleren}")
    sent = {"tekst": WORDS, "regels": f"ontwerp-{draft}"}
    page = act(els, "/regels/proef", "/regels/proef", **sent).text
    row = re.search(r'<tr class="anders"><th scope="row">Uitkomst.*?</tr>', page)
    assert row is not None
    assert ("<td>Registreren</td>" in row[0], "<td>Escaleren</td>" in row[0]) == (True, True)
    same = act(els, "/regels/proef", "/regels/proef", **(sent | {"tekst": "Goedemiddag."})).text
    assert "Hetzelfde resultaat als met de regels die nu gelden" in same
    write(els, draft, OUTCOMES, "- id: eigen-klacht", "- idd: eigen-klacht")
    assert "kunnen niets beslissen" in act(els, "/regels/proef", "/regels/proef", **sent).text


def test_a_mail_is_picked_by_its_dossier_and_the_look_is_written_down(log_in: LogIn, book: Book) -> None:
    digest = entered(book, written(WORDS))
    els = log_in("regelbeheerder", name="els")
    page = act(els, "/regels/proef", "/regels/proef", bericht="kw-2026-00001").text
    assert "Een klacht over ons registreren wij." in plain(page)
    assert act(els, "/regels/proef", "/regels/proef", bericht=digest).text.count("consulent")
    assert "Er is geen dossier" in act(els, "/regels/proef", "/regels/proef", bericht="KW-1999-1").text


@pytest.fixture
def judged(book: Book, bench: Workbench) -> list[str]:
    """Two mails decided under the rules in force."""
    pipeline = bench.pipeline(bench.live().files)
    found = []
    for number, words in enumerate((WORDS, "Goedemiddag.")):
        raw = written(words, number=str(number))
        digest = entered(book, raw)
        record = book.record(digest)
        assert record is not None
        seen = assess(record.message, pipeline)
        with book.begin() as page:
            decision = decide(seen, pipeline.rulebook, record.decision.on, Known(register=True))
            page.redecide(digest, seen, replace(decision), "klachtwijzer")
        found.append(digest)
    return found


def test_the_impact_of_a_draft_lists_new_escalations_first_with_links(log_in: LogIn, judged: list[str]) -> None:
    els = log_in("regelbeheerder", name="els")
    draft = new_draft(els)
    write(els, draft, OUTCOMES, "uitkomst: registreren}\n  brief: ontvangstbevestiging", "uitkomst: escaleren}")
    page = run_to_its_end(els, act(els, f"/regels/ontwerp/{draft}", "/regels/loop", soort="gevolgen", dagen="90"))
    told = plain(page)
    assert "2 mails bekeken" in told
    assert "1 escalatie erbij" in told
    assert "Escalaties die erbij komen of wegvallen (1)" in told
    assert f'href="/bericht/{judged[0]}"' in page
    assert judged[1] not in page
    assert "klaar" in els.get(f"/regels/ontwerp/{draft}").text


def test_examples_that_the_draft_breaks_are_told_apart_from_those_that_failed_before(log_in: LogIn) -> None:
    els = log_in("regelbeheerder", name="els")
    draft = new_draft(els)
    write(els, draft, OUTCOMES, 'betrokkene == "opgroeien"', 'betrokkene == "organisator"')
    page = plain(run_to_its_end(els, act(els, f"/regels/ontwerp/{draft}", "/regels/loop", soort="proeven")))
    assert 'regel "eigen-klacht" moet raak zijn en is het niet: Een klacht over de consulent.' in page
    fresh = page.partition("Nu verkeerd, en voorheen niet")[2].partition("Verkeerd met beide")[0]
    assert "eigen-klacht" in fresh


def test_rules_with_a_mistake_are_not_run(log_in: LogIn) -> None:
    els = log_in("regelbeheerder", name="els")
    draft = new_draft(els)
    token = {"regels": f"ontwerp-{draft}", "soort": "gevolgen"}
    write(els, draft, OUTCOMES, "- id: eigen-klacht", "- idd: eigen-klacht")
    assert act(els, "/regels", "/regels/ontwerp", ontwerp=draft).status_code == 200
    sent = re.search(r'name="bewijsje" value="(\w+)"', els.get("/regels").text)
    assert sent is not None
    assert els.post("/regels/loop", data=token | {"bewijsje": sent[1]}).status_code == 422


def test_a_proposal_looks_on_until_somebody_stops_it(log_in: LogIn, versions: Versions, judged: list[str]) -> None:
    els = log_in("regelbeheerder", name="els")
    draft = new_draft(els)
    write(els, draft, OUTCOMES, "uitkomst: registreren}\n  brief: ontvangstbevestiging", "uitkomst: escaleren}")
    number = propose(els, draft)
    page = act(els, f"/regels/voorstel/{number}", "/regels/meekijken", regels=f"voorstel-{number}").text
    assert "kijkt nu mee" in page
    shadow = versions.current("schaduw")
    assert shadow
    versions.note_shade(judged[1], shadow, {})
    versions.note_shade(judged[0], shadow, {"uitkomst": ("registreren", "escaleren")})
    page = els.get("/regels/meekijken").text
    assert "2 mails, waarvan 1 anders" in plain(page)
    assert f'href="/bericht/{judged[0]}"' in page
    act(els, "/regels/meekijken", "/regels/meekijken/stop")
    assert versions.current("schaduw") is None
    assert "Er kijken nu geen regels mee" in els.get("/regels/meekijken").text


def test_a_correction_becomes_an_example_in_the_rule_that_erred(log_in: LogIn, book: Book, judged: list[str]) -> None:
    digest = judged[0]
    with book.begin() as page:
        record = book.record(digest)
        assert record is not None
        page.redecide(digest, record.assessment, replace(record.decision, uitkomst="beoordelen"), "lien")
    worker = log_in("medewerker")
    form = f"/regels/voorbeeld?bericht={digest}"
    assert form in worker.get(f"/bericht/{digest}").text
    shown = worker.get(form).text
    assert '<option value="eigen-klacht" selected>' in shown
    given = {"tekst": "De consulent\nbelde niet.", "soort": "mis", "regel": "eigen-klacht"}
    assert "ligt klaar bij de regelbeheerders" in act(worker, form, "/regels/voorbeeld", **given).text
    els = log_in("regelbeheerder", name="els")
    assert "voorbeeld uit KW-2026-00001: moet mis zijn voor eigen-klacht" in els.get("/regels").text
    page_text = act(els, form, "/regels/voorbeeld", **given).text
    assert "Uw ontwerp" in page_text or "dit ontwerp" in page_text
    assert "De consulent belde niet." in re.sub("<.*?>", "", page_text)
    assert act(els, form, "/regels/voorbeeld", **(given | {"regel": "weg"})).status_code == 422


def test_names_and_numbers_are_out_of_what_is_suggested_as_an_example(log_in: LogIn, book: Book) -> None:
    digest = entered(book, written("Ik ben Lien Vermeer, bel 0470 12 34 56 over de consulent."))
    shown = log_in("regelbeheerder", name="els").get(f"/regels/voorbeeld?bericht={digest}").text
    area = re.search(r'<textarea id="tekst".*?</textarea>', shown, re.DOTALL)
    assert area is not None
    assert not re.search("Lien|Vermeer|0470", area[0])
    assert "over de consulent" in area[0]
