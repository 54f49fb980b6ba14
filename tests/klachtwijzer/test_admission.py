"""The command that gives somebody a way in."""

import re

from register.book import Book
from tests.klachtwijzer.command import alone, assert_misuse


def test_a_link_opens_the_console_once_for_an_account_that_is_there(book: Book, url: str) -> None:
    book.create_account("jan", None, ["lezer"])
    done = alone("login-link", "jan", DATABASE_URL=url, CONSOLE_LISTEN="127.0.0.1:8765")
    assert done.returncode == 0, done.stderr
    link = re.match(r"http://127\.0\.0\.1:8765/inloggen/([\w-]{40,})\n", done.stdout)
    assert link is not None
    assert "één keer" in done.stdout
    found = book.redeem(link[1])
    assert found is not None
    assert found.name == "jan"
    assert book.redeem(link[1]) is None


def test_without_a_name_it_is_the_first_account_which_is_made_when_missing(book: Book, url: str) -> None:
    done = alone("login-link", DATABASE_URL=url, HTTPS="true")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("https://ADRES-VAN-DE-CONSOLE/inloggen/")
    made = book.account("beheerder")
    assert made is not None
    assert "beheerder" in made.roles


def test_an_account_that_is_not_there_is_told_in_one_line_and_not_made(book: Book, url: str) -> None:
    assert_misuse(alone("login-link", "piet", DATABASE_URL=url), "er is geen account piet")
    assert book.account("piet") is None
