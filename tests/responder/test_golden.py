"""Every letter as it leaves, kept beside the code; `redraw.py` writes them anew after a change that was meant."""

import re

import pytest

from responder.letter import FOLDER
from responder.specimen import specimen
from responder.template import VARIABLES
from tests.responder.cases import GOLDEN, TODAY, Case, bodies, body_in, cases, letters, reply, shown

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_letter_reads_as_it_was_agreed(case: Case) -> None:
    found = reply(case)
    assert found is not None
    assert shown(found) == (GOLDEN / f"{case.name}.txt").read_text(encoding="utf-8")
    assert found.html == (GOLDEN / f"{case.name}.html").read_text(encoding="utf-8")


def test_no_golden_letter_is_left_without_a_case() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {case.name for case in CASES}


def test_every_letter_has_a_golden_one() -> None:
    used = {found.letter for case in CASES if (found := reply(case)) is not None}
    assert used == {letter.id for letter in letters().ours}


def test_every_courtesy_has_a_golden_one() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.txt"))
    courtesies = [one for (id, _), one in letters().by_name.items() if id == "werktaal"]
    assert len(courtesies) == 13
    for courtesy in courtesies:
        source = (FOLDER / courtesy.file).read_text(encoding="utf-8")
        assert source.rsplit("---\n", 1)[1].split("\n\n")[1] in text


def test_every_letter_with_u_has_one_with_je() -> None:
    formal = [letter for letter in letters().ours if letter.heading.aanspreking == "u"]
    assert len(formal) > 20
    assert [letter.id for letter in formal if letters().for_minor(letter.id) is None] == []


def test_every_variable_is_used_by_some_letter() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.md"))
    assert [name for name in VARIABLES if name not in sources] == []


def test_every_letter_can_be_made_with_all_and_with_nothing() -> None:
    for letter in letters().ours:
        full, bare = (specimen(letter, letters(), bodies(), TODAY, full=full) for full in (True, False))
        assert full.letter == bare.letter == letter.id
        for made in (full, bare):
            assert "\n\n\n" not in made.text
            assert not re.search(r"[{}]|None|\(\)|\. \.|[^.]\.\.[^.]| ,", made.text)


def test_every_body_is_shown_as_it_was_agreed() -> None:
    """What each body does, does not do, asks first, and how to reach it, as both kinds of letters show it."""
    shown_bodies = "\n".join(
        text for id in sorted(bodies()) for text in (f"##### {id}", *(body_in(id, gevaar) for gevaar in ((), ("D10",))))
    )
    assert shown_bodies == (GOLDEN.parent / "golden-instanties.txt").read_text(encoding="utf-8")
