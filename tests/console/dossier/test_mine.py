"""My work, the calendar behind a secret address, and the directory."""

import re

import httpx
import pytest
from icalendar import Calendar

from register import directory, file, parts, work
from register.book import Book
from register.law import shipped
from tests.console.conftest import LogIn
from tests.console.dossier.conftest import hidden, opened, plain, reference, send
from tests.console.forms import act


def taken(book: Book, number: str = "1") -> str:
    year = reference(opened(book, number), book)
    with book.begin() as page:
        page.treat(year, "lien").hand_to("lien", not_involved=True)
        work.set_task(page.connection, year, "an", "Bel Zoë Peeters", "lien", book.now().date())
    return year


def test_my_work_shows_my_dossiers_and_tasks_and_what_ends_for_all(book: Book, log_in: LogIn) -> None:
    mine, free = taken(book), reference(opened(book, "2"), book)
    page = plain(log_in("medewerker").get("/mijn-werk"))
    own, _, team = page.partition("Wat vervalt wanneer")
    assert mine in own and "Ontvangst bevestigen tegen" in own and free not in own
    assert "Bel Zoë Peeters" in own
    assert mine in team and free in team and "nog geen behandelaar" in team
    assert free in team.partition("Klachten zonder behandelaar")[2]


def test_the_calendar_gives_days_without_names_until_its_address_is_taken_back(
    book: Book, log_in: LogIn, console: str
) -> None:
    mine = taken(book)
    client = log_in("medewerker")
    page = act(client, "/mijn-werk", "/mijn-werk/agenda")
    address = re.findall(r"<code>http://[^/]+(/agenda/[^<]+\.ics)</code>", page.text)[0]
    assert address not in client.get("/mijn-werk").text
    answer = httpx.get(f"{console}{address}")
    assert answer.headers["content-type"].startswith("text/calendar")
    said = [str(event["summary"]) for event in Calendar.from_ical(answer.text).walk("vevent")]
    assert sorted(said) == [
        f"{mine}: laatste dag om te antwoorden",
        f"{mine}: laatste dag om te bevestigen",
        f"{mine}: taak",
    ]
    assert "Peeters" not in answer.text
    again = act(client, "/mijn-werk", "/mijn-werk/agenda")
    assert httpx.get(f"{console}{address}").status_code == 404
    address = re.findall(r"<code>http://[^/]+(/agenda/[^<]+\.ics)</code>", again.text)[0]
    act(client, "/mijn-werk", "/mijn-werk/agenda/weg")
    assert httpx.get(f"{console}{address}").status_code == 404


def test_who_guesses_calendar_addresses_is_held_back(console: str) -> None:
    answers = [httpx.get(f"{console}/agenda/{number}.ics").status_code for number in range(12)]
    assert answers == [404] * 10 + [429] * 2


def test_a_letter_opens_a_dossier_with_its_clock_and_its_timeline_starts(book: Book, log_in: LogIn) -> None:
    client = log_in("medewerker")
    given = {"dragers": ["brief"], "ontvangen": "2026-03-02", "betrokkene": "opgroeien", "onderwerp": "Wachttijd"}
    answer = act(client, "/nieuw-dossier", "/nieuw-dossier", **given)
    assert answer.url.path == "/dossier/KW-2026-00001"
    assert "uiterlijk donderdag 16 april 2026" in plain(answer)
    assert "Waarover het gaat: Wachttijd" in plain(answer)
    assert "Geen berichten. Dit dossier kwam binnen met een brief" in plain(answer)
    for wrong in ({"dragers": ["duif"]}, {"dragers": ["brief"], "ontvangen": "2999-01-01"}):
        assert act(client, "/nieuw-dossier", "/nieuw-dossier", **wrong).status_code == 422


def test_the_directory_finds_former_names_and_merges_what_was_entered_twice(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    with book.begin() as page:
        one = directory.add_organiser(page.connection, "an", "De Bij vzw", "kinderopvang", shipped(), number="K1")
        other = directory.add_organiser(page.connection, "an", "Bij, de", "kinderopvang", shipped())
        place = directory.add_location(page.connection, "an", "Villa Bij", other)
        (part,) = parts.of(page.connection, year)
        parts.change(page.connection, part.id, "an", shipped(), organiser=other, location=place)
    client = log_in("behandelaar")
    act(client, f"/organisatoren/{one}", f"/organisatoren/{one}/naam", naam="Zoem bv")
    assert "vroeger De Bij vzw" in plain(client.get("/organisatoren", params={"zoek": "bij vz"}))
    answer = act(client, f"/organisatoren/{other}", f"/organisatoren/{other}/samenvoegen", met=str(one))
    assert answer.url.path == f"/organisatoren/{one}"
    assert f"Gewoon {year}" in plain(answer) and "Vroegere namen: De Bij vzw, Bij, de" in plain(answer)
    assert client.get(f"/organisatoren/{other}").url.path == f"/organisatoren/{one}"
    assert "Villa Bij" in plain(answer)
    with book.engine.connect() as connection:
        assert parts.of(connection, year)[0].organiser == one
        assert directory.one_location(connection, place).runs[0][0] == one
        assert file.row(connection, year).status == "open"
    assert act(client, f"/organisatoren/{one}", f"/organisatoren/{one}/samenvoegen", met="99").status_code == 422


def test_a_location_shows_who_ran_it_when_and_keeps_its_complaints(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    client = log_in("behandelaar")
    for name in ("De Bij", "Zoem"):
        proof = {"bewijsje": hidden(client, "/organisatoren")["bewijsje"]}
        assert client.post("/organisatoren", data=proof | {"naam": name, "soort": "kinderopvang"}).status_code == 200
    answer = act(
        client, "/organisatoren/1", "/organisatoren/1/locatie", naam="Villa", adres="Kerkstraat 1", sinds="2020-01-01"
    )
    assert answer.url.path == "/locaties/1"
    send(client, "deel/1/plaats", f"/dossier/{year}", organisator="1", locatie="1")
    answer = act(client, "/locaties/1", "/locaties/1/overname", met="2", sinds="2025-01-01")
    assert "Zoem sinds 1 januari 2025 nu De Bij sinds 1 januari 2020 tot 1 januari 2025" in plain(answer)
    assert f"Gewoon {year}" in plain(answer)
    assert year in plain(client.get("/organisatoren/1"))


@pytest.mark.parametrize("path", ["/organisatoren/1/naam", "/organisatoren/1/samenvoegen", "/locaties/1/overname"])
def test_only_who_decides_changes_what_many_dossiers_share(book: Book, log_in: LogIn, path: str) -> None:
    with book.begin() as page:
        one = directory.add_organiser(page.connection, "an", "De Bij", "kinderopvang", shipped())
        directory.add_location(page.connection, "an", "Villa", one)
    client = log_in("medewerker")
    proof = client.get("/mijn-werk").text.split('name="bewijsje" value="')[1].split('"')[0]
    assert client.post(path, data={"bewijsje": proof, "naam": "X", "met": "1"}).status_code == 403
