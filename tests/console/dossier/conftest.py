"""A book that can open names, and a way to send the forms of a dossier."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from register.book import Book
from register.sealing import Key
from tests.console.made import entered, written

KEY = Key(b"k" * 32)
HERE = "/dossier/KW-2026-00001"
Send = Callable[..., httpx.Response]


@pytest.fixture
def book(engine: Engine) -> Book:
    return Book(engine, key=KEY)


def opened(book: Book, number: str = "1", **decided: object) -> str:
    """A dossier with one mail; the digest of the mail. The first one of the year is the one at `HERE`."""
    return entered(book, written(number=number), **decided)  # type: ignore[arg-type]


def reference(digest: str, book: Book) -> str:
    record = book.record(digest)
    assert record is not None and record.dossier is not None
    return record.dossier.reference


def hidden(client: httpx.Client, path: str) -> dict[str, str]:
    """Token and version of a page, as each of its forms carries them."""
    page = client.get(path).text
    found = dict(re.findall(r'<input type="hidden" name="(bewijsje|versie)" value="([^"]*)">', page))
    assert "bewijsje" in found, path
    return found


def send(client: httpx.Client, act: str, page: str, **given: Any) -> httpx.Response:
    """Send a form of a page, as it would be after opening that page now."""
    files = given.pop("files", None)
    return client.post(f"{page}/{act}", data=hidden(client, page) | given, files=files)


def plain(answer: httpx.Response) -> str:
    """The words of a page, without its tags."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())
