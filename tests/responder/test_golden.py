"""Every letter as it leaves, kept beside the code; `redraw.py` writes them anew after a change that was meant."""

import pytest

from responder.letter import FOLDER
from responder.template import VARIABLES
from tests.responder.cases import GOLDEN, Case, cases, letters, reply, shown

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
    assert used == letters().ids


def test_every_courtesy_has_a_golden_one() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.txt"))
    for language in ("fr", "en", "de"):
        courtesy = letters().find("werktaal", language)
        assert courtesy is not None
        source = (FOLDER / courtesy.file).read_text(encoding="utf-8")
        sentence = source.rsplit("---\n", 1)[1].split("\n\n")[1].split(". ")[0]
        assert sentence in text


def test_every_variable_is_used_by_some_letter() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.md"))
    assert [name for name in VARIABLES if name not in sources] == []
