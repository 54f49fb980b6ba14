from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from register import clock, events
from register.book import Book
from register.clock import NoClockError
from register.deadlines import NoPauseError, TooLateError
from register.law import Law, PauseGround, shipped
from tests.register.made import decision, entered, envelope, letter
from triage.shapes import Source


def on(book: Book, day: date, law: Law | None = None) -> Book:
    return Book(book.engine, now=lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC), law=law)


def test_an_extension_moves_the_last_day_to_ninety_and_the_work_list_follows(book: Book) -> None:
    _, dossier = entered(book)
    assert dossier is not None
    with on(book, date(2026, 4, 16)).begin() as page:
        page.sent(page.hold(dossier.reference, letter(entered_digest(book)), released=True), "")
        assert page.treat(dossier.reference, "an").extend("Het onderzoek loopt nog.") == date(2026, 5, 31)
    assert [item.due for item in book.items().items] == [date(2026, 5, 31)]
    event = book.events(reference=dossier.reference)[-2]
    assert (event.what, event.who, event.detail["redenen"]) == (events.EXTENDED, "an", "Het onderzoek loopt nog.")


def entered_digest(book: Book) -> str:
    return book.items().items[0].digest


def test_an_extension_a_day_too_late_or_without_reasons_changes_nothing(book: Book) -> None:
    _, dossier = entered(book)
    assert dossier is not None
    with pytest.raises(TooLateError), on(book, date(2026, 4, 17)).begin() as page:
        page.treat(dossier.reference, "an").extend("Te laat.")
    with pytest.raises(ValueError, match="redenen"), on(book, date(2026, 4, 1)).begin() as page:
        page.treat(dossier.reference, "an").extend(" ")
    file = book.file(dossier.reference)
    assert file is not None and file.dossier.due_answer == date(2026, 4, 16)


def test_a_request_for_documents_runs_twenty_days_and_nothing_else(book: Book) -> None:
    _, dossier = entered(book, decision("beantwoorden", "vraag", regel="openbaarheid-of-eigen-dossier"))
    assert dossier is not None
    assert (dossier.due_ack, dossier.due_answer) == (None, date(2026, 3, 22))
    assert [item.due for item in book.items().items] == [date(2026, 3, 22)]
    with on(book, date(2026, 3, 22)).begin() as page:
        assert page.treat(dossier.reference, "an").extend("Veel stukken.") == date(2026, 4, 11)


def test_a_clock_stands_still_only_on_a_ground_of_its_regime(book: Book) -> None:
    _, dossier = entered(book)
    assert dossier is not None
    with pytest.raises(NoPauseError), on(book, date(2026, 3, 10)).begin() as page:
        page.treat(dossier.reference, "an").pause("bemiddeling")
    regimes = tuple(
        replace(one, pauze=(PauseGround("bemiddeling", "bemiddeling", Source("x")),)) for one in shipped().regimes
    )
    law = replace(shipped(), regimes=regimes)
    with on(book, date(2026, 3, 10), law).begin() as page:
        page.treat(dossier.reference, "an").pause("bemiddeling")
    assert on(book, date(2026, 4, 1), law).dues(within=60) == ()
    with on(book, date(2026, 3, 20), law).begin() as page:
        page.treat(dossier.reference, "an").resume()
    file = book.file(dossier.reference)
    assert file is not None and file.dossier.due_answer == date(2026, 4, 26)


def test_what_is_late_comes_first_and_warnings_tell_how_many_days_are_left(book: Book) -> None:
    _, first = entered(book)
    later = replace(envelope(), received=datetime(2026, 3, 9, 9, tzinfo=UTC))
    _, second = entered(book, envelope=later)
    assert first is not None and second is not None
    found = on(book, date(2026, 3, 16)).dues(within=14)
    assert [(one.reference, one.what, one.left, one.stage) for one in found] == [
        (first.reference, "bevestigen", -4, "te laat"),
        (second.reference, "bevestigen", 3, "waarschuwing"),
    ]
    wide = on(book, date(2026, 3, 16)).dues(within=60)
    assert [(one.what, one.stage, one.extendable) for one in wide if one.what == "antwoorden"] == [
        ("antwoorden", "later", True),
        ("antwoorden", "later", True),
    ]


def test_an_answer_stops_the_clock_and_nothing_of_it_is_due(book: Book) -> None:
    _, dossier = entered(book)
    assert dossier is not None
    with on(book, date(2026, 3, 5)).begin() as page:
        page.treat(dossier.reference, "an").answered()
    assert on(book, date(2027, 1, 1)).dues(within=60) == ()
    file = book.file(dossier.reference)
    assert file is not None and file.dossier.answered == datetime(2026, 3, 5, 12, tzinfo=UTC)
    assert (file.items[0].due, file.dossier.next_due) == (None, None)
    with pytest.raises(NoClockError), on(book, date(2026, 3, 6)).begin() as page:
        page.treat(dossier.reference, "an").extend("Te laat bedacht.")


def test_a_handlers_calendar_names_days_and_references_and_nobody(book: Book) -> None:
    _, dossier = entered(book)
    assert dossier is not None
    with book.begin() as page:
        page.treat(dossier.reference, "baas").hand_to("an", not_involved=True)
    told = on(book, date(2026, 3, 3)).calendar("an").decode()
    assert "DTSTART;VALUE=DATE:20260312" in told and "DTSTART;VALUE=DATE:20260416" in told
    assert f"UID:{dossier.reference.lower()}-bevestigen@klachtwijzer" in told
    assert "Lien" not in told and "voorbeeld.example" not in told
    assert all(len(line) <= 75 for line in told.encode().split(b"\r\n"))
    assert b"BEGIN:VEVENT" not in on(book, date(2026, 3, 3)).calendar("bert")


def test_the_dates_of_a_dossier_come_with_their_reasons_and_the_holidays_between(book: Book) -> None:
    _, dossier = entered(book)
    assert dossier is not None
    reckoning = book.reckoning(dossier.reference)
    assert reckoning is not None
    assert (reckoning.due_ack, reckoning.due_answer) == (date(2026, 3, 12), date(2026, 4, 16))
    assert reckoning.holidays == ((date(2026, 4, 6), "Paasmaandag"),)
    assert "maandag 2 maart 2026: dat is dag 0" in reckoning.why_answer[0]
    with pytest.raises(NoClockError):
        book.reckoning("KW-1999-00001")


def test_a_complaint_in_a_request_for_documents_starts_the_terms_of_complaints(book: Book) -> None:
    _, first = entered(book, decision("beantwoorden", "vraag", regel="openbaarheid-of-eigen-dossier"))
    assert first is not None
    later = replace(envelope(), received=datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=5))
    _, dossier = entered(book, decision("toevoegen", dossier=first.reference), envelope=later)
    assert dossier is not None and dossier.due_answer == date(2026, 4, 21)
    assert clock.COMPLAINT == "klacht"
