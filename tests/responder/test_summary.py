"""What we say back to a writer: fixed words only, and only where the assessment found something."""

import re
from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from intake.message import Passage
from responder.summary import summarise
from tests.responder.cases import BODIES, Case, assessed, decision, dossier, letters, reply, told
from triage.assessment import Assessment, Evidence, Fact

RETELLING = letters().retelling


def said(text: str, *facts: str, form: str = "u", sector: str = "") -> tuple[str, ...]:
    mail = told("Jan", text)
    return summarise(mail, assessed(mail, (text,), *facts), RETELLING, "u" if form == "u" else "je", sector=sector)


def test_topics_and_experiences_are_told_in_the_order_of_the_mail() -> None:
    assert said("De factuur klopt niet. Over de wachtlijst heb ik nog altijd geen antwoord gekregen.") == (
        "U schrijft over de factuur en de wachttijd.",
        "U schrijft ook dat u geen antwoord kreeg.",
    )


def test_a_young_writer_is_spoken_to_with_je() -> None:
    assert said("Niemand luistert in de leefgroep. Ik maak mij zorgen.", form="je") == (
        "Je schrijft over de leefgroep.",
        "Je schrijft ook dat je je niet gehoord voelt en dat je je zorgen maakt.",
    )


def test_only_sentences_with_evidence_count() -> None:
    text = "De factuur klopt niet. Mijn vergoeding kwam niet."
    mail = told("Jan", text)
    assert summarise(mail, assessed(mail, ("factuur",)), RETELLING, "u") == ("U schrijft over de factuur.",)


def test_without_an_assessment_or_evidence_nothing_is_said() -> None:
    mail = told("Jan", "De factuur klopt niet.")
    assert summarise(mail, None, RETELLING, "u") == ()
    assert summarise(mail, Assessment("0" * 64, {}), RETELLING, "u") == ()


def test_words_of_others_in_the_mail_do_not_count() -> None:
    text = "Zie hieronder.\n> De factuur klopt niet.\n"
    place = text.index(">")
    mail = replace(told("Jan", text), passages=(Passage(0, place, "eigen"), Passage(place, len(text), "aangehaald")))
    evidence = (Evidence(text.index("factuur"), text.index("factuur") + 7, "factuur", "tekst", "proef"),)
    found = Assessment("0" * 64, {"soort": Fact("klacht", 1.0, "proef", evidence)})
    assert summarise(mail, found, RETELLING, "u") == ()


def test_what_a_fact_says_is_told() -> None:
    assert said("Het gaat niet goed.", "al_aangesproken") == ("U schrijft dat u er zelf al over sprak of schreef.",)


def test_a_topic_that_the_letter_names_as_theme_is_not_told_twice() -> None:
    assert said("De opvang is dicht.", sector="kinderopvang") == ()
    assert said("De opvang is dicht.", sector="pleegzorg") == ("U schrijft over de opvang.",)


def test_no_more_is_told_than_one_reads_at_a_glance() -> None:
    text = "De factuur, de waarborg, het attest, het zakgeld, het verslag en de gsm."
    assert said(text) == ("U schrijft over de factuur, de waarborg en het attest.",)


@pytest.mark.parametrize(
    "text",
    [
        "Ik heb geen antwoord nodig.",
        "De consulente zou volgende week langskomen.",
        "Hij luistert niet naar zijn moeder.",
        "Zij zijn niet bezorgd.",
        "De begeleidster was onbeleefd tegen haar.",
        "Wacht al de rest maar af.",
    ],
)
def test_what_is_not_about_the_writer_is_not_told_as_an_experience(text: str) -> None:
    assert [one for one in said(text) if " dat " in one] == []


FIXED = {
    *re.findall(r"[\w-]+", " ".join(topic.over for topic in RETELLING.onderwerpen)),
    *re.findall(r"[\w-]+", " ".join(f"{one.u} {one.je}" for one in RETELLING.ervaringen)),
    *("U", "Je", "schrijft", "over", "ook", "dat", "en"),
}
PIECES = (
    *("Ik", " kreeg nog altijd geen antwoord van ", "Piet Vandamme", " drinkt", " over de factuur", ". ", "\n"),
    *(" slaat mijn dochter Noor", " en de gsm ", "IBAN BE68 5390", " niemand luistert naar mij"),
)
SAID = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join)


@given(st.one_of(SAID, st.text(min_size=1, max_size=200)))
def test_whatever_is_written_only_our_own_words_come_back(text: str) -> None:
    for sentence in said(text, "al_aangesproken", "eigen_dossier"):
        assert set(re.findall(r"[\w-]+", sentence)) <= FIXED


def test_the_general_text_under_danger_says_nothing_back() -> None:
    mail = told("Jan", "Niemand luistert en de factuur klopt niet.")
    found = assessed(mail, ("Niemand luistert", "factuur"))
    made = reply(Case("", mail, decision(uitkomst="escaleren", gevaar=["D1"]), dossier(), found))
    assert made is not None
    assert "schrijft" not in made.text


def test_the_facts_that_a_summary_rests_on_exist_in_the_rules() -> None:
    known = {one["id"] for one in yaml.safe_load((BODIES.parent / "feiten.yaml").read_text(encoding="utf-8"))}
    assert {one.feit for one in RETELLING.ervaringen if one.feit} <= known


def test_words_for_topics_are_written_as_they_are_looked_for() -> None:
    words = [word for topic in RETELLING.onderwerpen for word in topic.woorden]
    assert [word for word in words if word != word.casefold()] == []
    assert len(words) == len(set(words))
