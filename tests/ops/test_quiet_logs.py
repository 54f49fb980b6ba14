"""A run over all odd mails, with everything logged that can be: no line holds words of a mail or an address."""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
import structlog

from intake.message import Envelope
from klachtwijzer import logs
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.settings import CHECKOUT
from klachtwijzer.story import Story
from register.book import Book
from tests.klachtwijzer.started import NOW, OURS

MAILS = sorted((CHECKOUT / "tests" / "mails").glob("*.eml"))
WORDS = re.compile(r"[^\W\d_]{2,}")
IN_A_ROW = 3


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """What is logged in service, at the most talkative level."""
    heard = io.StringIO()
    before = logging.getLogger().handlers[:], logging.getLogger().level
    with redirect_stderr(heard):
        logs.configure(level="debug")
        yield heard
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = before[0]
    logging.getLogger().setLevel(before[1])


def rows(words: str) -> set[tuple[str, ...]]:
    """Every few words that stand in a row."""
    found = WORDS.findall(words.casefold())
    return {tuple(found[place : place + IN_A_ROW]) for place in range(len(found) - IN_A_ROW + 1)}


def test_no_line_of_the_log_holds_words_of_a_mail(book: Book, rules: Ruleset, said: io.StringIO) -> None:
    story = Story(book, rules, mailbox=OURS, now=lambda: NOW)
    texts = []
    for path in MAILS:
        raw = path.read_bytes()
        digest = book.keep(raw, Envelope("smtp", "lien@voorbeeld.example", (OURS,), NOW)).digest
        story.triage(digest)
        record = book.record(digest)
        texts += [raw.decode("utf-8", "replace"), record.message.text if record else ""]
    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    assert sum(line.get("event") == "mail entered" for line in lines) > len(MAILS) // 2
    assert "@" not in said.getvalue()
    told = rows(" ".join(str(value) for line in lines for value in line.values()))
    assert {row for words in texts for row in rows(words)} & told == set()


def test_the_yardstick_would_see_a_sentence() -> None:
    assert rows("Mijn dochter is weg.") & rows("event: mijn dochter is weg") != set()
