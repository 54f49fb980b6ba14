from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from intake.message import Party
from register.book import Book
from register.listing import Filter
from tests.register.made import RECEIVED, decision, entered, envelope, letter, mail

BRAM = Party("Bram", "bram@elders.example")


def test_the_most_urgent_comes_first_then_the_one_due_first_then_the_oldest(book: Book) -> None:
    late = replace(envelope(), received=RECEIVED + timedelta(days=2))
    soon = replace(envelope(), received=RECEIVED + timedelta(hours=1))
    wanted = {
        "geen termijn": entered(book, decision("beantwoorden", "vraag"))[0],
        "later": entered(book, envelope=late)[0],
        "even laat, later binnen": entered(book, envelope=soon)[0],
        "even laat": entered(book)[0],
        "vandaag": entered(book, decision("escaleren", "verontrusting", dringendheid="vandaag"), envelope=late)[0],
        "nu": entered(book, decision("escaleren", "verontrusting", dringendheid="nu"), envelope=late)[0],
    }
    assert [item.digest for item in book.items().items] == list(reversed(wanted.values()))


def test_pages_follow_each_other_without_gap_or_overlap_whatever_the_order(book: Book) -> None:
    made = {entered(book)[0] for _ in range(7)}
    for chosen in (Filter(), Filter(open=None)):
        seen, after = [], None
        for _ in range(3):
            listing = book.items(chosen, after=after, limit=3)
            seen += [item.digest for item in listing.items]
            after = listing.next
        assert (len(seen), set(seen), after) == (7, made, None)


@pytest.mark.parametrize("mark", ["x", "W10=", "bnVsbA==", "WzEsIDJd", "é"])
def test_a_mark_that_is_none_is_refused(book: Book, mark: str) -> None:
    with pytest.raises(ValueError, match="mark of a page"):
        book.items(after=mark)


def test_filters_choose_by_outcome_sector_urgency_and_kind_together(book: Book) -> None:
    entered(book)
    wanted, _ = entered(book, decision("doorverwijzen", sector="kinderopvang", dringendheid="vandaag"))
    entered(book, decision("doorverwijzen", sector="pleegzorg"))
    chosen = (Filter(uitkomst="doorverwijzen", dringendheid="vandaag"), Filter(sector="kinderopvang", soort="klacht"))
    for filter_ in chosen:
        assert [item.digest for item in book.items(filter_).items] == [wanted]
    assert book.items(Filter(dringendheid="morgen")).items == ()


def test_words_are_found_in_dutch_forms_and_by_reference_and_sender(book: Book) -> None:
    wanted, dossier = entered(book, words="De begeleiders van ons kind antwoorden nooit.")
    other, _ = entered(book, sender=BRAM)
    assert dossier is not None
    for words in ("begeleider", "antwoord kind", dossier.reference.lower()):
        assert [item.digest for item in book.items(Filter(text=words)).items] == [wanted]
    assert [item.digest for item in book.items(Filter(text="Bram@elders.example")).items] == [other]
    assert book.items(Filter(text="'; drop table \x00 & | ! :*")).items == ()


def test_closed_work_is_listed_apart_and_newest_first(book: Book) -> None:
    first, _ = entered(book)
    second, _ = entered(book, envelope=replace(envelope(), received=RECEIVED + timedelta(days=1)))
    ignored, _ = entered(book, decision("negeren", "automatisch"))
    with book.begin() as page:
        page.settle(first, "an")
    assert [item.digest for item in book.items(Filter(open=False)).items] == sorted([first, ignored], reverse=True)
    assert next(item.digest for item in book.items(Filter(open=None)).items) == second


def test_an_item_shows_its_due_day_its_letters_and_its_suggestion(book: Book) -> None:
    _, first = entered(book)
    assert first is not None
    digest, dossier = entered(book, subject=f"Over {first.reference}", sender=BRAM)
    assert dossier is not None
    with book.begin() as page:
        page.hold(dossier.reference, letter(digest), released=False)
    item = next(item for item in book.items().items if item.digest == digest)
    assert (item.suggestion, item.letters, item.due) == (first.reference, ("vastgehouden",), date(2026, 3, 12))
    assert (item.reference, item.sender_name, item.subject) == (dossier.reference, "Bram", f"Over {first.reference}")


def test_counts_tell_what_is_open_late_and_waiting(book: Book) -> None:
    entered(book)
    digest, dossier = entered(book, decision("escaleren", "verontrusting", dringendheid="nu"))
    assert dossier is not None
    book.keep(mail(), envelope())
    with book.begin() as page:
        page.hold(dossier.reference, letter(digest), released=False)
    counts = Book(book.engine, now=lambda: datetime(2026, 3, 12, 22, 59, tzinfo=UTC)).counts()
    assert (counts.open, counts.late, counts.kept, counts.letters) == (2, 0, 1, {"vastgehouden": 1})
    assert counts.dringendheid == {"nu": 1, "vandaag": 0, "gewoon": 1}
    assert counts.uitkomst == {"escaleren": 1, "registreren": 1}
    assert Book(book.engine, now=lambda: datetime(2026, 3, 12, 23, 0, tzinfo=UTC)).counts().late == 1


def test_the_list_is_read_from_its_index(book: Book) -> None:
    entered(book)
    with book.engine.begin() as connection:
        connection.execute(text("set local enable_seqscan = off"))
        connection.execute(text("set local enable_sort = off"))
        query = "explain select * from item where open order by rank, due, received, digest limit 50"
        plan = " ".join(connection.scalars(text(query)))
    assert "Index Scan using ix_item_order" in plan
    assert "Sort" not in plan
