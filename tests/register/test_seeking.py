from dataclasses import replace
from datetime import date, timedelta

import pytest

from intake.message import Party
from register import directory, work
from register.book import Book
from register.parties import Person
from register.sealing import Key
from register.seeking import Entry, Wanted, entries, seek
from tests.register.made import RECEIVED, decision, entered, envelope

KEY = Key(b"k" * 32)
BRAM = Party("Bram Peeters", "bram@elders.example")


def made(book: Book, **changed: object) -> str:
    judged = changed.pop("judged", None)
    _, dossier = entered(book, judged, **changed)  # type: ignore[arg-type]
    assert dossier is not None
    return dossier.reference


def found(book: Book, wanted: Wanted, key: Key | None = None) -> list[str]:
    with book.engine.connect() as connection:
        return [one.reference for one in seek(connection, wanted, key).entries]


def test_each_filter_alone_and_all_together_find_the_one_dossier(book: Book) -> None:
    later = replace(envelope(), received=RECEIVED + timedelta(days=3))
    judged = decision(sector="pleegzorg", decreten=("pleegzorg",), gevaar=("D1",), dringendheid="nu")
    wanted = made(book, judged=judged, words="Onze begeleiders bellen nooit.", envelope=later, sender=BRAM)
    made(book)
    with book.begin() as page:
        page.treat(wanted, "an").hand_to("an", not_involved=True)
        body = directory.add_organiser(page.connection, "an", "De Bij", "kinderopvang", book.law)
        page.connection.exec_driver_sql("update part set organiser = %s where dossier = %s", (body, wanted))
    asked = {
        "text": "begeleider", "sector": "pleegzorg", "decreet": "pleegzorg", "first": date(2026, 3, 4),
        "handler": "an", "place": "de b", "severity": "gevaar",
    }  # fmt: skip
    for name, value in asked.items():
        assert found(book, Wanted(**{name: value})) == [wanted], name  # type: ignore[arg-type]
    assert found(book, Wanted(**asked, last=date(2026, 3, 5), status="open")) == [wanted]  # type: ignore[arg-type]
    assert found(book, Wanted(**asked, status="gesloten")) == []  # type: ignore[arg-type]
    assert found(book, Wanted(place="de bij zonder naam")) == []


def test_words_find_by_reference_address_sender_and_sealed_name(book: Book) -> None:
    wanted, other = made(book, sender=BRAM), made(book)
    with Book(book.engine, key=KEY).begin() as page:
        page.treat(wanted, "an").add_person(Person("kind", "Zoë Claes"))
    for words in (wanted.lower(), "BRAM@elders.example", "bram peeters", "zoe claes"):
        assert found(book, Wanted(text=words), KEY) == [wanted], words
    assert found(book, Wanted(text="zoe claes")) == []
    assert found(book, Wanted(text="niemand belt")) == [other, wanted]
    assert found(book, Wanted(text="\x00")) == []


def test_pages_follow_each_other_newest_first_and_a_false_mark_is_refused(book: Book) -> None:
    references = [made(book, envelope=replace(envelope(), received=RECEIVED + timedelta(days=day))) for day in range(5)]
    seen: list[str] = []
    after = ""
    with book.engine.connect() as connection:
        for _ in range(3):
            page = seek(connection, Wanted(), after=after, limit=2)
            seen += [one.reference for one in page.entries]
            after = page.next
        for mark in ("x", "2026-03-02", "2026-99-99:KW-2026-00001", "2026-03-02:x"):
            with pytest.raises(ValueError, match="mark of a page"):
                seek(connection, Wanted(), after=mark)
    assert (seen, after) == (references[::-1], "")


def test_a_department_finds_only_what_it_was_asked_about(book: Book) -> None:
    asked, theirs, other = made(book), made(book), made(book)
    with book.begin() as page:
        here = page.connection
        work.ask(here, asked, "an", "Klopt dit?", department="Opvang", role="klantenbeheerder", to="lien")
        here.exec_driver_sql("update part set department = 'Opvang' where dossier = %s", (theirs,))
        work.ask(here, other, "an", "Klopt dit?", department="Pleegzorg", role="klantenbeheerder", to="bert")
    assert found(book, Wanted(department_of="lien")) == [theirs, asked]
    assert found(book, Wanted(department_of="bert")) == [other]
    assert found(book, Wanted(department_of="cas")) == []


def test_an_entry_tells_the_subject_of_the_first_mail(book: Book) -> None:
    reference = made(book, subject="Mijn eerste klacht")
    with book.engine.connect() as connection:
        (one,) = entries(connection, (reference, "KW-1999-00001"))
    assert isinstance(one, Entry)
    assert (one.subject, one.sender_name, one.status) == ("Mijn eerste klacht", "Lien Vermeer", "open")
