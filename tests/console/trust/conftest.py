"""A register that can open names, a year after its mails came in."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from register.book import Book
from register.parties import Person
from register.sealing import Key
from tests.console.made import entered, written

KEY = Key(b"k" * 32)
TODAY = datetime(2027, 6, 15, 10, tzinfo=UTC)
RECEIVED = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def book(engine: Engine) -> Book:
    return Book(engine, now=lambda: TODAY, key=KEY)


def filed(book: Book, number: str = "1") -> tuple[str, str]:
    """A dossier with a mail and a sealed child; its reference and the digest of the mail."""
    digest = entered(book, written(number=number), received=RECEIVED)
    record = book.record(digest)
    assert record is not None and record.item.reference is not None
    with book.begin() as page:
        page.treat(record.item.reference, "an").add_person(Person("kind", "Zoë Claes"))
    return record.item.reference, digest


def homeless(book: Book) -> str:
    """A mail without a dossier; its digest."""
    raw = written("Koop nu!", subject="Reclame", number="9")
    return entered(book, raw, received=RECEIVED, uitkomst="negeren", soort="overig")
