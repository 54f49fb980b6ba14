"""The language of short texts, in the writer's own words."""

import pytest

from intake.message import Message
from tests.triage.spoken import message, small
from triage.pipeline import Pipeline, build


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return build(small("- {id: x, betekent: {ernstig: true}, woorden: [zzz]}"))


def _language(pipeline: Pipeline, mail: Message) -> tuple[str, float]:
    with pipeline.turn():
        code, sure = pipeline.read(mail)._.language
        return code, sure


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("nl", "Ik heb een klacht over de crèche."),
        ("nl", "De opvang is weer gesloten vandaag."),
        ("nl", "Ik wacht al maanden op antwoord"),
        ("fr", "J'ai une plainte contre la crèche."),
        ("fr", "La crèche ne répond pas à mes appels."),
        ("en", "I have a complaint about the nursery."),
        ("en", "Nobody answers the phone."),
        ("de", "Ich habe eine Beschwerde über die Krippe."),
        ("de", "Niemand geht ans Telefon."),
        ("pl", "Mam skargę na żłobek mojej córki."),
        ("pl", "Nikt nie odbiera telefonu w żłobku."),
        ("ar", "لدي شكوى ضد الحضانة."),
        ("ar", "لا أحد يجيب على الهاتف"),
    ],
)
def test_the_language_of_a_single_sentence_is_known(pipeline: Pipeline, code: str, body: str) -> None:
    found, sure = _language(pipeline, message(body))
    assert found == code
    assert 0.5 < sure <= 1


@pytest.mark.parametrize("body", ["", "Plainte!", "help me", "??? 123456789 !!! 987654321"])
def test_too_few_letters_are_taken_for_dutch_without_any_confidence(pipeline: Pipeline, body: str) -> None:
    assert _language(pipeline, message(body)) == ("nl", 0.0)


def test_the_language_of_a_quotation_is_not_the_writers(pipeline: Pipeline) -> None:
    quoted = "> Nous avons bien reçu votre plainte et nous vous répondrons dans les meilleurs délais.\r\n" * 3
    mail = message(f"Dank u wel, ik wacht op uw antwoord.\r\n\r\nOp 1 maart schreef Jan:\r\n{quoted}", subject="Re: x")
    assert _language(pipeline, mail)[0] == "nl"


def test_a_forward_without_a_word_has_the_language_of_what_it_forwards(pipeline: Pipeline) -> None:
    head = "---------- Forwarded message ---------\r\nFrom: Jean <j@x.example>\r\nSubject: x\r\n\r\n"
    mail = message(head + "La crèche ne répond pas à mes appels depuis deux semaines.\r\n", subject="")
    assert _language(pipeline, mail)[0] == "fr"
