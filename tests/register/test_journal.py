from sqlalchemy import text

from register import journal
from register.book import Book
from register.journal import Break, Head
from register.tables import APPEND_ONLY
from tests.register.made import entered


def tamper(book: Book, *statements: str) -> None:
    """As somebody would who may do everything in the database."""
    with book.engine.begin() as connection:
        for table in APPEND_ONLY:
            connection.execute(text(f"alter table {table} disable trigger all"))
        for statement in statements:
            connection.execute(text(statement))
        for table in APPEND_ONLY:
            connection.execute(text(f"alter table {table} enable trigger all"))


def written(book: Book) -> Head:
    digest, _ = entered(book)
    with book.begin() as page:
        page.note_read("an", digest)
    book.upkeep()
    return book.verify_journal().head


def test_all_that_is_judged_done_and_read_is_chained_and_verifies(book: Book) -> None:
    head = written(book)
    with book.engine.connect() as connection:
        sources = set(connection.scalars(text("select distinct source from chain where position is not null")))
        rows = sum(connection.scalar(text(f"select count(*) from {table}")) or 0 for table in APPEND_ONLY)
    verdict = book.verify_journal()
    assert (verdict.whole, verdict.loose, verdict.rows, sources) == (True, 0, rows, set(APPEND_ONLY))
    entered(book)
    assert book.verify_journal(head).loose > 0
    book.upkeep()
    later = book.verify_journal(head)
    assert (later.whole, later.loose) == (True, 0) and later.head.position > head.position


def test_what_is_read_in_another_time_zone_verifies_as_well(book: Book) -> None:
    written(book)
    with book.engine.begin() as connection:
        connection.execute(text("set local timezone to 'America/New_York'"))
        connection.execute(text("insert into event (who, what) values ('an', 'notitie')"))
    assert book.verify_journal().whole


def test_a_changed_a_removed_and_a_smuggled_row_are_each_found(book: Book) -> None:
    written(book)
    tamper(book, "update event set who = 'niemand' where id = 2")
    assert book.verify_journal().breaks == (Break("gewijzigd", "event", 2),)
    tamper(
        book, "delete from reading", "insert into event (id, who, what) overriding system value values (999, 'x', 'y')"
    )
    kinds = {(one.kind, one.source, one.row) for one in book.verify_journal().breaks}
    assert kinds == {
        ("gewijzigd", "event", 2),
        ("verdwenen", "reading", 1),
        ("niet in de keten", "event", 999),
    }


def test_whoever_also_rewrites_the_imprint_breaks_the_chain(book: Book) -> None:
    written(book)
    again = "update chain set imprint = imprint_of(salt, (select to_jsonb(event) from event where id = 2))"
    tamper(
        book,
        "update event set who = 'niemand' where id = 2",
        "set local timezone to 'UTC'",
        f"{again} where source = 'event' and row = 2",
    )
    assert [(one.kind, one.row) for one in book.verify_journal().breaks] == [("schakel gebroken", 2)]


def test_whoever_makes_the_whole_chain_anew_is_found_by_a_head_that_was_noted_elsewhere(book: Book) -> None:
    head = written(book)
    tamper(
        book,
        "delete from chain where source = 'reading'",
        "delete from reading",
        "update chain set position = null, link = null",
        "select seal_chain(1000)",
    )
    assert book.verify_journal().whole
    assert [one.kind for one in book.verify_journal(head).breaks] == ["ander hoofd"]


def test_words_that_vanish_without_two_approvals_are_told(book: Book) -> None:
    written(book)
    tamper(
        book,
        "update event set detail = '{}' where id = 2",
        "update chain set salt = null where source = 'event' and row = 2",
    )
    assert book.verify_journal().breaks == (Break("gewist zonder besluit", "event", 2),)


def test_two_sealers_at_once_make_one_chain(book: Book) -> None:
    written(book)
    entered(book)
    with book.engine.begin() as one, book.engine.begin() as other:
        assert journal.seal(one) > 0
        assert journal.seal(other) == 0
    assert book.verify_journal().whole
