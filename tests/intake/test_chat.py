"""A conversation becomes one mail, and comes back with the right words to the right person."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.chat import Turn, compose
from intake.message import Party
from intake.parse import parse
from tests.intake.written import NOON, OURS


def turn(who: str, text: str, minutes: int = 0) -> Turn:
    return Turn("persoon" if who == "persoon" else "wij", text, NOON + timedelta(minutes=minutes))


def test_the_persons_turns_are_own_and_ours_are_quoted() -> None:
    turns = (
        turn("wij", "Dag, waarmee kunnen we helpen?"),
        turn("persoon", "Mijn broer slaat mij.\nElke dag.", 1),
        turn("wij", "Ben je nu veilig?", 2),
        turn("persoon", "> nee\nGroetjes\nKim", 3),
    )
    raw, envelope = compose(turns, conversation="a1b2", recipient=OURS, name="Kim", address="kim@x.example")
    message = parse(raw, envelope)
    assert (envelope.channel, envelope.sender, envelope.received) == (
        "chat",
        "kim@x.example",
        NOON + timedelta(minutes=3),
    )
    assert message.sender == Party("Kim", "kim@x.example")
    assert message.message_id == "chat-a1b2-4@opgroeien.example"
    assert message.own.split() == ["Mijn", "broer", "slaat", "mij.", "Elke", "dag.", ">", "nee", "Groetjes", "Kim"]
    assert {p.role for p in message.passages} == {"eigen", "aangehaald"}
    assert "Ben je nu veilig?" in message.text


def test_a_visitor_without_an_address_has_none() -> None:
    raw, envelope = compose((turn("persoon", "Hallo"),), conversation="x", recipient=OURS)
    assert envelope.sender == ""
    assert parse(raw, envelope).sender == Party("", "")
    assert parse(raw, envelope).automatic is None


@pytest.mark.parametrize("address", ["geen adres", "kim@", "kim@x.example\r\nBcc: y@z.example", "<kim>"])
def test_a_mistyped_address_loses_nothing_and_adds_no_header(address: str) -> None:
    raw, envelope = compose((turn("persoon", "Hallo"),), conversation="x", recipient=OURS, name="Kim", address=address)
    assert parse(raw, envelope).text == "Hallo"
    assert b"\nBcc:" not in raw


def test_the_same_conversation_gives_the_same_bytes() -> None:
    said = (turn("persoon", "Hallo"),)
    assert compose(said, conversation="x", recipient=OURS) == compose(said, conversation="x", recipient=OURS)


def test_a_conversation_without_a_word_of_the_person_is_refused() -> None:
    with pytest.raises(ValueError, match="without a word"):
        compose((turn("wij", "Dag"),), conversation="x", recipient=OURS)


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn")), max_size=40
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.booleans(), WORDS), min_size=1, max_size=6))
def test_no_turn_changes_hands(spoken: list[tuple[bool, str]]) -> None:
    turns = (turn("persoon", "begin"), *(turn("persoon" if own else "wij", text or "-") for own, text in spoken))
    raw, envelope = compose(turns, conversation="x", recipient=OURS)
    message = parse(raw, envelope)
    assert "".join(message.text[p.start : p.end] for p in message.passages) == message.text
    for line in message.own.split("\n"):
        assert not line.startswith(">")
    assert isinstance(envelope.received, datetime)
