"""The API behind a real socket, with the real rules."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from console.staff import staff
from klachtwijzer.programs import ForPrograms
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.settings import CHECKOUT
from register import tokens
from register.book import Book
from register.tokens import SCOPES
from tests.console.made import MAILBOX, MadeDesk

Program = Callable[..., httpx.Client]


@pytest.fixture(scope="session")
def rules() -> Ruleset:
    """The shipped rules; they take seconds to load and nothing changes them."""
    return Ruleset(CHECKOUT / "rules")


@pytest.fixture
def app(book: Book, desk: MadeDesk, rules: Ruleset) -> FastAPI:
    programs = ForPrograms(rules, mailbox=MAILBOX, largest=2_000_000, now=lambda: datetime.now(UTC))
    return staff(book, desk, secure=False, programs=programs)


def token(book: Book, *scopes: str, days: float = 1) -> str:
    """A token of these scopes, or of all."""
    with book.engine.begin() as connection:
        return tokens.make(connection, "proef", scopes or SCOPES, book.now() + timedelta(days=days), "an")


@pytest.fixture
def program(book: Book, console: str) -> Iterator[Program]:
    """Opens a client with a token of these scopes."""
    clients: list[httpx.Client] = []

    def opened(*scopes: str) -> httpx.Client:
        headers = {"authorization": f"Bearer {token(book, *scopes)}"}
        clients.append(httpx.Client(base_url=f"{console}/api/v1", headers=headers, timeout=60))
        return clients[-1]

    yield opened
    for client in clients:
        client.close()
