from datetime import date
from math import exp, factorial

import pytest

from register import directory
from register.book import Book
from register.law import shipped
from register.report import Only, Period
from register.rises import at_least, rises
from tests.register.counted import dossiers

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def test_a_rise_is_what_chance_hardly_gives_and_never_a_pair(book: Book) -> None:
    dossiers(book, 120, date(2025, 6, 1), sector="kinderopvang")
    dossiers(book, 20, date(2026, 3, 1), sector="kinderopvang")
    dossiers(book, 12, date(2026, 3, 1), sector="pleegzorg")
    dossiers(book, 12, date(2025, 6, 1), sector="pleegzorg")
    dossiers(book, 2, date(2026, 3, 1), sector="adoptie")
    with book.engine.connect() as connection:
        found = rises(connection, MARCH, "sector")
        narrow = rises(connection, MARCH, "sector", Only(sector="adoptie"))
    assert [(one.value, one.number, round(one.expected, 2)) for one in found.found] == [
        ("pleegzorg", 12, 1.02),
        ("kinderopvang", 20, 10.19),
    ]
    assert (found.looked_at, narrow.found, narrow.looked_at) == (3, (), 1)


def test_the_same_rise_counts_for_less_among_many_that_are_looked_at(book: Book) -> None:
    dossiers(book, 120, date(2025, 6, 1), sector="kinderopvang")
    dossiers(book, 18, date(2026, 3, 1), sector="kinderopvang")
    with book.engine.connect() as connection:
        alone = rises(connection, MARCH, "sector")
    assert [one.value for one in alone.found] == ["kinderopvang"]
    for number in range(20):
        dossiers(book, 12, date(2025, 6, 1), sector=f"stil-{number}")
        dossiers(book, 1, date(2026, 3, 1), sector=f"stil-{number}")
    with book.engine.connect() as connection:
        among = rises(connection, MARCH, "sector")
    assert (among.found, among.looked_at) == ((), 21)


def test_an_organiser_that_was_never_named_before_can_rise(book: Book) -> None:
    made = dossiers(book, 4, date(2026, 3, 1), sector="kinderopvang")
    with book.begin() as page:
        body = directory.add_organiser(page.connection, "an", "De Bij", "kinderopvang", shipped())
        for reference in made:
            page.connection.exec_driver_sql(
                "insert into part (dossier, place, organiser) values (%s, 1, %s)", (reference, body)
            )
        found = rises(page.connection, MARCH, "organiser")
    assert [(one.value, one.number, one.expected) for one in found.found] == [(str(body), 4, 0)]


def test_the_chance_is_that_of_two_poisson_numbers_with_one_frequency() -> None:
    assert at_least(3, 0, 0.5) == pytest.approx(1 / 8)
    assert at_least(2, 1, 0.5) == pytest.approx(0.5)
    assert at_least(0, 9, 0.1) == 1.0
    assert at_least(1, 99, 0.5) == pytest.approx(1.0)
    # Many dossiers before make it the plain Poisson law.
    poisson = 1 - sum(exp(-10) * 10**k / factorial(k) for k in range(20))
    assert at_least(20, 100_000, 10 / 100_030) == pytest.approx(poisson, rel=0.02)
    assert 0 <= at_least(900, 10, 0.08) < 1e-300
