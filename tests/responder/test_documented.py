"""What authors of letters may use, and what may go wrong, stands in their handbook."""

import re
from pathlib import Path

from responder.template import ATTRIBUTES, VARIABLES
from tests.responder.cases import letters

ROOT = Path(__file__).parents[2]
HANDBOOK = (ROOT / "docs" / "handboek-brieven.md").read_text(encoding="utf-8")


def test_every_variable_stands_in_the_handbook_with_its_meaning() -> None:
    table = HANDBOOK.split("## Welke velden")[1].split("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE))
    assert set(VARIABLES) == set(rows)
    assert [name for name, meaning in VARIABLES.items() if not rows[name].startswith(meaning)] == []


def test_every_attribute_of_a_body_stands_in_the_handbook() -> None:
    assert [name for name in ATTRIBUTES if f"`{name}`" not in HANDBOOK] == []


def test_every_mistake_in_a_letter_stands_in_the_handbook() -> None:
    sources = "\n".join(
        (ROOT / "responder" / f"{name}.py").read_text("utf-8") for name in ("heading", "letter", "template")
    )
    names = re.findall(r"Mistake\([^()]*?\d, \"([a-z0-9-]+)\"", sources)
    names += re.findall(r"Mistake\([^()]*?lineno, 1, \"([a-z0-9-]+)\"", sources)
    assert len(set(names)) > 10
    assert [name for name in names if f"`{name}`" not in HANDBOOK] == []


def test_every_remark_on_plain_language_and_on_contacts_stands_in_the_handbook() -> None:
    names = [
        name
        for file in ("clarity", "specimen")
        for name in re.findall(r'Mistake\([^"]*"([a-z-]+)"', (ROOT / "responder" / f"{file}.py").read_text("utf-8"))
    ]
    assert len(set(names)) > 12
    assert [name for name in names if f"`{name}`" not in HANDBOOK] == []


def test_every_letter_stands_in_the_handbook() -> None:
    told = re.findall(r"`([a-z-]+)(…?)`", HANDBOOK.split("## Welke brieven")[1].split("\n## ")[0])
    formal = [letter.id for letter in letters().ours if letter.heading.aanspreking == "u"]
    assert [id for id in formal if not any(id == name or (more and id.startswith(name)) for name, more in told)] == []
