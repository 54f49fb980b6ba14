"""From a draft to rules in force: two people, nothing lost, nothing overwritten unseen."""

import re
from pathlib import Path

import pytest

from register.book import Book
from register.rule_drafts import being_written
from register.versions import Versions
from tests.console.conftest import LogIn
from tests.console.forms import act, fields
from tests.console.workbench.conftest import OUTCOMES, SMALL, WORDS
from tests.console.workbench.steps import new_draft, propose, write, written
from triage.rulebook import fingerprint


def test_the_front_page_says_what_is_in_force_since_when_and_by_whom(log_in: LogIn, versions: Versions) -> None:
    page = log_in("beheerder").get("/regels").text
    assert (versions.current() or "")[:12] in page
    assert "de eerste regels" in page
    assert f"/regels/bestand?pad={OUTCOMES.replace('/', '/')}" in page
    assert "Begin een ontwerp" not in page, "an overseer reads"


def test_a_maintainer_proposes_and_only_a_second_one_publishes(log_in: LogIn, versions: Versions) -> None:
    els, jan = log_in("regelbeheerder", name="els"), log_in("regelbeheerder", name="jan")
    draft = new_draft(els)
    assert "Geen fouten" in write(els, draft, OUTCOMES, "registreren wij.", "registreren wij altijd.").text
    number = propose(els, draft)
    here = f"/regels/voorstel/{number}"
    assert "registreren wij altijd" in re.sub("<.*?>", "", jan.get(here).text)
    before = versions.current()

    own = els.post(f"{here}/publiceer", data=fields(els, here, f"{here}/weiger"))
    assert (own.status_code, versions.current()) == (403, before)
    assert f'action="{here}/publiceer"' not in els.get(here).text

    done = act(jan, here, f"{here}/publiceer")
    assert "Gepubliceerd" in done.text
    turn = versions.history()[0]
    assert (turn.who, turn.second, turn.why, turn.changed) == ("els", "jan", "beter zo", (OUTCOMES,))
    assert b"registreren wij altijd" in (versions.files(turn.fingerprint) or {})[OUTCOMES]
    assert els.post(f"{here}/publiceer", data=fields(els, "/regels", "/regels/ontwerp")).status_code == 409


def test_a_refusal_needs_a_reason_that_the_author_reads(log_in: LogIn) -> None:
    els, jan = log_in("regelbeheerder", name="els"), log_in("regelbeheerder", name="jan")
    draft = new_draft(els)
    write(els, draft, OUTCOMES, "registreren wij.", "registreren wij altijd.")
    here = f"/regels/voorstel/{propose(els, draft)}"
    assert act(jan, here, f"{here}/weiger", waarom=" ").status_code == 422
    assert act(jan, here, f"{here}/weiger", waarom="eerst bespreken").status_code == 200
    assert "eerst bespreken" in els.get(here).text
    assert "eerst bespreken" in els.get("/regels/voorstellen").text
    again = act(els, here, f"{here}/ontwerp")
    assert "registreren wij altijd" in re.sub("<.*?>", "", again.text)


def test_every_mistake_is_told_with_its_line_and_keeps_the_draft_from_being_proposed(log_in: LogIn) -> None:
    els = log_in("regelbeheerder", name="els")
    draft = new_draft(els)
    page = write(els, draft, OUTCOMES, 'soort == "klacht"', 'sort == "klacht"').text
    assert 'data-regel="3" data-kolom="8"' in page
    assert "bedoelde u &#34;soort&#34;?" in page
    here = f"/regels/ontwerp/{draft}"
    assert f'action="{here}/voorstel"' not in els.get(here).text
    forced = els.post(f"{here}/voorstel", data=fields(els, here, f"{here}/weg") | {"waarom": "toch", "versie": 2})
    assert forced.status_code == 422
    assert "fouten in dit ontwerp" in forced.text


def test_a_pause_keeps_what_was_written_and_answers_with_the_next_version(log_in: LogIn) -> None:
    els = log_in("regelbeheerder", name="els")
    draft = new_draft(els)
    here = f"/regels/ontwerp/{draft}/bestand"
    given = fields(els, f"{here}?pad={OUTCOMES}", here)
    part = els.post(here, data=given | {"tekst": "- id: half"}, headers={"x-deel": "nazicht"})
    assert (part.status_code, 'data-versie="2"' in part.text, "<html" in part.text) == (200, True, False)
    assert written(els, draft, OUTCOMES) == "- id: half"


def test_what_another_window_wrote_is_never_overwritten_and_nothing_is_lost(log_in: LogIn) -> None:
    els = log_in("regelbeheerder", name="els")
    draft = new_draft(els)
    here = f"/regels/ontwerp/{draft}/bestand"
    old = fields(els, f"{here}?pad={OUTCOMES}", here)
    write(els, draft, OUTCOMES, "Een persoon kijkt.", "Een persoon kijkt eerst.")
    refused = els.post(here, data=old | {"tekst": "- id: mijn-tekst\n"})
    assert refused.status_code == 409
    assert "- id: mijn-tekst" in refused.text
    assert "kijkt eerst" in re.sub("<.*?>", "", refused.text), "the difference shows what stands there now"
    part = els.post(here, data=old | {"tekst": "x"}, headers={"x-deel": "nazicht"})
    assert (part.status_code, "Niet bewaard" in part.text) == (409, True)
    assert "kijkt eerst" in written(els, draft, OUTCOMES)


