"""What goes into the open places of a letter."""

from dataclasses import replace
from pathlib import Path

from register.law import load as load_law
from register.law import shipped
from responder.compose import compose
from tests.responder.cases import BODIES, SENDER, TODAY, bodies, decision, dossier, letters, message


def test_the_last_days_in_a_letter_are_those_of_the_register(tmp_path: Path) -> None:
    rules = BODIES.parent
    text = (rules / "termijnen.yaml").read_text(encoding="utf-8").replace("verlengd: 90", "verlengd: 60")
    (tmp_path / "termijnen.yaml").write_text(text, encoding="utf-8")
    for name in ("feestdagen.yaml", "keuzelijsten.yaml", "bewaring.yaml"):
        (tmp_path / name).write_bytes((rules / name).read_bytes())
    shorter = load_law(tmp_path)
    for law, day in ((None, "22 februari 2027"), (shorter, "23 januari 2027")):
        found = compose(
            message(), decision(), dossier(), letters(), bodies(),
            on=TODAY, sender_address=SENDER, chosen="verlenging", law=law,
        )  # fmt: skip
        assert found is not None
        assert day in found.text


def test_a_last_day_that_the_law_does_not_name_is_left_to_a_person() -> None:
    known = shipped()
    without = replace(known, regimes=tuple(one for one in known.regimes if one.id != "openbaarheid"))
    found = compose(
        message(), decision(), dossier(), letters(), bodies(),
        on=TODAY, sender_address=SENDER, chosen="openbaarheid", law=without,
    )  # fmt: skip
    assert found is not None
    assert "Nog in te vullen: Vul de laatste dag in." in found.held_because
