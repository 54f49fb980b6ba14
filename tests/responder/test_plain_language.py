"""Heerlijk Helder: what we write must be plain, warm and in one form of address."""

import re

import pytest

from responder.clarity import Form, review
from responder.letter import Letter
from responder.specimen import reviewed
from tests.responder.cases import GOLDEN, TODAY, bodies, letters

DUTCH = {
    path.stem: path.read_text(encoding="utf-8").split("\n\n", 1)[1].split("----------")[-1]
    for path in sorted(GOLDEN.glob("*.txt"))
}
BODIES = {
    # The name of a body is what it is.
    body.id: " ".join((body.wat, body.niet, body.eerst, *body.checked.values()))
    for body in bodies().values()
}


def address(name: str) -> Form:
    line = next(one for one in (GOLDEN / f"{name}.txt").read_text("utf-8").splitlines() if one.startswith("Brief: "))
    found = letters().find(line.split()[1])
    assert found is not None
    return found.heading.aanspreking


@pytest.mark.parametrize("name", DUTCH)
def test_a_letter_passes_plain_language(name: str) -> None:
    found = review(DUTCH[name], letters().plain, form=address(name), name=name)
    assert [str(remark) for remark in found.remarks if not remark.warning] == []
    assert found.figures.flesch_douma >= 60
    assert found.figures.words_per_sentence < 12


@pytest.mark.parametrize("letter", letters().ours, ids=lambda letter: letter.id)
def test_a_letter_that_says_all_it_can_passes_too(letter: Letter) -> None:
    assert [str(one) for one in reviewed(letter, letters(), bodies(), TODAY).remarks if not one.warning] == []


@pytest.mark.parametrize("name", DUTCH)
def test_a_letter_speaks_to_its_reader(name: str) -> None:
    words = r"\b(u|uw)\b" if address(name) == "u" else r"\b(je|jij|jou|jouw)\b"
    assert re.search(words, DUTCH[name], re.IGNORECASE)


@pytest.mark.parametrize("name", BODIES)
def test_what_we_say_of_a_body_is_plain(name: str) -> None:
    # The name of a body may be an abbreviation; elsewhere it is explained by standing behind the whole name.
    known = bodies()[name].naam
    found = review(f"Dag\n\n{known}: {BODIES[name]}", letters().plain, name=name)
    serious = [one for one in found.remarks if one.name in ("zwaar-woord", "afkorting", "vakwoord", "lange-zin")]
    assert [str(one) for one in serious] == []


@pytest.mark.parametrize("name", BODIES)
def test_what_we_say_of_a_body_fits_in_both_forms(name: str) -> None:
    assert re.findall(r"\b(u|uw|je|jij|jou|jouw)\b", BODIES[name], re.IGNORECASE) == []


@pytest.mark.parametrize("name", DUTCH)
def test_a_letter_greets_says_who_we_are_and_bears_its_number(name: str) -> None:
    text = DUTCH[name].strip()
    assert re.match(r"(Beste|Dag)\b", text)
    assert "KW-2026-00042" in text
    assert text.endswith("Het klachtenteam van Opgroeien\nHallepoortlaan 27, 1060 Brussel\nklachten@opgroeien.example")


def test_no_letter_gives_a_number_that_nobody_confirmed() -> None:
    everything = "\n".join(path.read_text(encoding="utf-8") for path in GOLDEN.iterdir())
    unchecked = [
        contact.waarde for body in bodies().values() for contact in body.contact.values() if not contact.nagekeken
    ]
    assert len(unchecked) > 10
    assert [value for value in (*unchecked, "078 170 000", "0800 900 33", "02 533 14 14") if value in everything] == []