def test_a_draft_is_of_one_person_until_somebody_takes_it_over(log_in: LogIn) -> None:
    els, jan = log_in("regelbeheerder", name="els"), log_in("regelbeheerder", name="jan")
    draft = new_draft(els)
    here = f"/regels/ontwerp/{draft}"
    mine = fields(els, f"{here}/bestand?pad={OUTCOMES}", f"{here}/bestand")
    assert jan.get(f"{here}/bestand?pad={OUTCOMES}").url.path == here, "a colleague reads"
    assert jan.post(f"{here}/weg", data=fields(jan, here, f"{here}/neem-over")).status_code == 409
    act(jan, here, f"{here}/neem-over")
    late = els.post(f"{here}/bestand", data=mine | {"tekst": "te laat"})
    assert (late.status_code, "nu van jan" in late.text, "te laat" in late.text) == (409, True, True)


def test_a_change_of_the_base_is_said_and_both_edits_come_together(log_in: LogIn, versions: Versions) -> None:
    els, jan = log_in("regelbeheerder", name="els"), log_in("regelbeheerder", name="jan")
    slow, quick = new_draft(els), new_draft(jan)
    write(els, slow, OUTCOMES, "Een persoon kijkt.", "Een persoon kijkt eerst.")
    write(jan, quick, OUTCOMES, "registreren wij.", "registreren wij altijd.")
    number = propose(jan, quick)
    act(els, f"/regels/voorstel/{number}", f"/regels/voorstel/{number}/publiceer")
    here = f"/regels/ontwerp/{slow}"
    page = els.get(here)
    assert "Intussen gelden andere regels" in page.text
    assert f"Een collega wijzigde ook: {OUTCOMES}" in page.text
    forced = els.post(f"{here}/voorstel", data=fields(els, here, f"{here}/basis") | {"waarom": "toch"})
    assert (forced.status_code, "Breng uw ontwerp eerst bij" in forced.text) == (409, True)
    assert "staan nu op de regels die gelden" in act(els, here, f"{here}/basis").text
    text_ = written(els, slow, OUTCOMES)
    assert "kijkt eerst" in text_
    assert "registreren wij altijd" in text_
    assert propose(els, slow)


def test_a_proposal_that_was_overtaken_cannot_be_published(log_in: LogIn, versions: Versions) -> None:
    els, jan = log_in("regelbeheerder", name="els"), log_in("regelbeheerder", name="jan")
    draft = new_draft(els)
    write(els, draft, OUTCOMES, "registreren wij.", "registreren wij altijd.")
    here = f"/regels/voorstel/{propose(els, draft)}"
    token = fields(jan, here, f"{here}/publiceer")
    other = {**SMALL, OUTCOMES: SMALL[OUTCOMES].replace(b"Een persoon kijkt.", b"Iemand kijkt.")}
    versions.take_over(fingerprint(other), other, who="map", why="gewijzigd in de map")
    refused = jan.post(f"{here}/publiceer", data=token)
    assert (refused.status_code, "Intussen gelden andere regels" in refused.text) == (409, True)
    assert versions.current() == fingerprint(other)


def test_a_new_file_and_a_file_that_goes_are_part_of_a_draft(log_in: LogIn, versions: Versions) -> None:
    els = log_in("regelbeheerder", name="els")
    draft = new_draft(els)
    here = f"/regels/ontwerp/{draft}"
    for wrong in ("../buiten.yaml", "uitkomsten/Grote Letters.yaml", "zomaar/x.yaml", WORDS):
        assert act(els, here, f"{here}/nieuw", pad=wrong).status_code == 422, wrong
    act(els, here, f"{here}/nieuw", pad="signalen/extra.yaml")
    page = write(
        els, draft, "signalen/extra.yaml", "\n", "\n- {id: extra, betekent: {soort: klacht}, woorden: [ontevreden]}\n"
    )
    assert "Geen fouten" in page.text
    token = fields(els, here, f"{here}/weg") | {"versie": 3, "pad": WORDS}
    els.post(f"{here}/verwijder", data=token)
    page_text = els.get(here).text
    assert "nieuw bestand" in page_text
    assert "verdwijnt" in page_text


def test_what_stands_in_the_folder_becomes_a_draft_and_never_gets_lost(
    log_in: LogIn, versions: Versions, folder: Path, book: Book
) -> None:
    els = log_in("regelbeheerder", name="els")
    other = {**SMALL, OUTCOMES: SMALL[OUTCOMES].replace(b"Een persoon kijkt.", b"Iemand kijkt.")}
    versions.take_over(fingerprint(other), other, who="jan", why="elders")
    assert "bevat iets anders dan wat geldt" in els.get("/regels").text
    assert "Schrijf wat geldt naar de map" in els.get("/regels").text, "the folder holds a version that is on file"
    act(els, "/regels", "/regels/map/schrijf")
    assert "bevat iets anders" not in els.get("/regels").text
    assert (folder / OUTCOMES).read_bytes() == other[OUTCOMES]
    (folder / OUTCOMES).write_bytes(b"- kapot: [\n")
    page = els.get("/regels").text
    assert "In de map staat 1 fout" in page
    assert "Schrijf wat geldt naar de map" not in page, "what is nowhere else is not written over"
    draft = act(els, "/regels", "/regels/map/ontwerp")
    assert "kapot" in re.sub("<.*?>", "", draft.text)
    with book.engine.connect() as connection:
        assert [one.edits for one in being_written(connection)] == [{OUTCOMES: "- kapot: [\n"}]


@pytest.mark.parametrize(
    "path", ["/regels/ontwerp/99", "/regels/voorstel/99", "/regels/loop/99", "/regels/bestand?pad=x"]
)
def test_what_does_not_exist_is_said_so(log_in: LogIn, path: str) -> None:
    assert log_in("regelbeheerder").get(path).status_code == 404
