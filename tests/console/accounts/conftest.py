"""The way in with its key, so that second factors can be kept."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pyotp
import pytest
from sqlalchemy import Engine

from register.book import Book
from register.sealing import Key

PASSWORD = "een-heel-lang-wachtwoord"


@pytest.fixture
def book(engine: Engine) -> Book:
    # The clock stands still, so that no code changes between the telephone and the form.
    moment = datetime.now(UTC)
    return Book(engine, key=Key(bytes(range(32))), now=lambda: moment)


@pytest.fixture
def visitor(console: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=console, follow_redirects=True, timeout=60) as client:
        yield client


def enter(visitor: httpx.Client, password: str = PASSWORD, *, name: str = "lien") -> httpx.Response:
    """Send the login form."""
    form = visitor.get("/inloggen").text
    door = re.search(r'name="deur" value="(\w+)"', form)
    assert door is not None
    return visitor.post("/inloggen", data={"naam": name, "wachtwoord": password, "deur": door[1], "verder": "/"})


def give(visitor: httpx.Client, page: httpx.Response, code: str) -> httpx.Response:
    """Send the form of the second step that stands on this page."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    return visitor.post(page.url.path, data=hidden | {"code": code})


def secret_on(page: str) -> pyotp.TOTP:
    """The telephone that read the secret of this page."""
    shown = re.search(r"in de app: <code>([A-Z2-7 ]+)</code>", page)
    assert shown is not None
    return pyotp.TOTP(shown[1].replace(" ", ""))


def in_steps(telephone: pyotp.TOTP, book: Book, steps: int = 0) -> str:
    """The code that the telephone shows so many half minutes from now."""
    return telephone.at(int(book.now().timestamp()) + 30 * steps)
