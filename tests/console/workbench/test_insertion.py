"""An example goes into the text of a rule; every other character stays."""

import difflib

import pytest

from console.workbench.insertion import Kind, NoRoomError, with_example
from tests.console.workbench.conftest import SHIPPED
from triage.placed import read
from triage.rulebook import assemble

FORMS = (
    "- id: x\n  als: a\n",
    "- id: x\n  als: a",
    "- {id: x, als: a}\n",
    "- id: x\n  voorbeelden: {}\n- id: y\n",
    "- id: x\n  voorbeelden:\n    raak: []\n    # slot\n",
    "- id: x\n  voorbeelden:\n    raak: [een,\n      twee]  # zo\n  omdat: z\n",
    "- id: x\n  voorbeelden:\n    mis:\n      - een  # zo\n      - >-\n        twee\n        drie\n\n- id: y\n",
)
WORDS = 'Een "nieuw": voorbeeld # met {tekens}, \\ en é'


@pytest.mark.parametrize("text", FORMS)
@pytest.mark.parametrize("kind", ["raak", "mis"])
def test_whatever_form_the_author_chose_the_example_fits_in(text: str, kind: Kind) -> None:
    path, longer = with_example({"uitkomsten/1.yaml": text.encode()}, "x", kind, f"  {WORDS}\n\n meer")
    assert path == "uitkomsten/1.yaml"
    placed, mistakes = read(path, longer)
    assert mistakes == []
    assert isinstance(placed.plain, list)
    rule = placed.plain[0]
    assert isinstance(rule, dict)
    examples = rule["voorbeelden"]
    assert isinstance(examples, dict)
    found = examples[kind]
    assert isinstance(found, list)
    assert found[-1] == f"{WORDS} meer"
    before = read(path, text)[0].plain
    assert isinstance(before, list)
    assert placed.plain[1:] == before[1:]


def test_every_rule_that_we_ship_takes_an_example_in_at_most_one_changed_line() -> None:
    book, _ = assemble(SHIPPED)
    assert book is not None
    for rule in book.outcomes:
        path, longer = with_example(SHIPPED, rule.id, "mis", WORDS)
        changed = difflib.ndiff(SHIPPED[path].decode().splitlines(), longer.splitlines())
        assert len([line for line in changed if line[0] in "+-"]) <= 2, rule.id


@pytest.mark.parametrize(
    "files", [{}, {"uitkomsten/1.yaml": b"- id: y # x\n"}, {"uitkomsten/1.yaml": b"- id: x\n  a: [\n"}]
)
def test_a_rule_that_is_not_there_or_cannot_be_read_takes_none(files: dict[str, bytes]) -> None:
    with pytest.raises(NoRoomError):
        with_example(files, "x", "mis", WORDS)
