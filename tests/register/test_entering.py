from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from intake.message import Party
from register import events
from register.book import Book
from register.correcting import NotEnteredError
from register.entering import AlreadyEnteredError
from tests.register.made import RECEIVED, assessment, decision, entered, envelope, letter, mail, message
from triage.assessment import Fact
from triage.decision import Decision


def test_references_count_up_without_gaps_when_a_page_is_undone(book: Book) -> None:
    _, first = entered(book)
    raw = mail()
    book.keep(raw, envelope())
    with pytest.raises(ZeroDivisionError), book.begin() as page:
        opened = page.enter(message(raw), assessment(message(raw).digest), decision())
        assert opened is not None and opened.reference == "KW-2026-00002"
        raise ZeroDivisionError
    _, second = entered(book)
    assert first is not None and second is not None
    assert (first.reference, second.reference) == ("KW-2026-00001", "KW-2026-00002")


def test_the_year_of_a_reference_is_that_of_receipt_in_brussels(book: Book) -> None:
    late = replace(envelope(), received=datetime(2026, 12, 31, 23, 15, tzinfo=UTC))
    _, dossier = entered(book, envelope=late)
    assert dossier is not None
    assert (dossier.reference, dossier.opened) == ("KW-2027-00001", date(2027, 1, 1))


def test_a_complaint_gets_its_terms_and_a_question_gets_none(book: Book) -> None:
    _, complaint = entered(book)
    _, question = entered(book, decision("beantwoorden", "vraag"))
    assert complaint is not None and question is not None
    assert (complaint.due_ack, complaint.due_answer) == (date(2026, 3, 12), date(2026, 4, 16))
    assert (question.due_ack, question.due_answer) == (None, None)
    assert complaint.sender == Party("Lien Vermeer", "lien@voorbeeld.example")


def test_what_is_ignored_is_on_file_without_a_dossier(book: Book) -> None:
    digest, dossier = entered(book, decision("negeren", "automatisch"))
    record = book.record(digest)
    assert dossier is None and record is not None
    assert (record.dossier, record.item.open, record.decision.uitkomst) == (None, False, "negeren")


def test_an_addition_joins_the_dossier_that_its_decision_names(book: Book) -> None:
    _, first = entered(book)
    assert first is not None
    adding = decision("toevoegen", "aanvulling", dossier=first.reference)
    _, joined = entered(book, adding)
    file = book.file(first.reference.lower())
    assert joined is not None and file is not None
    assert joined.reference == first.reference
    assert [item.uitkomst for item in file.items] == ["registreren", "toevoegen"]
    assert events.ADDED in [event.what for event in file.events]


@pytest.mark.parametrize("named", [None, "KW-1999-00001"])
def test_an_addition_to_nothing_opens_a_dossier_of_its_own(book: Book, named: str | None) -> None:
    _, dossier = entered(book, decision("toevoegen", "aanvulling", dossier=named))
    assert dossier is not None and dossier.reference == "KW-2026-00001"


def test_a_complaint_added_to_a_question_starts_the_clock(book: Book) -> None:
    _, first = entered(book, decision("beantwoorden", "vraag"))
    assert first is not None
    later = replace(envelope(), received=datetime(2026, 5, 1, 12, tzinfo=UTC))
    _, dossier = entered(book, decision("toevoegen", dossier=first.reference), envelope=later)
    assert dossier is not None and dossier.due_ack == date(2026, 5, 11)


def test_a_mail_cannot_be_entered_twice_nor_without_being_kept(book: Book) -> None:
    raw = mail()
    digest = message(raw).digest
    with pytest.raises(AlreadyEnteredError), book.begin() as page:
        page.enter(message(raw), assessment(digest), decision())
    book.keep(raw, envelope())
    with book.begin() as page:
        page.enter(message(raw), assessment(digest), decision())
    with pytest.raises(AlreadyEnteredError), book.begin() as page:
        page.enter(message(raw), assessment(digest), decision())


def test_nul_and_broken_characters_are_entered_and_read_back(book: Book) -> None:
    words = "a\x00b \ud800 \x1a0000 c"
    digest, _ = entered(book, words=words, subject="\x00onderwerp")
    record = book.record(digest)
    assert record is not None
    assert (record.message.text, record.message.subject) == (words, "\x00onderwerp")


def test_a_shunted_mail_is_before_a_person_today_with_its_terms(book: Book) -> None:
    digest = book.keep(mail(), envelope()).digest
    with book.begin() as page:
        dossier = page.shunt(digest, "vijf pogingen mislukt")
    with book.begin() as page:
        assert page.take(digest) is None
        assert page.shunt(digest, "nog eens") is None
    record = book.record(digest)
    assert record is not None and dossier is not None
    assert (record.decision.uitkomst, record.decision.dringendheid, record.shunted) == ("beoordelen", "vandaag", True)
    assert (dossier.due_ack, record.item.due) == (date(2026, 3, 12), date(2026, 3, 12))
    assert book.counts().shunted == 1


