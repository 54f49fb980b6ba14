"""Figures of reading: syllables, sentences and the two Dutch measures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.readability import Figures, figures, sentences, syllables, words


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *(("klacht", 1), ("brief", 1), ("u", 1), ("uw", 1), ("wij", 1), ("nieuw", 1), ("jij", 1), ("ruim", 1)),
        *(("antwoord", 2), ("opvang", 2), ("nieuwe", 2), ("mevrouw", 2), ("vrijuit", 2), ("mooie", 2), ("bureau", 2)),
        *(("organisatie", 5), ("officieel", 4), ("januari", 4), ("geïnformeerd", 4), ("politie", 3), ("idee", 2)),
        *(("kinderrechtencommissariaat", 9), ("klachtenbehandelaar", 6), ("medewerker", 4), ("theater", 3)),
        *(("coördinator", 5), ("radio", 3), ("tweeën", 2), ("pst", 1)),
    ],
)
def test_syllables_are_counted_as_one_says_them(word: str, expected: int) -> None:
    assert syllables(word) == expected


def test_addresses_sites_numbers_and_our_reference_are_no_words() -> None:
    text = "Mail klachten@opgroeien.example of zie kinderrechten.be/pagina, 0800 20 808, dossier KW-2026-00042."
    assert words(text) == ["Mail", "of", "zie", "dossier"]


def test_sentences_know_their_place() -> None:
    text = "Dag Jan\n\nEen zin. Nog een: kort! Echt?\n- een punt\n1. eerst dit"
    found = [(one.text, one.line, one.column, one.words) for one in sentences(text)]
    assert found == [
        ("Dag Jan", 1, 1, 2),
        ("Een zin.", 3, 1, 2),
        ("Nog een:", 3, 10, 2),
        ("kort!", 3, 19, 1),
        ("Echt?", 3, 25, 1),
        ("een punt", 4, 3, 2),
        ("eerst dit", 5, 4, 2),
    ]


def test_the_measures_are_those_that_were_published() -> None:
    one = Figures(words=100, sentences=10, syllables=150)
    assert one.flesch_douma == pytest.approx(206.835 - 9.3 - 115.5)
    assert one.brouwer == pytest.approx(195 - 20 - 100.5)


def test_a_text_without_words_is_not_hard() -> None:
    assert figures(()).flesch_douma == 100


def test_heavy_words_and_long_sentences_read_worse() -> None:
    easy = figures(tuple(sentences("Wij lezen uw brief. U krijgt een antwoord.")))
    text = "Overeenkomstig bovengenoemde reglementering onderzoekt de administratie de ontvankelijkheid daarvan."
    assert easy.flesch_douma > 90
    assert figures(tuple(sentences(text))).flesch_douma < 20


@given(st.text(max_size=300))
def test_every_sentence_stands_where_it_says(text: str) -> None:
    lines = text.splitlines()
    for one in sentences(text):
        assert lines[one.line - 1][one.column - 1 :].lstrip().startswith(one.text)
