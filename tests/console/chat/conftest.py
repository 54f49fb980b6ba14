"""The public pages with the shipped rules and a real register behind them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from console.chat.app import public
from klachtwijzer.conversation import Conversations
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.settings import CHECKOUT
from klachtwijzer.story import Story
from register.book import Book
from tests.console.conftest import running

MAILBOX = "klachten@opgroeien.example"
Visitors = Callable[..., httpx.Client]


@pytest.fixture(scope="session")
def rules() -> Ruleset:
    """The shipped rules; they take seconds to load and nothing changes them."""
    return Ruleset(CHECKOUT / "rules")


@pytest.fixture
def desk_of_chat(book: Book, rules: Ruleset) -> Conversations:
    story = Story(book, rules, mailbox=MAILBOX, now=lambda: datetime.now(UTC))
    return Conversations(book, story, rules)


@pytest.fixture
def chat(book: Book, desk_of_chat: Conversations) -> Iterator[str]:
    """The address of the public pages."""
    with running(public(book, desk_of_chat, quick=500, slow=500)) as address:
        yield address


@pytest.fixture
def citizen(chat: str) -> Iterator[httpx.Client]:
    """A browser without JavaScript."""
    with httpx.Client(base_url=chat, follow_redirects=True, timeout=30) as client:
        yield client
