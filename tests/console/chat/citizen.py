"""What somebody does on the pages for complainants, as a browser without JavaScript does it."""

import re

import httpx
from sqlalchemy import text

from register.book import Book

STORY = "De begeleidster van pleegzorg komt haar afspraken niet na."
DANGER = "Mijn zoontje van 3 heeft blauwe plekken op zijn rug. De opvoedster slaat hem als hij huilt."


def question(page: str) -> str:
    """The question that a page asks; `meer` when it asks none."""
    found = re.search(r'name="vraag" value="(\w+)"', page)
    assert found is not None, page
    return found[1]


def turn_of(page: str) -> str:
    found = re.search(r'name="beurt" value="(\d+)"', page)
    assert found is not None
    return found[1]


def tell(citizen: httpx.Client, story: str, **fields: str) -> str:
    som = re.search(r'name="som" value="([^"]+)"', citizen.get("/").text)
    assert som is not None
    answer = citizen.post("/", data={"verhaal": story, "som": som[1]} | fields)
    assert (answer.status_code, answer.url.path) == (200, "/gesprek"), answer.text
    return answer.text


def say(citizen: httpx.Client, page: str, **fields: str) -> str:
    answer = citizen.post("/gesprek", data={"vraag": question(page), "beurt": turn_of(page)} | fields)
    assert answer.status_code == 200, answer.text
    return answer.text


def send(citizen: httpx.Client, **fields: str) -> str:
    answer = citizen.post("/gesprek/overzicht", data={"daad": "verstuur"} | fields)
    assert (answer.status_code, answer.url.path) == (200, "/gesprek/einde"), answer.text
    return answer.text


def entered(book: Book) -> list[dict[str, object]]:
    return list(book.export())


def conversations(book: Book) -> int:
    with book.engine.connect() as connection:
        return int(connection.execute(text("select count(*) from conversation")).scalar_one())


def digests(book: Book) -> list[str]:
    with book.engine.connect() as connection:
        return list(connection.scalars(text("select digest from raw_mail order by received, kept")))
