from pathlib import Path

from console.desk import glossary
from triage import rulebook


def test_the_glossary_names_what_the_rules_name() -> None:
    names = glossary(rulebook.load(Path(__file__).parents[2] / "rules"))
    assert names.sectors["pleegzorg"] == "Pleegzorg"
    assert names.bodies["awel"] == "Awel"
    assert "al_aangesproken" in names.signs
    assert "taal_gedekt" not in names.signs
