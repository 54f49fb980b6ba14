"""Heerlijk Helder: what we write must be plain, warm and in one form of address."""

import re

import pytest

from tests.responder.cases import GOLDEN, bodies, letters

# A heavy word and what to write in its place.
HEAVY = {
    "aangaande": "over",
    "betreffende": "over",
    "inzake": "over",
    "omtrent": "over",
    "dienen te": "moeten",
    "dient te": "moet",
    "gelieve": "wilt u",
    "indien": "als",
    "derhalve": "dus",
    "reeds": "al",
    "teneinde": "om",
    "trachten": "proberen",
    "tevens": "ook",
    "vermits": "want",
    "aangezien": "omdat",
    "hierbij": "(weglaten)",
    "middels": "met",
    "conform": "volgens",
    "ingevolge": "door",
    "desbetreffende": "deze",
    "ontvankelijk": "(leg uit)",
    "u edele": "u",
}
JARGON = ("mano", "GES+", "ITP", "OVBJ", "OOOC", "1G1P", "DRM", "MFC", "SDJ", "OCJ", "II.7", "II.8", "NRTJ", "VCA")

DUTCH = {
    path.stem: path.read_text(encoding="utf-8").split("\n\n", 1)[1].split("----------")[-1]
    for path in sorted(GOLDEN.glob("*.txt"))
}
BODIES = {
    # The name of a body is what it is.
    body.id: " ".join((body.wat, body.niet, body.eerst, *body.checked.values()))
    for body in bodies().values()
}


def sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.?!:])\s+|\n", text) if one.strip()]


@pytest.mark.parametrize("name", [*DUTCH, *BODIES])
def test_no_heavy_word_and_no_jargon(name: str) -> None:
    text = DUTCH.get(name) or BODIES[name]
    assert {heavy: HEAVY[heavy] for heavy in HEAVY if re.search(rf"\b{heavy}\b", text, re.IGNORECASE)} == {}
    assert [word for word in JARGON if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)] == []


@pytest.mark.parametrize("name", [*DUTCH, *BODIES])
def test_sentences_are_short(name: str) -> None:
    text = DUTCH.get(name) or BODIES[name]
    lengths = [len(one.split()) for one in sentences(text)]
    assert [one for one in sentences(text) if len(one.split()) > 28] == []
    assert sum(length > 25 for length in lengths) <= len(lengths) * 0.05


@pytest.mark.parametrize("name", DUTCH)
def test_a_letter_reads_easily_on_the_whole(name: str) -> None:
    lengths = [len(one.split()) for one in sentences(DUTCH[name])]
    assert sum(lengths) / len(lengths) < 12


@pytest.mark.parametrize("name", DUTCH)
def test_a_letter_speaks_with_u_or_with_je_and_never_with_both(name: str) -> None:
    formal = re.findall(r"\b(u|uw)\b", DUTCH[name], re.IGNORECASE)
    familiar = re.findall(r"\b(je|jij|jou|jouw)\b", DUTCH[name], re.IGNORECASE)
    letter = next(one for one in (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").splitlines() if "Brief: " in one)
    found = letters().find(letter.split()[1])
    assert found is not None
    expected, other = (formal, familiar) if found.heading.aanspreking == "u" else (familiar, formal)
    assert expected
    assert other == []


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
