from dataclasses import replace
from datetime import date, timedelta

import pytest

from intake.message import Message, Party
from register.book import Book
from register.dossier import Dossier
from tests.register.made import MAILBOX, RECEIVED, decision, entered, envelope, letter, mail, message
from triage.decision import Known

TODAY = date(2026, 3, 20)
STRANGER = Party("Iemand", "iemand@elders.example")


def known(book: Book, read: Message, today: date = TODAY) -> Known:
    with book.begin() as page:
        return page.known(read, today)


def opened(book: Book) -> tuple[str, Dossier]:
    digest, dossier = entered(book)
    assert dossier is not None
    return digest, dossier


def test_a_first_mail_is_known_to_be_unknown(book: Book) -> None:
    assert known(book, message(mail())) == Known(register=True)


def test_our_signed_address_joins_whoever_writes_to_it(book: Book) -> None:
    _, dossier = opened(book)
    address = book.reply_address(dossier.reference, MAILBOX)
    assert address.startswith("klachten+kw-2026-00001-") and address.endswith("@opgroeien.example")
    by_envelope = message(mail(), sender=STRANGER, envelope=envelope(recipients=(address.upper(),)))
    by_header = message(mail(), sender=STRANGER, recipients=(Party("", address),))
    assert known(book, by_envelope).dossier == known(book, by_header).dossier == dossier.reference


@pytest.mark.parametrize(
    "forged", ["klachten+kw-2026-00001-00000000@opgroeien.example", "klachten+kw-2026-00001@x.example"]
)
def test_a_forged_address_joins_nothing(book: Book, forged: str) -> None:
    opened(book)
    assert known(book, message(mail(), sender=STRANGER, recipients=(Party("", forged),))).dossier is None


def test_a_signature_of_one_dossier_does_not_open_another(book: Book) -> None:
    _, first = opened(book)
    opened(book)
    address = book.reply_address(first.reference, MAILBOX).replace("00001", "00002")
    assert known(book, message(mail(), sender=STRANGER, recipients=(Party("", address),))).dossier is None


def test_an_answer_to_a_message_id_of_ours_joins(book: Book) -> None:
    digest, dossier = opened(book)
    with book.begin() as page:
        page.hold(dossier.reference, letter(digest), released=False)
    ours = book.dispatches()[0].outgoing.message_id
    assert known(book, message(mail(), sender=STRANGER, in_reply_to=(ours,))).dossier == dossier.reference
    assert known(book, message(mail(), sender=STRANGER, references=("x@y.example", ours))).dossier == dossier.reference


def test_a_cited_reference_joins_for_its_sender_and_is_a_suggestion_for_a_stranger(book: Book) -> None:
    _, dossier = opened(book)
    words = f"Over mijn dossier {dossier.reference.lower()}: nog steeds niets."
    mine, theirs = known(book, message(mail(), words)), known(book, message(mail(), words, sender=STRANGER))
    assert (mine.dossier, mine.suggestion) == (dossier.reference, None)
    assert (theirs.dossier, theirs.suggestion) == (None, dossier.reference)


def test_a_reference_that_does_not_exist_is_no_suggestion(book: Book) -> None:
    assert known(book, message(mail(), "KW-2026-99999")).suggestion is None


def test_an_answer_to_a_mail_of_ones_own_joins_for_the_dossiers_sender_alone(book: Book) -> None:
    digest, dossier = opened(book)
    record = book.record(digest)
    assert record is not None
    own = (record.message.message_id,)
    assert known(book, message(mail(), in_reply_to=own)).dossier == dossier.reference
    assert known(book, message(mail(), in_reply_to=own, sender=STRANGER)).dossier is None


def test_the_sender_of_a_web_form_is_the_address_to_answer_to(book: Book) -> None:
    form = Party("Webformulier", "noreply@opgroeien.example")
    _, dossier = entered(book, sender=form, reply_to=STRANGER)
    assert dossier is not None and dossier.sender == STRANGER
    words = f"Dossier {dossier.reference}"
    assert known(book, message(mail(), words, sender=form, reply_to=Party("", "ander@elders.example"))).dossier is None
    assert known(book, message(mail(), words, sender=STRANGER)).dossier == dossier.reference


def test_earlier_complaints_of_the_sender_are_named_newest_first_and_questions_are_not(book: Book) -> None:
    references = [opened(book)[1].reference for _ in range(2)]
    entered(book, decision("beantwoorden", "vraag"))
    later = replace(envelope(), received=RECEIVED + timedelta(days=90))
    entered(book, envelope=later)
    assert known(book, message(mail())).earlier == tuple(reversed(references))
    assert known(book, message(mail(), sender=STRANGER)).earlier == ()


def test_the_last_automatic_letter_counts_from_its_release_up_to_the_day_asked_for(book: Book) -> None:
    digest, dossier = opened(book)
    moment = RECEIVED + timedelta(days=3)
    clocked = Book(book.engine, now=lambda: moment)
    with clocked.begin() as page:
        page.hold(dossier.reference, letter(digest), released=True)
    assert known(book, message(mail())).last_automatic == date(2026, 3, 5)
    assert known(book, message(mail()), date(2026, 3, 4)).last_automatic is None
    assert known(book, message(mail(), sender=STRANGER)).last_automatic is None


def test_a_letter_that_a_person_released_is_not_automatic(book: Book) -> None:
    digest, dossier = opened(book)
    with book.begin() as page:
        page.release(page.hold(dossier.reference, letter(digest), released=False), "an")
    assert known(book, message(mail()), date(2099, 1, 1)).last_automatic is None
