"""Logging in: no session is taken over, planted or guessed, and the time that a refusal takes tells no names."""

import re
import statistics
import time

import httpx
from sqlalchemy import text

from register.book import Book

PASSWORD = "een-lang-wachtwoord"


def attempt(visitor: httpx.Client, name: str, password: str) -> httpx.Response:
    door = re.search(r'name="deur" value="(\w+)"', visitor.get("/inloggen").text)
    assert door is not None
    data = {"naam": name, "wachtwoord": password, "deur": door[1], "verder": "/"}
    return visitor.post("/inloggen", data=data, follow_redirects=False)


def test_a_session_that_somebody_planted_is_not_taken_up_at_login(book: Book, console: str) -> None:
    book.create_account("an", PASSWORD, ["medewerker"])
    with httpx.Client(base_url=console, cookies={"zitting": "geplant-door-een-ander"}, timeout=60) as visitor:
        answer = attempt(visitor, "an", PASSWORD)
        fresh = answer.cookies["zitting"]
    assert fresh != "geplant-door-een-ander" and len(fresh) >= 43
    assert httpx.get(f"{console}/werkvoorraad", cookies={"zitting": "geplant-door-een-ander"}).status_code == 303
    assert book.session(fresh) is not None


def test_each_login_gets_a_word_of_its_own_of_which_the_database_has_only_the_hash(book: Book, console: str) -> None:
    book.create_account("an", PASSWORD, ["medewerker"])
    words = []
    for _ in range(3):
        with httpx.Client(base_url=console, timeout=60) as visitor:
            words.append(attempt(visitor, "an", PASSWORD).cookies["zitting"])
    assert len(set(words)) == 3
    with book.engine.connect() as connection:
        kept = str(connection.execute(text("select * from token")).all()) + str(
            connection.execute(text("select * from account")).all()
        )
    assert not [word for word in words if word in kept] and PASSWORD not in kept and "$argon2id$" in kept


def test_a_refusal_takes_as_long_for_a_name_that_is_not_there(book: Book) -> None:
    book.create_account("an", PASSWORD, ["medewerker"])

    def took(name: str) -> float:
        begun = time.perf_counter()
        assert book.verify(name, "fout-wachtwoord") is None
        return time.perf_counter() - begun

    took("an"), took("niemand")
    known, unknown = zip(*((took("an"), took("niemand")) for _ in range(15)), strict=True)
    # Argon2 takes tens of milliseconds, a look-up less than one: without it the two would differ by far more than half.
    assert 0.5 < statistics.median(known) / statistics.median(unknown) < 2


def test_what_a_refusal_says_is_the_same_for_a_name_that_is_not_there(book: Book, console: str) -> None:
    book.create_account("an", PASSWORD, ["medewerker"])
    with httpx.Client(base_url=console, timeout=60) as visitor:
        told = [attempt(visitor, name, "fout") for name in ("an", "niemand")]
    assert told[0].status_code == told[1].status_code == 401
    plain = [re.sub(r'value="[^"]*"', "", one.text) for one in told]
    assert plain[0] == plain[1]


def test_a_session_of_an_account_that_was_closed_ends_at_once(book: Book, console: str) -> None:
    book.create_account("an", None, ["medewerker"])
    word = book.open_session("an")
    assert httpx.get(f"{console}/werkvoorraad", cookies={"zitting": word}, timeout=60).status_code == 200
    with book.engine.begin() as connection:
        connection.execute(text("update account set disabled = true where name = 'an'"))
    assert httpx.get(f"{console}/werkvoorraad", cookies={"zitting": word}, timeout=60).status_code == 303
