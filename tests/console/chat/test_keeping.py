"""What a conversation keeps, for how long, and for whom: links, wiping, files, limits."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import insert, text

from console.chat import enclosing
from console.chat.app import public
from console.chat.listening import MOST_TURNS
from console.chat.proof import solves
from klachtwijzer.conversation import Conversations
from register import chat as chats
from register.book import Book
from register.erasing import erase
from register.trust_tables import disposal
from tests.console.chat.citizen import (
    DANGER,
    STORY,
    conversations,
    digests,
    entered,
    question,
    say,
    send,
    tell,
)
from tests.console.conftest import running


def test_a_conversation_is_taken_up_again_by_its_link_elsewhere(citizen: httpx.Client, chat: str) -> None:
    page = tell(citizen, STORY)
    link = re.search(r'readonly value="([^"]+)"', page)
    assert link is not None
    with httpx.Client(follow_redirects=True) as elsewhere:
        found = elsewhere.get(link[1])
        assert STORY in found.text
        assert found.url.path == "/gesprek"
        assert "verder/" not in str(found.url)


def test_the_token_is_kept_as_a_hash_and_the_cookie_ends_with_the_browser(citizen: httpx.Client, book: Book) -> None:
    som = re.search(r'name="som" value="([^"]+)"', citizen.get("/").text)
    assert som is not None
    answer = citizen.post("/", data={"verhaal": STORY, "som": som[1]}, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "expires" not in cookie.lower()
    assert "max-age" not in cookie.lower()
    token = citizen.cookies["gesprek"]
    with book.engine.connect() as connection:
        row = str(connection.execute(text("select * from conversation")).one())
    assert token not in row


def test_after_seven_days_it_is_wiped_with_its_files(
    citizen: httpx.Client, book: Book, desk_of_chat: Conversations
) -> None:
    tell(citizen, STORY)
    citizen.post("/gesprek/bijlage", files={"bestand": ("foto.png", b"\x89PNG\r\n\x1a\n", "image/png")})
    _age(book, timedelta(days=6, hours=23))
    desk_of_chat.tend()
    assert STORY in citizen.get("/gesprek").text
    _age(book, timedelta(hours=2))
    assert "bestaat niet meer" in citizen.get("/gesprek").text
    desk_of_chat.tend()
    assert conversations(book) == 0
    with book.engine.connect() as connection:
        assert connection.execute(text("select count(*) from enclosure")).scalar_one() == 0
    assert entered(book) == []


def _age(book: Book, by: timedelta) -> None:
    with book.engine.begin() as connection:
        moved = "touched = touched - :by, expires = expires - :by"
        connection.execute(text(f"update conversation set {moved}"), {"by": by})


def test_danger_that_was_not_delivered_is_delivered_before_it_is_wiped(
    citizen: httpx.Client, book: Book, desk_of_chat: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(desk_of_chat, "deliver", lambda number, apart=False: 1 / 0)
        tell(citizen, DANGER)
    assert entered(book) == []
    _age(book, timedelta(days=8))
    desk_of_chat.tend()
    assert [line["uitkomst"] for line in entered(book)] == ["escaleren"]
    assert conversations(book) == 0


def test_an_urgent_conversation_that_falls_silent_reaches_a_person(
    citizen: httpx.Client, book: Book, desk_of_chat: Conversations
) -> None:
    tell(citizen, "Ik ben 15 en in mijn leefgroep nemen ze mijn gsm af. Niemand luistert.")
    desk_of_chat.tend()
    assert entered(book) == []
    _age(book, timedelta(minutes=31))
    desk_of_chat.tend()
    desk_of_chat.tend()
    assert [line["dringendheid"] for line in entered(book)] == ["vandaag"]


def test_who_stops_can_wipe_it_at_once(citizen: httpx.Client, book: Book) -> None:
    tell(citizen, STORY)
    assert "is gewist" in citizen.post("/gesprek/wis").text
    assert conversations(book) == 0
    assert "gesprek" not in citizen.cookies


def test_wiping_does_not_hide_danger_from_staff(citizen: httpx.Client, book: Book) -> None:
    tell(citizen, DANGER)
    citizen.post("/gesprek/wis")
    assert conversations(book) == 0
    assert [line["uitkomst"] for line in entered(book)] == ["escaleren"]


def test_a_file_goes_with_the_mail_and_others_are_refused(citizen: httpx.Client, book: Book) -> None:
    tell(citizen, STORY)
    for name, content in (("kwaad.exe", b"MZ"), ("leeg.pdf", b""), ("groot.pdf", b"x" * (enclosing.LARGEST + 1))):
        answer = citizen.post("/gesprek/bijlage", files={"bestand": (name, content)})
        assert "kunnen we niet aannemen" in answer.text
    for number in range(enclosing.MOST + 1):
        answer = citizen.post("/gesprek/bijlage", files={"bestand": (f"../brief {number}.txt", b"De brief zelf.")})
    assert "al 5 bestanden" in answer.text
    citizen.post("/gesprek/bijlage/weg", data={"nummer": re.findall(r'name="nummer" value="(\d+)"', answer.text)[0]})
    send(citizen)
    record = book.record(digests(book)[0])
    assert record is not None
    assert [one.name for one in record.message.attachments] == [f"brief {number}.txt" for number in range(1, 5)]
    assert "De brief zelf." in record.message.attachments[0].text


def test_words_that_cannot_be_taken_stay_in_the_form(citizen: httpx.Client, book: Book) -> None:
    answer = citizen.post("/", data={"verhaal": "  "})
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    long = citizen.post("/", data={"verhaal": "a" * 20_001})
    assert (long.status_code, "a" * 20_001 in long.text) == (422, True)
    page = tell(citizen, STORY)
    page = say(citizen, page, antwoord="Sinds september.")
    while question(page) != "contact":
        page = say(citizen, page, sla_over="ja")
    wrong = citizen.post("/gesprek", data={"vraag": "contact", "mail": "lien@", "telefoon": "0470"})
    assert wrong.status_code == 422
    assert 'value="lien@"' in wrong.text
    assert 'value="0470"' in wrong.text


def test_when_the_database_is_away_the_words_stay(
    citizen: httpx.Client, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise ConnectionError("away")

    monkeypatch.setattr(chats, "begin", away)
    answer = citizen.post("/", data={"verhaal": "Een lang verhaal."})
    assert answer.status_code == 503
    assert "nog niet bewaard" in answer.text
    assert "Een lang verhaal.</textarea>" in answer.text


def test_a_conversation_has_an_end(citizen: httpx.Client) -> None:
    page = tell(citizen, STORY)
    for number in range(MOST_TURNS - 1):
        page = say(citizen, page, antwoord=f"En nog iets, nummer {number}.", vraag="meer")
    answer = citizen.post("/gesprek", data={"vraag": "meer", "antwoord": "Nog een."})
    assert answer.status_code == 422
    assert "lang genoeg" in answer.text


def test_who_comes_too_often_must_wait_unless_the_machine_did_its_sum(book: Book, desk_of_chat: Conversations) -> None:
    with running(public(book, desk_of_chat, slow=2)) as address, httpx.Client(base_url=address) as client:
        answers = [client.post("/", data={"verhaal": f"{STORY} {number}"}) for number in range(3)]
        assert [answer.status_code for answer in answers] == [303, 303, 429]
        assert int(answers[2].headers["retry-after"]) > 3500
        assert f"{STORY} 2</textarea>" in answers[2].text
        assert answers[2].text.index("tel:112") < answers[2].text.index("<textarea")
        som = re.search(r'name="som" value="([^"]+)"', client.get("/").text)
        assert som is not None
        solution = next(number for number in range(1_000_000) if solves(som[1], str(number)))
        proven = client.post("/", data={"verhaal": STORY, "som": som[1], "uitkomst": str(solution)})
        assert proven.status_code == 303


def test_another_site_cannot_send_the_forms(citizen: httpx.Client, book: Book) -> None:
    tell(citizen, STORY)
    for path in ("/", "/gesprek", "/gesprek/overzicht", "/gesprek/bijlage", "/gesprek/wis"):
        for headers in ({"origin": "https://elders.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
            assert citizen.post(path, data={"verhaal": "x"}, headers=headers).status_code == 403
    assert conversations(book) == 1


def test_without_a_conversation_every_page_leads_to_the_first(citizen: httpx.Client) -> None:
    for method, path in (("GET", "/gesprek"), ("POST", "/gesprek"), ("GET", "/gesprek/overzicht"), ("GET", "/niets")):
        answer = citizen.request(method, path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"][:2]) in ((303, "/?"), (303, "/")), path
    assert "bestaat niet meer" in citizen.get("/verder/onbekend").text


def test_erasing_a_dossier_takes_the_conversation_that_made_it(citizen: httpx.Client, book: Book) -> None:
    tell(citizen, STORY)
    citizen.post("/gesprek/bijlage", files={"bestand": ("brief.txt", b"Dag.", "text/plain")})
    send(citizen)
    (line,) = entered(book)
    with httpx.Client(base_url=citizen.base_url, follow_redirects=True, timeout=30) as other:
        tell(other, DANGER)
    assert conversations(book) == 2
    with book.engine.begin() as connection:
        wish = {"dossier": line["referentie"], "kind": "dossier", "rule": "r", "proposed_by": "an"}
        number = connection.scalar(insert(disposal).values(wish).returning(disposal.c.id))
        erase(connection, reference=str(line["referentie"]), digest=None, number=int(number or 0), now=book.now())
    assert conversations(book) == 1
    with book.engine.connect() as connection:
        assert connection.scalar(text("select count(*) from enclosure")) == 0
