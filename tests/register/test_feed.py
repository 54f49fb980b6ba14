from datetime import UTC, datetime

from register import feed
from register.book import Book

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_calendar_secret_leads_to_its_owner_until_a_new_one_or_none_takes_its_place(book: Book) -> None:
    book.create_account("an", None, ["behandelaar"])
    with book.begin() as page:
        here = page.connection
        first = feed.open_feed(here, "an", NOW)
        assert (feed.owner(here, first), feed.has_feed(here, "an")) == ("an", True)
        second = feed.open_feed(here, "an", NOW)
        assert (feed.owner(here, first), feed.owner(here, second), feed.owner(here, "")) == (None, "an", None)
        feed.close_feed(here, "an", NOW)
        assert (feed.owner(here, second), feed.has_feed(here, "an")) == (None, False)


def test_a_calendar_secret_opens_no_session_and_is_not_in_the_database(book: Book) -> None:
    book.create_account("an", None, ["behandelaar"])
    with book.begin() as page:
        word = feed.open_feed(page.connection, "an", NOW)
        stored = page.connection.exec_driver_sql("select string_agg(token::text, '') from token").scalar_one()
    assert book.session(word) is None and book.redeem(word) is None
    assert word not in stored


def test_the_calendar_of_a_disabled_account_gives_nothing(book: Book) -> None:
    book.create_account("an", None, ["behandelaar"])
    with book.begin() as page:
        word = feed.open_feed(page.connection, "an", NOW)
        page.connection.exec_driver_sql("update account set disabled = true")
        assert feed.owner(page.connection, word) is None
