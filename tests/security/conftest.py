"""The whole console and the public page as the program starts them, on a real database behind real sockets."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from klachtwijzer.front import Front
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.story import Story
from register.book import Book
from register.sealing import Key
from tests.console.conftest import LogIn, log_in, running  # noqa: F401 — fixtures of the console.
from tests.klachtwijzer.conftest import rules  # noqa: F401
from tests.klachtwijzer.started import NOW, OURS
from tests.register.conftest import engine, home, template, url  # noqa: F401 — fixtures of the register.


@pytest.fixture
def book(engine) -> Book:  # type: ignore[no-untyped-def]  # noqa: ANN001, F811
    return Book(engine, key=Key(b"k" * 32))


@pytest.fixture
def story(book: Book, rules: Ruleset) -> Story:  # noqa: F811
    return Story(book, rules, mailbox=OURS, now=lambda: NOW)


@pytest.fixture
def front(book: Book, story: Story, rules: Ruleset) -> Front:  # noqa: F811
    return Front(book, story, rules)


@pytest.fixture
def app(front: Front) -> FastAPI:
    return front.staff()


@pytest.fixture
def console(app: FastAPI) -> Iterator[str]:
    with running(app) as address:
        yield address


@pytest.fixture
def public(front: Front) -> Iterator[str]:
    with running(front.public()) as address:
        yield address
