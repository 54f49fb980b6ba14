"""Letters that a person chooses: refusals, extensions, answers; and what keeps every letter in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from responder.choose import UnknownLetterError
from responder.compose import compose
from responder.reply import Reply
from tests.responder.cases import SENDER, TODAY, Case, bodies, decision, dossier, letters, message, reply
from triage.shapes import Body
from triage.vocabulary import ONTVANKELIJKHEID


def written(**fields: Any) -> Reply:
    found = reply(Case("", message(), decision(**fields), dossier()))
    assert found is not None
    return found


def chosen(letter: str, **fields: Any) -> Reply:
    found = reply(Case("", message(), decision(**fields), dossier(), chosen=letter))
    assert found is not None
    return found


def test_a_person_chooses_any_letter_whatever_the_outcome() -> None:
    for outcome in ("registreren", "beoordelen", "negeren", "doorverwijzen"):
        found = chosen("eindantwoord", uitkomst=outcome, instanties=["school"])
        assert found.letter == "eindantwoord"
        assert "beslist altijd een medewerker" in found.held_because


def test_a_letter_that_a_person_chose_never_leaves_by_itself() -> None:
    assert "koos deze brief" in chosen("ontvangstbevestiging", automatisch=True).held_because
    assert not chosen("ontvangstbevestiging", automatisch=True).automatic


def test_a_minor_gets_the_je_form_of_what_a_person_chose() -> None:
    assert chosen("niet-behandeld-geen-belang", gevaar=["D10"]).letter == "niet-behandeld-jongere"


def test_nobody_can_choose_a_letter_that_does_not_exist() -> None:
    for name in ("bestaat-niet", "_nood", "werktaal"):
        with pytest.raises(UnknownLetterError):
            chosen(name)


def test_a_machine_gets_no_letter_that_a_person_chose_either() -> None:
    machine = message(automatic="een afwezigheidsbericht")
    assert reply(Case("", machine, decision(), dossier(), chosen="eindantwoord")) is None


@pytest.mark.parametrize("ground", ONTVANKELIJKHEID)
def test_a_refusal_on_each_ground_exists_waits_for_a_person_and_names_the_second_line(ground: str) -> None:
    found = chosen(f"niet-behandeld-{ground}", ontvankelijkheid=[ground])
    assert "beslist altijd een medewerker" in found.held_because
    assert "Nog in te vullen" in found.held_because
    assert not found.automatic
    for words in ("Vlaamse Ombudsdienst", "1700", "Leuvenseweg 86", "II.7" if ground[:3] != "bel" else "II.88"):
        assert words in found.text


@pytest.mark.parametrize("letter", ["niet-behandeld-geen-belang", "eindantwoord", "verlenging"])
def test_no_rule_can_send_a_letter_on_which_a_person_decides(letter: str) -> None:
    assert letter not in letters().ids
    assert written(brief=letter, automatisch=True).letter == "ontvangstbevestiging"


def test_an_extension_names_the_ninetieth_day_after_receipt() -> None:
    assert "uiterlijk op 22 februari 2027" in chosen("verlenging").text
    assert "3 januari 2027" in chosen("openbaarheid-verlenging", uitkomst="beantwoorden").text


def aged(days: int) -> dict[str, Body]:
    return {id: replace(body, nagekeken_op=TODAY - timedelta(days=days)) for id, body in bodies().items()}


def test_contacts_that_nobody_looked_at_for_two_years_hold_the_letter() -> None:
    for days, waits in ((730, False), (731, True)):
        found = compose(message(), decision(), dossier(), letters(), aged(days), on=TODAY, sender_address=SENDER)
        assert found is not None
        assert ("niet meer nagekeken" in found.held_because) is waits


def test_the_second_line_of_a_final_answer_must_be_reachable() -> None:
    without = {id: body for id, body in bodies().items() if id != "vlaamse-ombudsdienst"}
    mail, decided = message(), decision()
    found = compose(
        mail, decided, dossier(), letters(), without, on=TODAY, sender_address=SENDER, chosen="eindantwoord"
    )
    assert found is not None
    assert "`vlaamse-ombudsdienst`" in found.held_because


def test_a_thought_about_a_body_is_no_referral_in_a_letter() -> None:
    assert "School" in chosen("doorverwijzing", uitkomst="doorverwijzen", instanties=["school"]).text
    found = chosen("antwoord-op-vraag", uitkomst="beoordelen", instanties=["school"])
    assert "school" not in found.text.casefold()
