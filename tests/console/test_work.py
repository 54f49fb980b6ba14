"""The pages and what is done on them, over a real socket."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import httpx
import pytest

from register import server
from register.book import Book
from tests.console.conftest import LogIn
from tests.console.forms import act, fields
from tests.console.made import LETTER, MadeDesk, entered, office, written


def test_the_list_shows_escalations_apart_and_the_rest_by_urgency(book: Book, log_in: LogIn) -> None:
    office(book)
    page = log_in().get("/werkvoorraad").text
    band, _, rest = page.partition("De andere berichten")
    assert re.findall(r'class="onderwerp"[^>]*><bdi>(\w+)', band) == ["Dringend"]
    assert re.findall(r'class="onderwerp"[^>]*><bdi>(\w+)', rest) == ["Zonder", "Waarborg", "Klacht", "Dank"]
    assert "4 dagen te laat" in rest


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ({"sector": "kinderopvang"}, ["Waarborg"]),
        ({"dringendheid": "nu"}, ["Dringend"]),
        ({"uitkomst": "beoordelen"}, ["Dank"]),
        ({"soort": "verontrusting"}, ["Dringend"]),
        ({"zoek": "begeleidster"}, ["Klacht"]),
        ({"zoek": "KW-2026-00003"}, ["Waarborg"]),
        ({"staat": "afgehandeld"}, []),
        ({"sector": "bestaat-niet"}, []),
        ({"sector": "\0", "zoek": "\0"}, []),
        ({"na": "onzin", "sector": "kinderopvang"}, ["Waarborg"]),
    ],
)
def test_the_address_chooses_what_is_listed(
    book: Book, log_in: LogIn, query: dict[str, str], subjects: list[str]
) -> None:
    office(book)
    page = log_in().get("/werkvoorraad", params=query).text
    assert re.findall(r'class="onderwerp"[^>]*><bdi>(\w+)', page) == subjects


def test_a_long_list_goes_on_page_by_page_without_losing_one(book: Book, log_in: LogIn) -> None:
    for number in range(60):
        entered(book, written(subject=f"Nummer{number}", number=f"n{number}"))
    client, seen, path = log_in(), [], "?soort=klacht"
    while path:
        page = client.get(f"/werkvoorraad{path}").text
        seen += re.findall(r"<bdi>(Nummer\d+)", page)
        found = re.search(r'href="(\?[^"]*)" rel="next"', page)
        path = found[1].replace("&amp;", "&") if found else ""
    assert sorted(seen) == sorted(f"Nummer{number}" for number in range(60))


def test_the_mail_is_shown_whole_with_whose_words_they_are(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written())
    page = log_in().get(f"/bericht/{digest}").text
    roles = re.findall(r'class="passage rol-(\w+)"', page)
    assert roles == ["eigen", "handtekening", "aangehaald"]
    assert "&gt; Wij laten iets weten." in page
    assert 'data-feiten="sector betrokkene"' in page
    assert "42 % zeker" in page
    assert "Tweede lezing: Jeugdhulp, 24 %" in page
    assert "De schrijver sprak de dienst al aan." in page
    assert "geen teken van acuut gevaar" in page


def test_who_looks_at_a_mail_is_written_down(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written())
    client = log_in()
    client.get(f"/bericht/{digest}")
    client.get(f"/bericht/{digest}/ruw.eml")
    with book.engine.connect() as connection:
        rows = connection.exec_driver_sql("select account, digest from reading").all()
    assert [tuple(row) for row in rows] == [("lien", digest)] * 2


def test_accepting_takes_the_mail_off_the_list_and_reopening_puts_it_back(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written())
    client, path = log_in("medewerker"), f"/bericht/{digest}"
    assert "Afgehandeld. Het bericht is uit de werkvoorraad." in act(client, path, f"{path}/akkoord").text
    assert not book.items().items
    assert "staat weer in de werkvoorraad" in act(client, path, f"{path}/heropen").text
    assert [item.digest for item in book.items().items] == [digest]


def test_a_correction_is_a_fact_of_that_person_and_the_decision_is_made_again(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written())
    path = f"/bericht/{digest}"
    page = act(log_in("medewerker"), path, f"{path}/verbeter", veld="sector", waarde="jeugdhulp").text
    record = book.record(digest)
    assert record is not None
    assert record.assessment.facts["sector"].found_by == "persoon:lien"
    assert record.decision.sector == "jeugdhulp"
    assert "door lien" in page


def test_several_values_of_one_field_keep_the_main_decree_in_front(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written())
    path = f"/bericht/{digest}"
    chosen = ["integrale-jeugdhulp", "pleegzorg"]
    act(log_in(), path, f"{path}/verbeter", veld="decreten", waarde=chosen)
    record = book.record(digest)
    assert record is not None
    assert record.decision.decreten == ("pleegzorg", "integrale-jeugdhulp")


def test_a_sign_can_be_denied_and_another_added(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written())
    client, path = log_in(), f"/bericht/{digest}"
    act(client, path, f"{path}/verbeter", veld="al_aangesproken", waarde="nee")
    act(client, path, f"{path}/verbeter", veld="ernstig", waarde="ja")
    record = book.record(digest)
    assert record is not None
    assert [record.assessment.facts[name].value for name in ("al_aangesproken", "ernstig")] == [False, True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"veld": "sector", "waarde": "bestaat-niet"},
        {"veld": "sector", "waarde": ["jeugdhulp", "pleegzorg"]},
        {"veld": "gevaar", "waarde": "D99"},
        {"veld": "__class__", "waarde": "x"},
        {"veld": "zekerheid", "waarde": "1"},
        {"veld": "ernstig", "waarde": "misschien"},
    ],
)
def test_a_value_that_the_policy_does_not_know_changes_nothing(
    book: Book, log_in: LogIn, wrong: dict[str, Any]
) -> None:
    digest = entered(book, written())
    path = f"/bericht/{digest}"
    assert act(log_in(), path, f"{path}/verbeter", **wrong).status_code == 422
    record = book.record(digest)
    assert record is not None
    assert len(record.judgements) == 1


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(book: Book, desk: MadeDesk, log_in: LogIn) -> None:
    digest = entered(book, written())
    client, path = log_in(), f"/bericht/{digest}"
    seen = fields(client, path, f"{path}/verbeter")
    desk.correct(digest, "soort", "vraag", "jan")
    for action, more in (("verbeter", {"veld": "soort", "waarde": "melding"}), ("akkoord", {})):
        answer = client.post(f"{path}/{action}", data=seen | more)
        assert answer.status_code == 409
        assert "Een collega veranderde dit bericht" in answer.text
    record = book.record(digest)
    assert record is not None
    assert (record.decision.soort, record.item.open) == ("vraag", True)


def test_nobody_undoes_the_correction_of_a_colleague(book: Book, desk: MadeDesk, log_in: LogIn) -> None:
    digest = entered(book, written())
    client, path = log_in(), f"/bericht/{digest}"
    desk.correct(digest, "soort", "vraag", "jan")
    seen = fields(client, path, f"{path}/akkoord")
    assert "ongedaan</button>" not in client.get(path).text
    assert client.post(f"{path}/terug", data=seen).status_code == 409
    record = book.record(digest)
    assert record is not None
    assert record.decision.soort == "vraag"


def test_a_form_without_the_token_of_this_session_changes_nothing(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written())
    client, path = log_in(), f"/bericht/{digest}"
    given = fields(client, path, f"{path}/akkoord")
    other = fields(log_in(name="jan"), path, f"{path}/akkoord")
    for token in ("", "x", other["bewijsje"]):
        assert client.post(f"{path}/akkoord", data=given | {"bewijsje": token}).status_code == 403
    assert book.items().items


def test_the_dossier_says_what_is_due_when_and_why(book: Book, log_in: LogIn) -> None:
    entered(book, written(), received=datetime(2026, 3, 2, 9, 30, tzinfo=UTC), letter=LETTER)
    page = log_in().get("/dossier/kw-2026-00001")
    assert page.url.path == "/dossier/KW-2026-00001"
    for words in (
        "donderdag 12 maart 2026",
        "donderdag 16 april 2026",
        "Ontvangen op maandag 2 maart 2026: dat is dag 0.",
    ):
        assert words in page.text
    assert "Wij hebben uw klacht ontvangen" in page.text


def test_the_original_is_a_download_that_no_browser_opens(book: Book, log_in: LogIn) -> None:
    raw = written()
    digest = entered(book, raw)
    answer = log_in().get(f"/bericht/{digest}/ruw.eml")
    assert answer.content == raw
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="bericht-{digest[:12]}.eml"'
    assert "sandbox" in answer.headers["content-security-policy"]


def test_the_next_mail_is_the_one_below_and_the_list_when_there_is_none(book: Book, log_in: LogIn) -> None:
    client = log_in()
    assert client.get("/volgende").url.path == "/werkvoorraad"
    office(book)
    order = [item.digest for item in book.items().items]
    assert client.get("/volgende").url.path == f"/bericht/{order[0]}"
    assert client.get("/volgende", params={"na": order[1]}).url.path == f"/bericht/{order[2]}"
    assert client.get("/volgende", params={"na": order[-1]}).url.path == f"/bericht/{order[0]}"


def test_a_note_is_kept_with_its_writer(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written())
    path = f"/bericht/{digest}"
    assert "Gebeld met mama" in act(log_in("medewerker"), path, f"{path}/notitie", tekst="Gebeld met mama").text
    assert [event.who for event in book.events(digest=digest) if event.what == "notitie"] == ["lien"]


def test_broken_rules_on_disk_are_told_on_every_page(desk: MadeDesk, log_in: LogIn) -> None:
    client = log_in()
    assert "De regels op schijf zijn niet in orde" not in client.get("/werkvoorraad").text
    desk.trouble = "uitkomsten/02.yaml:3:1: onbekend-feit"
    assert "onbekend-feit" in client.get("/brieven").text


def test_what_is_not_there_is_404(log_in: LogIn) -> None:
    client = log_in()
    for path in (
        "/bericht/abc",
        f"/bericht/{'0' * 64}/ruw.eml",
        "/dossier/KW-1",
        "/niets",
        "/bericht/%00",
        "/dossier/%00",
    ):
        assert client.get(path).status_code == 404, path


def test_the_monitor_sees_numbers_and_not_one_word_of_a_mail(book: Book, console: str) -> None:
    office(book)
    numbers = httpx.get(f"{console}/metrics").text
    assert 'klachtwijzer_open_messages{dringendheid="nu"} 1.0' in numbers
    assert "klachtwijzer_late_messages 1.0" in numbers
    assert 'klachtwijzer_letters{staat="vastgehouden"} 2.0' in numbers
    assert not re.search("lien|pleegzorg|waarborg", numbers, re.IGNORECASE)
    assert (httpx.get(f"{console}/healthz").text, httpx.get(f"{console}/readyz").text) == ("ok\n", "ok\n")


def test_without_its_database_the_console_is_alive_but_not_ready(book: Book, console: str) -> None:
    gone = book.engine.url.set(database="weg").render_as_string(hide_password=False)
    book.engine = server.engine(gone)
    assert httpx.get(f"{console}/healthz").status_code == 200
    assert httpx.get(f"{console}/readyz", timeout=30).status_code == 503


def test_a_dangerous_attachment_is_said_to_be_one(book: Book, log_in: LogIn) -> None:
    mail = message_from_bytes(written(), policy=SMTP)
    mail.add_attachment(b"MZ\x90\0" + b"\0" * 60, maintype="application", subtype="octet-stream", filename="foto.exe")
    page = log_in().get(f"/bericht/{entered(book, mail.as_bytes())}").text
    assert "foto.exe" in page
    assert "Open deze bijlage niet zomaar." in page
