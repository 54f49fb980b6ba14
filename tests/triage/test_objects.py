"""A mail with several objects: what it asks beside the danger, and a second matter about somebody else."""

from tests.triage.spoken import message, own_rules
from triage.assessment import Evidence, Fact
from triage.objects import FEWEST_WORDS, SURE, beside_danger, paragraphs, second_matter

ASKS = {"soort": Fact("vraag", 0.9, "geleerd"), "betrokkene": Fact("andere", 0.9, "geleerd")}
DANGER = {"gevaar": Fact(("D2", "D11"), 0.9, "slaat"), "kans_gevaar": Fact(0.8, 1.0, "geleerd")}
WORDS = (Evidence(0, 6, "school", "tekst", "school"),)


def _places(body: str) -> list[str]:
    pipeline = own_rules()
    with pipeline.turn():
        doc = pipeline.read(message(body, subject="twee zaken"))
        return [doc._.reading.text[start:end].strip() for start, end in paragraphs(doc)]


def test_what_an_urgent_mail_asks_beside_the_danger_is_an_object_without_that_danger() -> None:
    rest = beside_danger({**ASKS, **DANGER}, {"escaleren": 0.8, "doorverwijzen": 0.15, "registreren": 0.05})
    assert rest is not None
    assert not {"gevaar", "kans_gevaar"} & set(rest)
    assert rest["verwachte_uitkomst"].value == "doorverwijzen"
    assert rest["zekerheid_uitkomst"].value == 0.15 / 0.2


def test_without_acute_danger_nothing_stands_beside_it() -> None:
    assert beside_danger(ASKS, {}) is None
    assert beside_danger({**ASKS, "gevaar": Fact(("D11",), 0.9, "nood")}, {}) is None


def test_a_concern_that_asks_nothing_else_is_one_object() -> None:
    concern = {"soort": Fact("verontrusting", 0.9, "geleerd")}
    assert beside_danger({**concern, **DANGER}, {"escaleren": 0.9}) is None


def test_paragraphs_are_cut_at_empty_lines_and_points_and_short_ones_say_nothing() -> None:
    long = " ".join(["woord"] * FEWEST_WORDS)
    assert _places(f"Dag\n\nA {long}\n\nB {long}\n1) C {long}\n- D {long}\n\nGroet") == [
        f"A {long}", f"B {long}", f"1) C {long}", f"- D {long}"
    ]  # fmt: skip


def test_quoted_paragraphs_are_no_object_of_the_writer() -> None:
    long = " ".join(["woord"] * FEWEST_WORDS)
    assert _places(f"Eigen {long}\n\nOp 1 maart 2026 schreef Jan:\n> Van Jan {long}\n") == [f"Eigen {long}"]


def test_a_second_matter_names_another_respondent_in_words_and_is_sure_of_it() -> None:
    mail = {**ASKS, "betrokkene": Fact("organisator", 0.8, "geleerd")}
    named = {**ASKS, "betrokkene": Fact("andere", SURE, "school", WORDS)}
    assert second_matter(mail, named)
    assert not second_matter(ASKS, named), "the same respondent is the same matter"
    assert not second_matter(mail, {**named, "betrokkene": Fact("andere", SURE - 0.01, "school", WORDS)})
    assert not second_matter(mail, {**named, "betrokkene": Fact("andere", 0.99, "geleerd")}), "no word says so"
    assert not second_matter(mail, {**named, "soort": Fact("dank", 0.9, "geleerd")}), "thanks ask nothing"
    assert not second_matter(mail, {"soort": ASKS["soort"]})
