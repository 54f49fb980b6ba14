"""A register with a fixed day of today, and dossiers of several kinds in it."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from register import directory
from register.book import Book
from register.sealing import Key
from tests.register.counted import dossiers

KEY = Key(b"k" * 32)
TODAY = datetime(2026, 6, 15, 10, tzinfo=UTC)
Plain = Callable[[str], str]


@pytest.fixture
def book(engine: Engine) -> Book:
    # Today is later than any made-up mail; sessions are not concerned, since they end twelve hours after it.
    return Book(engine, now=lambda: TODAY, key=KEY)


def filled(book: Book) -> dict[str, list[str]]:
    """A year of dossiers: references by what they are."""
    march, may = date(2026, 3, 10), date(2026, 5, 20)
    made = {
        "opvang": dossiers(
            book, 7, march, days=20, sector="kinderopvang", themes=["voeding", "communicatie"], admissible=True,
            finding="gegrond", solution="opgelost", norms=["N08"],
        ),
        "laat": dossiers(book, 2, march, days=60, sector="kinderopvang", themes=["voeding"], admissible=True,
                         finding="ongegrond"),
        "pleegzorg": dossiers(book, 5, may, sector="pleegzorg", decreet="pleegzorg"),
        "geweigerd": dossiers(book, 1, may, days=5, sector="jeugdhulp", admissible=False, ground="anoniem"),
        "vorig": dossiers(book, 3, date(2025, 4, 1), days=10, sector="jeugdhulp", severity="gevaar"),
    }  # fmt: skip
    with book.begin() as page:
        here = page.connection
        body = directory.add_organiser(here, "an", "Crèche De Bij", "kinderopvang", book.law)
        for reference in made["opvang"]:
            here.exec_driver_sql("insert into part (dossier, place, organiser) values (%s, 1, %s)", (reference, body))
        # The next mail gets a number after those that were made here.
        here.exec_driver_sql("insert into year_counter (year, last) values (2026, 500)")
        here.exec_driver_sql("update dossier set due_answer = day_zero + 45, due_ack = day_zero + 10")
    return made
