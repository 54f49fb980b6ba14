"""Words not yet in a letter: everybody has their own, no window overwrites another, and they go with the letter."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from register import drafts
from register.book import Book
from register.drafts import DraftChangedError, Place
from register.letters import LetterGoneError
from register.outgoing import Wording
from tests.register.made import entered, letter

FIRST, SECOND = Wording("Uw klacht", "Beste Lien\n"), Wording("Uw klacht", "Beste Lien\n\nWij lezen ze.\n")


@pytest.fixture
def place(book: Book) -> Place:
    digest, dossier = entered(book)
    assert dossier is not None
    with book.begin() as page:
        return Place(digest, page.hold(dossier.reference, letter(digest), released=False))


@pytest.fixture
def connection(book: Book) -> Iterator[Connection]:
    with book.engine.begin() as opened:
        yield opened


def test_words_are_kept_in_versions_and_found_again(place: Place, connection: Connection) -> None:
    assert drafts.keep(connection, place, "an", FIRST, seen=0, base="a1") == 1
    assert drafts.keep(connection, place, "an", SECOND, seen=1, base="b2") == 2
    (found,) = drafts.of_mail(connection, place.digest)
    assert (found.account, found.outgoing, found.version, found.base) == ("an", place.outgoing, 2, "b2")
    assert found.words == SECOND
    assert found.touched > found.begun


def test_two_people_write_beside_each_other_and_a_note_stands_beside_a_letter(
    place: Place, connection: Connection
) -> None:
    drafts.keep(connection, place, "an", FIRST, seen=0)
    drafts.keep(connection, place, "bert", SECOND, seen=0)
    drafts.keep(connection, Place(place.digest), "an", Wording("", "Ze belde\x00 terug."), seen=0)
    found = {(one.account, one.outgoing): one.text for one in drafts.of_mail(connection, place.digest)}
    assert found == {
        ("an", place.outgoing): FIRST.text,
        ("bert", place.outgoing): SECOND.text,
        ("an", None): "Ze belde\ufffd terug.",
    }
    drafts.drop(connection, place, "bert")
    drafts.drop(connection, place, "bert")
    assert {one.account for one in drafts.of_mail(connection, place.digest)} == {"an"}


@pytest.mark.parametrize(("at_first", "seen"), [(2, 1), (2, 0), (1, 2), (0, 3)])
def test_a_window_that_saw_another_version_overwrites_nothing_and_is_told_what_stands_there(
    place: Place, connection: Connection, at_first: int, seen: int
) -> None:
    for version in range(at_first):
        drafts.keep(connection, place, "an", SECOND, seen=version)
    with pytest.raises(DraftChangedError) as refused:
        drafts.keep(connection, place, "an", FIRST, seen=seen)
    assert (refused.value.kept.words if refused.value.kept else None) == (SECOND if at_first else None)
    assert [one.words for one in drafts.of_mail(connection, place.digest)] == ([SECOND] if at_first else [])


def test_a_letter_that_leaves_takes_the_drafts_along_and_gets_no_more(book: Book, place: Place) -> None:
    assert place.outgoing is not None
    with book.begin() as page:
        drafts.keep(page.connection, place, "an", FIRST, seen=0)
        drafts.keep(page.connection, Place(place.digest), "an", FIRST, seen=0)
        page.release(place.outgoing, "bert")
        assert [one.outgoing for one in drafts.of_mail(page.connection, place.digest)] == [None]
        with pytest.raises(LetterGoneError):
            drafts.keep(page.connection, place, "an", SECOND, seen=0)


def test_a_letter_that_was_taken_back_keeps_what_people_wrote_but_gets_no_more(book: Book, place: Place) -> None:
    assert place.outgoing is not None
    with book.begin() as page:
        drafts.keep(page.connection, place, "an", FIRST, seen=0)
        page.withdraw(place.outgoing, "bert")
        assert [one.words for one in drafts.of_mail(page.connection, place.digest)] == [FIRST]
        with pytest.raises(LetterGoneError):
            drafts.keep(page.connection, place, "an", SECOND, seen=1)


def test_nobody_releases_a_letter_between_the_look_and_the_draft(book: Book, place: Place) -> None:
    with book.begin() as writing, book.engine.connect() as other:
        drafts.keep(writing.connection, place, "an", FIRST, seen=0)
        waits = text("select id from outgoing where id = :id for update skip locked")
        assert other.scalar(waits, {"id": place.outgoing}) is None


def test_who_looked_lately_is_told_once_the_latest_first(book: Book, place: Place) -> None:
    with book.begin() as page:
        for account in ("an", "bert", "an"):
            page.note_read(account, place.digest)
        page.note_read("carl", reference="KW-2026-00001")
        now = book.now()
        found = drafts.looking(page.connection, place.digest, now=now, within=timedelta(minutes=10))
        assert [one.account for one in found] == ["an", "bert"]
        late = drafts.looking(
            page.connection, place.digest, now=now + timedelta(minutes=11), within=timedelta(minutes=10)
        )
        assert late == ()
