"""Names, subjects and addresses come from strangers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.recipient import answered_subject, greeted, one_line


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jan Peeters", "Jan Peeters"),
        ("Peeters, Jan", "Jan Peeters"),
        ('"Jan Peeters"', "Jan Peeters"),
        ("Anne-Marie D’Hondt", "Anne-Marie D’Hondt"),
        ("  Jan\n Peeters ", "Jan Peeters"),
        ("Müşerref Yılmaz", "Müşerref Yılmaz"),
        ("J. Peeters", "J. Peeters"),
        ("jan@voorbeeld.example", ""),
        ("info 2000", ""),
        ("J", ""),
        ("", ""),
        ("x" * 61, ""),
        ("Jan (papa)", ""),
        ("a, b, c", ""),
    ],
)
def test_a_greeting_uses_a_name_only_when_it_looks_like_one(name: str, expected: str) -> None:
    assert greeted(name) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Klacht over de opvang", "Re: Klacht over de opvang [KW-2026-00001]"),
        ("Re: Klacht", "Re: Klacht [KW-2026-00001]"),
        ("RE: Antw: FW: AW: Klacht", "Re: Klacht [KW-2026-00001]"),
        ("Re: Klacht [KW-2026-00001]", "Re: Klacht [KW-2026-00001]"),
        ("", "Ons antwoord [KW-2026-00001]"),
        ("Re:", "Ons antwoord [KW-2026-00001]"),
        ("Klacht\r\nBcc: iemand@elders.example", "Re: Klacht Bcc: iemand@elders.example [KW-2026-00001]"),
        ("Rechten van mijn kind", "Re: Rechten van mijn kind [KW-2026-00001]"),
    ],
)
def test_a_subject_answers_the_subject_of_the_mail_with_our_number_once(subject: str, expected: str) -> None:
    assert answered_subject(subject, "KW-2026-00001", "Ons antwoord") == expected


def test_an_endless_subject_is_cut_between_words() -> None:
    found = answered_subject("woord " * 200, "KW-2026-00001", "Ons antwoord")
    assert len(found) < 200
    assert found.endswith("woord … [KW-2026-00001]")


@given(st.text())
def test_whatever_comes_in_one_line_comes_out(text: str) -> None:
    calm = one_line(text)
    assert calm.splitlines() in ([], [calm])
    assert calm.isprintable() or all(sign.isprintable() or sign == " " or not sign.isspace() for sign in calm)
    assert one_line(calm) == calm
