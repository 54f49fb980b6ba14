from hypothesis import given
from hypothesis import strategies as st

from console import marks
from console.marks import Seen, cut
from triage.assessment import Assessment, Evidence, Fact

TEXT = "De begeleidster van pleegzorg komt niet."


def fact(*spans: tuple[int, int]) -> Fact:
    return Fact("x", 0.9, "proef", tuple(Evidence(a, b, TEXT[a:b], "tekst", "proef") for a, b in spans))


def test_overlapping_evidence_is_cut_where_either_begins_or_ends() -> None:
    facts = marks.seen(Assessment("d", {"sector": fact((20, 29)), "betrokkene": fact((3, 29))}), ("sector",))
    pieces = marks.part(TEXT, facts, "tekst")
    assert [(piece.text, piece.facts, piece.ends) for piece in pieces] == [
        ("De ", (), ()),
        ("begeleidster van ", ("betrokkene",), ()),
        ("pleegzorg", ("sector", "betrokkene"), (1, 2)),
        (" komt niet.", (), ()),
    ]


def test_a_fact_without_words_gets_no_number() -> None:
    facts = marks.seen(Assessment("d", {"taal": fact(), "sector": fact((0, 2))}), ("taal", "sector"))
    assert [(one.name, one.number) for one in facts] == [("taal", 0), ("sector", 1)]


def test_evidence_of_the_subject_marks_nothing_in_the_body() -> None:
    found = Fact("x", 0.9, "proef", (Evidence(0, 2, "De", "onderwerp", "proef"),))
    facts = marks.seen(Assessment("d", {"sector": found}), ())
    assert [piece.facts for piece in marks.part(TEXT, facts, "tekst")] == [()]


def test_a_correction_names_the_person_who_made_it() -> None:
    assert Seen("sector", Fact("x", 1.0, "persoon:lien"), 0).person == "lien"
    assert Seen("sector", Fact("x", 1.0, "signaal:lien"), 0).person == ""


@given(st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60))), st.integers(0, 40), st.integers(0, 40))
def test_nothing_is_lost_or_doubled_whatever_the_evidence_says(
    spans: list[tuple[int, int]], one: int, other: int
) -> None:
    start, end = sorted((one, other))
    seen = Seen("sector", fact(*spans), 1)
    pieces = cut(TEXT, {mark: [seen] for mark in seen.fact.evidence}, start, end)
    assert "".join(piece.text for piece in pieces) == TEXT[start:end]