def correct(book: Book, digest: str, to: Decision) -> None:
    judged = replace(assessment(digest), facts={"uitkomst": Fact(to.uitkomst, 1.0, "persoon:an")})
    with book.begin() as page:
        page.redecide(digest, judged, to, "an")


def test_a_correction_adds_a_judgement_and_keeps_the_first(book: Book) -> None:
    digest, dossier = entered(book, decision("beantwoorden", "vraag"))
    correct(book, digest, decision())
    record = book.record(digest)
    assert record is not None and dossier is not None and record.dossier is not None
    assert [(judgement.who, judgement.decision.uitkomst) for judgement in record.judgements] == [
        ("klachtwijzer", "beantwoorden"),
        ("an", "registreren"),
    ]
    assert (record.dossier.reference, record.dossier.due_ack) == (dossier.reference, date(2026, 3, 12))
    corrected = next(event for event in record.events if event.what == events.CORRECTED)
    assert (corrected.who, corrected.detail["velden"]) == ("an", ["uitkomst"])


def test_a_correction_to_ignore_lapses_the_dossier_and_back_opens_one(book: Book) -> None:
    digest, dossier = entered(book)
    assert dossier is not None
    correct(book, digest, decision("negeren", "automatisch"))
    file, record = book.file(dossier.reference), book.record(digest)
    assert file is not None and record is not None
    assert (file.dossier.status, file.dossier.due_ack, record.dossier) == ("vervallen", None, None)
    correct(book, digest, decision())
    record = book.record(digest)
    assert record is not None and record.dossier is not None
    assert (record.dossier.reference, record.item.open) == ("KW-2026-00002", True)


def test_a_correction_can_move_a_mail_to_another_dossier_and_out_again(book: Book) -> None:
    _, first = entered(book)
    digest, second = entered(book)
    assert first is not None and second is not None
    correct(book, digest, decision("toevoegen", "aanvulling", dossier=first.reference))
    left = book.file(second.reference)
    assert left is not None and left.dossier.status == "vervallen"
    correct(book, digest, decision())
    record, stayed = book.record(digest), book.file(first.reference)
    assert record is not None and record.dossier is not None and stayed is not None
    assert (record.dossier.reference, stayed.dossier.status) == ("KW-2026-00003", "open")


def test_a_correction_withdraws_letters_that_wait_when_their_ground_is_gone(book: Book) -> None:
    digest, dossier = entered(book)
    assert dossier is not None
    with book.begin() as page:
        number = page.hold(dossier.reference, letter(digest), released=False)
    correct(book, digest, decision())
    assert [dispatch.id for dispatch in book.dispatches()] == [number]
    correct(book, digest, decision("doorverwijzen", brief="doorverwijzing", instanties=("school",)))
    assert book.dispatches() == []
    with book.begin() as page:
        again = page.hold(dossier.reference, letter(digest), released=False)
    assert again != number


def test_settled_work_leaves_the_list_closes_the_dossier_and_can_come_back(book: Book) -> None:
    digest, dossier = entered(book, decision("beantwoorden", "vraag"))
    assert dossier is not None
    with book.begin() as page:
        page.settle(digest, "an")
    file = book.file(dossier.reference)
    assert file is not None
    assert (file.dossier.status, book.items().items) == ("gesloten", ())
    with book.begin() as page:
        page.reopen(digest, "an")
    assert [item.digest for item in book.items().items] == [digest]
    with pytest.raises(NotEnteredError), book.begin() as page:
        page.settle("0" * 64, "an")


def test_a_complaint_that_waits_for_our_answer_stays_open_and_on_the_clock_when_its_mail_is_done(book: Book) -> None:
    for uitkomst, status in (("registreren", "open"), ("doorverwijzen", "gesloten")):
        digest, dossier = entered(book, decision(uitkomst))
        assert dossier is not None
        with book.begin() as page:
            page.settle(digest, "an")
        file = book.file(dossier.reference)
        assert file is not None
        assert (uitkomst, file.dossier.status) == (uitkomst, status)


def test_what_was_judged_done_or_read_cannot_be_changed(book: Book) -> None:
    digest, _ = entered(book)
    with book.begin() as page:
        page.note_read("an", digest)
    for table in ("assessment", "decision", "event", "reading"):
        for change in (f"update {table} set at = now()", f"delete from {table}", f"truncate {table} cascade"):
            with pytest.raises(DatabaseError, match="never changed"), book.engine.begin() as connection:
                connection.execute(text(change))


def test_a_mail_of_a_known_thread_that_asks_for_more_is_linked_on_both_sides(book: Book) -> None:
    _, first = entered(book)
    assert first is not None
    digest, second = entered(book, decision("escaleren", "verontrusting"), subject=f"Re: {first.reference}")
    record, file = book.record(digest), book.file(first.reference)
    assert record is not None and file is not None and second is not None
    assert (record.linked, second.reference != first.reference) == (first.reference, True)
    linked = next(event for event in file.events if event.what == events.LINKED)
    assert (linked.digest, linked.detail["ander"]) == (digest, second.reference)
    assert file.dossier.opened == RECEIVED.date()
