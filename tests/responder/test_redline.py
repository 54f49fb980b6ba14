"""What a person changed in a letter."""

from hypothesis import given
from hypothesis import strategies as st

from responder.redline import Change, changes


def test_nothing_changed_is_one_stretch() -> None:
    assert changes("Beste Jan", "Beste Jan") == (Change("gelijk", "Beste Jan"),)
    assert changes("", "") == ()


def test_a_changed_word_is_shown_as_gone_and_come() -> None:
    assert changes("Wij lezen uw brief.", "Wij lazen uw brief.") == (
        Change("gelijk", "Wij "),
        Change("weg", "lezen"),
        Change("bij", "lazen"),
        Change("gelijk", " uw brief."),
    )


def test_a_changed_phrase_is_one_change_and_no_mosaic() -> None:
    assert changes("Wij doen dat niet.", "Wij zullen altijd niet.") == (
        Change("gelijk", "Wij "),
        Change("weg", "doen dat"),
        Change("bij", "zullen altijd"),
        Change("gelijk", " niet."),
    )


def test_a_filled_place_and_a_new_paragraph_are_shown() -> None:
    found = changes("Ons antwoord\n\n[[Vul in.]]\n", "Ons antwoord\n\nJa, dat kan.\n\nTot dan!\n")
    assert "".join(one.text for one in found if one.kind == "weg").startswith("[[Vul in")
    assert "Tot dan!" in "".join(one.text for one in found if one.kind == "bij")


def test_texts_that_would_take_minutes_by_word_go_and_come_as_a_whole() -> None:
    before, after = "Beste\n" + "a a " * 1200 + "\nGroet\n", "Beste\n" + "a b " * 1200 + "\nGroet\n"
    assert [one.kind for one in changes(before, after)] == ["gelijk", "weg", "bij", "gelijk"]


WORDS = st.lists(st.sampled_from(["wij ", "lezen", " ", "\n", "u", "[[x]]", "é", ". "]), max_size=30).map("".join)


@given(WORDS, WORDS)
def test_both_wordings_can_be_read_back(before: str, after: str) -> None:
    found = changes(before, after)
    assert "".join(one.text for one in found if one.kind != "bij") == before
    assert "".join(one.text for one in found if one.kind != "weg") == after
    assert all(one.text for one in found)
