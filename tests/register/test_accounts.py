from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from register.accounts import NameTakenError
from register.book import Book

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    now = NOW


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(book: Book, clock: Clock) -> Book:
    return Book(book.engine, now=lambda: clock.now)


def test_an_account_opens_with_its_password_in_any_case_of_its_name(book: Book) -> None:
    made = book.create_account(" An ", "geheim-woord", ["behandelaar", "beheerder", "behandelaar"])
    assert (made.name, made.roles) == ("an", ("behandelaar", "beheerder"))
    assert book.verify("AN", "geheim-woord") == made == book.account("an")
    assert book.verify("an", "ander woord") is None
    assert book.verify("bram", "geheim-woord") is None


def test_a_name_is_given_once(book: Book) -> None:
    book.create_account("an", "een", [])
    with pytest.raises(NameTakenError):
        book.create_account("AN", "twee", [])


def test_no_password_is_kept_and_an_account_without_one_has_no_password_that_fits(book: Book) -> None:
    book.create_account("an", "geheim-woord", [])
    book.create_account("bram", None, [])
    with book.engine.connect() as connection:
        kept = list(connection.scalars(text("select password_hash from account order by name")))
    assert kept[0].startswith("$argon2id$") and "geheim" not in kept[0]
    assert book.verify("bram", "") is None


def test_five_misses_lock_the_account_for_a_quarter_of_an_hour(book: Book, clock: Clock) -> None:
    book.create_account("an", "goed", [])
    for _ in range(4):
        assert book.verify("an", "fout") is None
    assert book.verify("an", "goed") is not None
    for _ in range(5):
        assert book.verify("an", "fout") is None
    assert book.verify("an", "goed") is None
    clock.now += timedelta(minutes=15, seconds=1)
    assert book.verify("an", "goed") is not None


def test_a_login_link_opens_once_and_in_time(book: Book, clock: Clock) -> None:
    made = book.create_account("an", None, [])
    token = book.login_link("an")
    assert book.redeem(token + "x") is None
    assert book.redeem(token) == made
    assert book.redeem(token) is None
    late = book.login_link("an")
    clock.now += timedelta(hours=1)
    assert book.redeem(late) is None


def test_a_session_lasts_until_it_is_closed_or_expires_and_is_no_login_link(book: Book, clock: Clock) -> None:
    made = book.create_account("an", None, [])
    token, other = book.open_session("an"), book.open_session("an")
    assert book.session(token) == made
    assert book.redeem(token) is None
    assert book.session(book.login_link("an")) is None
    book.close_session(token)
    book.close_session("onbekend")
    assert book.session(token) is None
    assert book.session(other) == made
    clock.now += timedelta(hours=12)
    assert book.session(other) is None


def test_only_hashes_of_tokens_are_kept_and_a_disabled_account_is_out(book: Book) -> None:
    book.create_account("an", "goed", [])
    session, link = book.open_session("an"), book.login_link("an")
    with book.engine.begin() as connection:
        kept = set(connection.scalars(text("select hash from token")))
        connection.execute(text("update account set disabled = true"))
    assert not kept & {session, link}
    assert book.session(session) is book.redeem(link) is book.verify("an", "goed") is None
    with pytest.raises(LookupError):
        book.login_link("an")
