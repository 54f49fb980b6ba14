"""What is written back, to whom, and what makes it wait."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from intake.message import Envelope, Party
from responder.compose import compose
from responder.reply import Reply
from tests.responder.cases import SENDER, SIGNED, TODAY, Case, bodies, decision, dossier, letters, message, reply


def answer(*, mail: dict[str, Any] | None = None, on: date = TODAY, **fields: Any) -> Reply | None:
    return reply(Case("", message(**(mail or {})), decision(**fields), dossier()), on=on)


def written(*, mail: dict[str, Any] | None = None, on: date = TODAY, **fields: Any) -> Reply:
    found = answer(mail=mail, on=on, **fields)
    assert found is not None
    return found


@pytest.mark.parametrize("outcome", ["negeren", "beoordelen"])
def test_nothing_is_written_when_the_outcome_asks_for_no_letter(outcome: str) -> None:
    assert answer(uitkomst=outcome, brief="doorverwijzing") is None


@pytest.mark.parametrize("outcome", ["registreren", "escaleren", "doorverwijzen", "toevoegen"])
def test_a_machine_never_gets_a_letter(outcome: str) -> None:
    assert answer(mail={"automatic": "een afwezigheidsbericht"}, uitkomst=outcome, gevaar=["D1"]) is None


def test_nobody_to_write_to_means_no_letter() -> None:
    for address in ("", "geen adres", "a@b, c@d.example", "jan@voorbeeld.example>\nBcc: x@y.example"):
        assert answer(mail={"sender": Party("Jan", address)}) is None


def test_we_never_write_to_ourselves() -> None:
    assert answer(mail={"sender": Party("Klachten", SENDER.upper())}) is None
    assert answer(mail={"reply_to": Party("Klachten", SIGNED)}) is None


@pytest.mark.parametrize(
    ("fields", "letter"),
    [
        ({"uitkomst": "registreren", "betrokkene": "opgroeien"}, "ontvangstbevestiging"),
        ({"uitkomst": "registreren", "betrokkene": "organisator"}, "ontvangstbevestiging-met-afdeling"),
        ({"uitkomst": "doorverwijzen", "instanties": ["organisator"]}, "eerst-de-organisator"),
        ({"uitkomst": "doorverwijzen", "instanties": ["school"]}, "doorverwijzing"),
        ({"uitkomst": "doorverwijzen", "instanties": ["organisator", "unia"]}, "doorverwijzing"),
        ({"uitkomst": "beantwoorden"}, "antwoord-op-vraag"),
        ({"uitkomst": "opvragen"}, "vervollediging"),
        ({"uitkomst": "escaleren"}, "veilige-tekst"),
        ({"uitkomst": "toevoegen"}, "toegevoegd"),
    ],
)
def test_an_outcome_has_its_usual_letter(fields: dict[str, Any], letter: str) -> None:
    assert written(**fields).letter == letter


def test_the_letter_that_the_rule_names_goes_before_the_usual_one() -> None:
    assert written(uitkomst="beantwoorden", brief="openbaarheid").letter == "openbaarheid"


def test_a_letter_that_does_not_exist_gives_way_to_the_usual_one() -> None:
    assert written(brief="bestaat-niet").letter == "ontvangstbevestiging"


def test_under_danger_no_rule_chooses_another_text() -> None:
    found = written(
        uitkomst="escaleren", gevaar=["D1"], brief="doorverwijzing", instanties=["politie", "familierechtbank"]
    )
    assert found.letter == "veilige-tekst"
    assert found.bodies == ()
    assert not found.held_because


def test_the_safe_text_says_nothing_of_what_we_think_the_mail_is() -> None:
    first = written(
        uitkomst="escaleren", gevaar=["D1"], sector="kinderopvang", betrokkene="organisator", soort="klacht"
    )
    second = written(uitkomst="escaleren", gevaar=["D3"], sector="buiten", betrokkene="onbekend", soort="vraag")
    assert first.text == second.text
    for number in ("112", "101", "1712", "1813", "106", "102", "116 000"):
        assert number in first.text


def test_the_safe_text_never_leaves_by_itself() -> None:
    assert not written(uitkomst="escaleren", gevaar=["D1"], automatisch=True).automatic


def test_a_minor_gets_the_je_letter() -> None:
    for brief in (None, "ontvangstbevestiging", "ontvangstbevestiging-met-afdeling", "ontvangstbevestiging-jongere"):
        assert written(gevaar=["D10"], brief=brief).letter == "ontvangstbevestiging-jongere"
    assert written(gevaar=["D1", "D10"], uitkomst="escaleren").letter == "veilige-tekst-jongere"


def test_a_minor_for_whom_we_have_no_letter_waits_for_a_person() -> None:
    grown_up = {key: one for key, one in letters().by_name.items() if one.id != "openbaarheid-jongere"}
    mail, decided = message(), decision(gevaar=["D10"], uitkomst="beantwoorden", brief="openbaarheid")
    few = replace(letters(), by_name=grown_up)
    found = compose(mail, decided, dossier(), few, bodies(), on=TODAY, sender_address=SENDER)
    assert found is not None
    assert found.letter == "openbaarheid"
    assert "geen je-vorm" in found.held_because


def test_a_je_letter_waits_when_nothing_says_that_a_minor_wrote() -> None:
    assert "minderjarig" in written(brief="ontvangstbevestiging-jongere").held_because


def test_a_mail_with_a_part_for_another_body_gets_one_letter_for_all_parts() -> None:
    elsewhere = {"uitkomst": "doorverwijzen", "betrokkene": "andere", "instanties": ["jeugdrechter"]}
    found = written(brief="ontvangstbevestiging", delen=[{}, elsewhere])
    assert found.letter == "gesplitst"
    assert found.bodies == ("jeugdrechter",)


def test_a_split_letter_without_another_body_becomes_an_acknowledgement() -> None:
    assert written(brief="gesplitst").letter == "ontvangstbevestiging"


def test_several_referrals_stand_in_one_letter_each_once() -> None:
    more = {"uitkomst": "doorverwijzen", "betrokkene": "andere", "instanties": ["school", "clb"]}
    found = written(uitkomst="doorverwijzen", instanties=["school"], delen=[more])
    assert found.bodies == ("school", "clb")
    assert found.text.count("School en schoolbestuur") == 1


def test_a_matter_that_we_treat_ourselves_is_not_sent_back_to_the_organiser() -> None:
    assert written(betrokkene="organisator", instanties=["organisator"]).bodies == ()


def test_a_body_without_a_checked_contact_holds_the_letter() -> None:
    found = written(uitkomst="doorverwijzen", instanties=["school", "iriscare"])
    assert found.held_because == "Van Iriscare is nog geen contact nagekeken."


def test_an_unknown_body_and_no_body_at_all_hold_a_referral() -> None:
    assert "`verzonnen`" in written(uitkomst="doorverwijzen", instanties=["verzonnen"]).held_because
    assert "geen instantie" in written(uitkomst="doorverwijzen").held_because


def test_a_help_line_that_nobody_checked_holds_the_letter() -> None:
    without = {id: body for id, body in bodies().items() if id != "politie"}
    found = compose(message(), decision(), dossier(), letters(), without, on=TODAY, sender_address=SENDER)
    assert found is not None
    assert "`politie`" in found.held_because


def test_an_open_place_holds_the_letter() -> None:
    assert written(uitkomst="beantwoorden").held_because.startswith("Nog in te vullen: ")


def test_a_term_that_has_passed_holds_the_letter() -> None:
    assert "voorbij" in written(on=date(2027, 1, 9)).held_because
    assert not written(on=date(2027, 1, 8)).held_because


def test_an_addition_to_an_unknown_dossier_waits() -> None:
    assert "niet zeker" in written(uitkomst="toevoegen").held_because
    assert not written(uitkomst="toevoegen", dossier="KW-2026-00042").held_because


def test_another_answering_address_is_used_and_looked_at_first() -> None:
    found = written(mail={"reply_to": Party("Jan", "andere@elders.example")})
    assert found.to.address == "andere@elders.example"
    assert "ander adres" in found.held_because
    assert not written(mail={"reply_to": Party("Jan", "JAN@voorbeeld.example")}).held_because


def test_an_address_that_nobody_reads_is_looked_at_first() -> None:
    assert written(mail={"sender": Party("Loket", "noreply@gemeente.example")}).held_because


def test_a_language_that_we_do_not_cover_waits_and_bears_an_english_note() -> None:
    found = written(taal="sq")
    assert "(Albanees)" in found.held_because
    assert found.text.startswith("Hello Jan Peeters")


def test_a_note_that_nobody_who_speaks_its_language_read_waits() -> None:
    found = written(taal="tr")
    assert found.text.startswith("Merhaba Jan Peeters")
    assert "las de nota na (Turks)" in found.held_because


def test_a_language_that_is_written_from_the_right_is_marked_so() -> None:
    assert '<div lang="ar" dir="rtl">' in written(taal="ar").html
    assert "dir=" not in written(taal="tr").html


@pytest.mark.parametrize(("language", "first"), [("fr", "Bonjour"), ("en", "Hello"), ("de", "Guten Tag")])
def test_a_mail_in_a_neighbouring_language_gets_a_note_above_the_dutch_letter(language: str, first: str) -> None:
    found = written(taal=language)
    assert found.text.startswith(first)
    assert "Beste Jan Peeters" in found.text
    assert f'<div lang="{language}">' in found.html
    assert '<html lang="nl">' in found.html
    assert not found.held_because


def test_only_what_the_decision_frees_and_nothing_holds_may_leave_by_itself() -> None:
    assert written(automatisch=True).automatic
    assert not written(automatisch=False).automatic
    assert not written(automatisch=True, taal="tr").automatic


def test_the_day_of_receipt_is_that_of_brussels() -> None:
    late = Envelope("smtp", "jan@voorbeeld.example", (SENDER,), datetime(2026, 12, 31, 23, 5, tzinfo=UTC))
    assert "op 1 januari 2027" in written(mail={"envelope": late}).text


def test_access_to_documents_has_its_own_term_of_twenty_days() -> None:
    assert "14 december 2026" in written(uitkomst="beantwoorden", brief="openbaarheid").text


def test_the_answer_stands_in_the_thread_of_the_mail() -> None:
    found = written(mail={"references": ("een@x.example", "twee@x.example"), "in_reply_to": ("twee@x.example",)})
    assert found.in_reply_to == "abc.123@voorbeeld.example"
    assert found.references == ("een@x.example", "twee@x.example", "abc.123@voorbeeld.example")


def test_a_thread_without_references_starts_from_what_the_mail_answered() -> None:
    found = written(mail={"in_reply_to": ("een@x.example",)})
    assert found.references == ("een@x.example", "abc.123@voorbeeld.example")


def test_a_mail_without_an_id_starts_no_thread() -> None:
    found = written(mail={"message_id": ""})
    assert (found.in_reply_to, found.references) == ("", ())


def test_a_very_long_thread_is_cut_in_the_middle() -> None:
    chain = tuple(f"{number}@x.example" for number in range(60))
    found = written(mail={"references": chain})
    assert len(found.references) == 20
    assert found.references[0] == "0@x.example"
    assert found.references[-1] == "abc.123@voorbeeld.example"


def test_a_letter_says_that_it_is_ours() -> None:
    assert written().headers == {"X-Klachtwijzer": "KW-2026-00042"}


def test_a_reply_is_kept_as_it_was_composed() -> None:
    found = written(automatisch=True)
    kept = found.outgoing("f" * 64)
    assert kept.digest == "f" * 64
    assert (kept.letter, kept.to, kept.subject) == (found.letter, found.to, found.subject)
    assert (kept.text, kept.html, kept.bodies) == (found.text, found.html, found.bodies)
    assert (kept.reply_to, kept.in_reply_to, kept.references) == (SIGNED, found.in_reply_to, found.references)
    assert (kept.headers, kept.automatic, kept.held_because) == (found.headers, True, "")


def test_what_the_writer_calls_himself_cannot_change_the_letter() -> None:
    for name in (
        "<b>Jan</b>",
        "[hier](https://boos.example)",
        "**Jan**",
        "{{ 7 * 7 }}",
        "Win 500 euro op boos.example",
    ):
        found = written(mail={"sender": Party(name, "jan@voorbeeld.example")})
        assert "boos" not in found.text + found.html
        assert "<b>" not in found.html
        assert found.text.startswith("Beste mevrouw, beste meneer")


def test_a_letter_for_one_mail_holds_nothing_of_its_text() -> None:
    secret = "Mijn buurman Piet Vandamme drinkt."
    first = written(mail={"text": secret})
    assert "Vandamme" not in first.text
    assert replace(first, html="") == replace(written(), html="")
