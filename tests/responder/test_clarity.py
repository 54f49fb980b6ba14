"""Plain language: what a reviewer would mark in red, with its place, and nothing else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.clarity import review
from tests.responder.cases import letters

PLAIN = letters().plain
GOOD = """Beste Jan

Wij hebben uw brief gelezen. U krijgt ons antwoord voor 3 december.

Wat doen wij nu?

- Wij vragen de dienst om uitleg.
- Hebben wij nog iets nodig, dan vragen wij dat aan u.

Met vriendelijke groeten

Het klachtenteam van Opgroeien
"""


def remarks(line: str) -> list[tuple[str, int, int]]:
    found = review(GOOD.replace("Wij hebben uw brief gelezen.", line), PLAIN, form="u")
    return [(one.name, one.line, one.column) for one in found.remarks]


def test_a_plain_letter_gets_no_remark() -> None:
    found = review(GOOD, PLAIN, form="u", subject="Ons antwoord")
    assert found.remarks == ()
    assert found.passes


@pytest.mark.parametrize(
    ("line", "name", "column"),
    [
        ("Gelieve te antwoorden.", "zwaar-woord", 1),
        ("Wij schrijven u omtrent uw brief.", "zwaar-woord", 17),
        ("U dient te wachten.", "zwaar-woord", 3),
        ("Dat geldt m.b.t. uw brief.", "afkorting", 11),
        ("Het gaat om mano voor u.", "vakwoord", 13),
        ("Het OCJ leest uw brief.", "vakwoord", 5),
        ("Wij lezen je brief.", "u-en-je", 11),
        ("Onze welzijnsinformatiepunten lezen uw brief.", "lang-woord", 6),
        ("Uw brief wordt door ons gelezen.", "lijdende-vorm", 1),
        ("Uw klacht werd geregistreerd.", "lijdende-vorm", 1),
    ],
)
def test_what_is_not_plain_is_told_with_its_place(line: str, name: str, column: int) -> None:
    assert remarks(line) == [(name, 3, column)]


@pytest.mark.parametrize(
    "line",
    [
        "Het OCJ (de dienst die nagaat of hulp moet) leest uw brief.",
        "De sociale dienst (SDJ) leest uw brief. De SDJ belt u.",
        "Wij verwijzen naar de Commissie inzake Leerlingenrechten.",
        "Het wordt geen lang gesprek met u.",
        "Dit word gaat over u.",
        "Wij lezen uw brief over het Kinderrechtencommissariaat.",
        "[[Leg uit aangaande mano, en zeg het tegen je collega.]]",
    ],
)
def test_what_is_explained_a_name_or_meant_for_staff_is_left_alone(line: str) -> None:
    assert remarks(line) == []


def test_a_remark_says_what_to_write_instead() -> None:
    found = review(GOOD.replace("gelezen", "reeds gelezen"), PLAIN, form="u", name="nl/x.md")
    assert str(found.remarks[0]) == "nl/x.md:3:21: zwaar-woord — `reeds` is een zwaar woord, schrijf `al`"
    assert not found.passes


def test_a_letter_with_je_wants_je() -> None:
    found = review("Dag Emma\n\nWij lezen uw mail en zeggen je wat wij doen.\n", PLAIN, form="je")
    assert [(one.name, one.column) for one in found.remarks] == [("u-en-je", 11)]


def test_without_a_form_only_the_mixture_is_told() -> None:
    assert review("Dag Emma\n\nWij lezen je mail.\n", PLAIN).remarks == ()
    assert [one.name for one in review("Dag Emma\n\nWij lezen je mail en jouw brief voor u.\n", PLAIN).remarks] == [
        "u-en-je"
    ]


def test_long_sentences_and_paragraphs_are_told() -> None:
    long = "Wij " + "lezen en " * 13 + "lezen uw brief."
    assert [one[0] for one in remarks(long)] == ["lange-zin"]
    crowded = "Dag Jan\n\n" + "Wij lezen uw brief. " * 6 + "\n"
    assert [(one.name, one.line, one.warning) for one in review(crowded, PLAIN).remarks] == [("lange-alinea", 3, True)]


def test_a_letter_begins_with_a_greeting() -> None:
    assert [one.name for one in review("Wij lezen uw brief.\n", PLAIN).remarks] == ["geen-aanhef"]
    assert [one.name for one in review("", PLAIN).remarks] == ["geen-aanhef"]


def test_a_long_letter_without_headings_a_long_subject_and_much_law_are_told() -> None:
    text = "Dag Jan\n\n" + "Wij lezen uw brief.\n\n" * 60
    assert [one.name for one in review(text, PLAIN, subject="x" * 71).remarks] == [
        "geen-tussentitels",
        "lang-onderwerp",
    ]
    assert [one.name for one in review(text.replace("\n\n", "\n\nWat nu?\n\n", 2), PLAIN).remarks] == []
    law = GOOD.replace("gelezen", "gelezen volgens artikel 3, artikel 4 en het decreet")
    assert [one.name for one in review(law, PLAIN).remarks] == ["veel-regelgeving"]


def test_a_hard_letter_does_not_pass() -> None:
    hard = "Beste Jan\n\n" + "Administratieve reglementering organiseert klachtenbehandeling professioneel.\n\n" * 4
    found = review(hard, PLAIN)
    assert "leesbaarheid" in {one.name for one in found.remarks}
    assert not found.passes


def test_a_letter_is_reviewed_while_one_types() -> None:
    text = GOOD * 20
    review(text, PLAIN)
    begun = time.perf_counter()
    review(text, PLAIN)
    assert time.perf_counter() - begun < 0.5


@given(st.text(max_size=400))
def test_whatever_is_typed_remarks_point_into_it(text: str) -> None:
    lines = text.splitlines() or [""]
    for one in review(text, PLAIN, form="u").remarks:
        assert 1 <= one.line <= len(text.split("\n"))
        assert one.column >= 1
    assert lines
