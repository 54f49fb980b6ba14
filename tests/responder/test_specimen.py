"""Specimens: every letter for a case that does not exist, and what nobody checked."""

from dataclasses import replace
from datetime import timedelta

from responder.specimen import proof, reviewed, specimen, unchecked
from tests.responder.cases import TODAY, bodies, letters


def test_a_specimen_says_all_that_a_letter_can_say_or_as_little_as_it_can() -> None:
    letter = letters().find("ontvangstbevestiging")
    assert letter is not None
    full = specimen(letter, letters(), bodies(), TODAY).text
    bare = specimen(letter, letters(), bodies(), TODAY, full=False).text
    assert "Els Peeters" in full
    assert "U schrijft over de wachttijd." in full
    assert "Kinderrechtencommissariaat" in full
    assert bare.startswith("Beste mevrouw, beste meneer")
    assert len(bare) < len(full) * 0.7


def test_remarks_on_a_letter_bear_its_file() -> None:
    letter = letters().find("antwoord-op-vraag")
    assert letter is not None
    heavy = replace(letters(), plain=replace(letters().plain, zware_woorden={"bedankt": "merci"}))
    assert str(reviewed(letter, heavy, bodies(), TODAY).remarks[0]).startswith("nl/antwoord-op-vraag.md:3:")


def test_what_nobody_checked_or_looked_at_for_a_year_is_listed_as_a_warning() -> None:
    found = unchecked(bodies(), TODAY)
    assert all(one.warning for one in found)
    names = {(one.file, one.name) for one in found}
    assert ("instanties/one.yaml", "geen-contact") in names
    assert ("instanties/vlaamse-ombudsdienst.yaml", "los-contact") in names
    assert "oud-contact" not in {name for _, name in names}
    old = {"school": replace(bodies()["school"], nagekeken_op=TODAY - timedelta(days=366))}
    assert [one.name for one in unchecked(old, TODAY)] == ["oud-contact"]


def test_a_proof_says_why_a_letter_waits_and_whose_contacts_it_leaves_out() -> None:
    found = {one.id: proof(one, letters(), bodies(), TODAY) for one in letters().ours}
    assert found["ontvangstbevestiging"].held == ""
    assert "beslist altijd een medewerker" in found["eindantwoord"].held
    assert "Nog in te vullen" in found["eindantwoord"].held
    assert "koos deze brief" not in " ".join(one.held for one in found.values())
    files = {mistake.file for mistake in found["eindantwoord"].unchecked}
    assert "instanties/vlaamse-ombudsdienst.yaml" in files
    assert "instanties/one.yaml" not in files
    bare = proof(found["doorverwijzing"].letter, letters(), bodies(), TODAY, full=False)
    assert len(bare.reply.text) < len(found["doorverwijzing"].reply.text)
    assert found["toegevoegd"].review == reviewed(found["toegevoegd"].letter, letters(), bodies(), TODAY)


def test_each_letter_leads_to_the_same_letter_for_the_other_writer() -> None:
    known = letters()
    for one in known.ours:
        for other in known.counterparts(one):
            assert other.heading.aanspreking != one.heading.aanspreking
            assert one in known.counterparts(other) or other.heading.aanspreking == "u"
    gentle = known.find("toegevoegd-jongere")
    assert gentle is not None
    assert [one.id for one in known.counterparts(gentle)] == ["toegevoegd"]
