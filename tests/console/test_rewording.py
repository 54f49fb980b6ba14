"""Words that are not in the letter yet: kept, seen by colleagues, and never written over or lost without a choice."""

import httpx
import pytest

from register.book import Book
from register.drafts import Draft
from tests.console.conftest import LogIn
from tests.console.forms import act, fields
from tests.console.made import LETTER, entered, written

OTHER = LETTER.replace("een antwoord", "snel een antwoord")
THIRD = LETTER.replace("een antwoord", "<b>morgen</b> een antwoord")


@pytest.fixture
def path(book: Book) -> str:
    return f"/bericht/{entered(book, written(), letter=LETTER)}"


def typing(client: httpx.Client, path: str, text: str, action: str = "klad", **more: str) -> httpx.Response:
    """What the page sends at a pause, or when a button is pressed, by somebody who has just opened it."""
    given = fields(client, path, "/brief/1/tekst") | {"onderwerp": "Uw klacht", "tekst": text.replace("\n", "\r\n")}
    return client.post(f"/brief/1/{action}", data=given | more)


def kept(book: Book, path: str) -> dict[str, Draft]:
    return {one.account: one for one in book.drafts(path.removeprefix("/bericht/"))}


def text_of(book: Book) -> str:
    letter = book.dispatch(1)
    assert letter is not None
    return letter.outgoing.text


def test_a_draft_is_kept_and_before_its_writer_again_and_nothing_changes_in_the_letter(
    book: Book, log_in: LogIn, path: str
) -> None:
    client = log_in("medewerker")
    page = typing(client, path, OTHER).text
    assert "Uw klad is bewaard" in page
    assert "U krijgt snel een antwoord." in page
    assert "<ins><span" in page
    assert text_of(book) == LETTER
    assert kept(book, path)["lien"].text == OTHER
    typing(client, path, THIRD)
    assert kept(book, path)["lien"].version == 2


def test_a_pause_is_answered_with_the_remarks_and_the_next_version(book: Book, log_in: LogIn, path: str) -> None:
    client = log_in("medewerker")
    given = fields(client, path, "/brief/1/tekst") | {"onderwerp": "Uw klacht", "tekst": "Beste\r\n\r\nGelieve <b>!"}
    part = client.post("/brief/1/klad", data=given, headers={"x-deel": "klad"})
    assert "<html" not in part.text
    assert 'data-versie="1"' in part.text
    assert "zwaar woord" in part.text
    assert "<b>!" not in part.text
    late = client.post("/brief/1/klad", data=given | {"tekst": "Anders"}, headers={"x-deel": "klad"})
    assert (late.status_code, "ander venster" in late.text) == (409, True)
    assert kept(book, path)["lien"].text == "Beste\n\nGelieve <b>!"


def test_who_is_back_at_the_words_of_the_letter_has_no_draft(book: Book, log_in: LogIn, path: str) -> None:
    client = log_in("medewerker")
    typing(client, path, OTHER)
    typing(client, path, LETTER, onderwerp="Wij hebben uw klacht ontvangen")
    assert kept(book, path) == {}


def test_a_colleague_sees_who_writes_and_what_would_change(book: Book, log_in: LogIn, path: str) -> None:
    typing(log_in("medewerker"), path, OTHER)
    page = log_in("behandelaar", name="an").get(path).text
    assert "<strong>lien schrijft aan deze brief</strong>" in page
    assert "toegevoegd: </span>snel </ins>" in page
    assert "lien schrijft aan" in log_in("lezer", name="bert").get(f"{path}/wie").text


def test_two_people_write_and_the_second_sees_the_difference_before_anything_is_overwritten(
    book: Book, log_in: LogIn, path: str
) -> None:
    lien, an = log_in("medewerker"), log_in("behandelaar", name="an")
    seen = fields(an, path, "/brief/1/tekst")
    typing(lien, path, OTHER, "tekst")
    assert text_of(book) == OTHER
    answer = an.post("/brief/1/tekst", data=seen | {"onderwerp": "Uw klacht", "tekst": THIRD})
    assert answer.status_code == 409
    assert "lien veranderde deze brief terwijl u schreef" in answer.text
    assert "geschrapt: </span>snel</del>" in answer.text
    assert "&lt;b&gt;morgen&lt;/b&gt;" in answer.text
    assert text_of(book) == OTHER
    assert kept(book, path)["an"].text == THIRD
    typing(an, path, THIRD, "tekst")
    assert text_of(book) == THIRD
    assert kept(book, path) == {}


def test_words_of_another_window_are_not_thrown_away_by_saving_older_ones(book: Book, log_in: LogIn, path: str) -> None:
    client = log_in("medewerker")
    seen = fields(client, path, "/brief/1/tekst") | {"onderwerp": "Uw klacht"}
    typing(client, path, OTHER)
    answer = client.post("/brief/1/tekst", data=seen | {"tekst": THIRD})
    assert (answer.status_code, "ander venster" in answer.text) == (409, True)
    assert (text_of(book), kept(book, path)["lien"].text) == (LETTER, OTHER)
    again = client.post("/brief/1/klad", data=seen | {"tekst": THIRD})
    assert (again.status_code, "Van uw klad naar wat u hier schreef" in again.text) == (409, True)
    assert kept(book, path)["lien"].text == OTHER


def test_a_letter_does_not_leave_while_words_of_the_releaser_are_not_in_it(
    book: Book, log_in: LogIn, path: str
) -> None:
    client = log_in("behandelaar")
    seen = fields(client, path, "/brief/1/vrijgeven")
    typing(client, path, OTHER)
    assert 'action="/brief/1/vrijgeven"' not in client.get(path).text
    assert client.post("/brief/1/vrijgeven", data=seen).status_code == 409
    assert "Uw klad is weg" in act(client, path, "/brief/1/klad/weg").text
    assert "is vrijgegeven" in act(client, path, "/brief/1/vrijgeven").text


def test_a_letter_leaves_over_the_draft_of_a_colleague_only_when_that_was_seen(
    book: Book, log_in: LogIn, path: str
) -> None:
    an = log_in("behandelaar", name="an")
    seen = fields(an, path, "/brief/1/vrijgeven")
    lien = log_in("medewerker")
    typing(lien, path, OTHER)
    stale = fields(lien, path, "/brief/1/tekst")
    answer = an.post("/brief/1/vrijgeven", data=seen)
    assert (answer.status_code, "collega is intussen" in answer.text) == (409, True)
    assert "is vrijgegeven" in act(an, path, "/brief/1/vrijgeven").text
    assert kept(book, path) == {}
    late = lien.post("/brief/1/klad", data=stale | {"onderwerp": "Uw klacht", "tekst": THIRD})
    assert late.status_code == 409
    assert "&lt;b&gt;morgen&lt;/b&gt;" in late.text, "what was typed stays readable"
    assert late.text.count('<button type="submit">Zet mijn') == 0


def test_a_draft_at_a_letter_that_was_taken_back_stays_readable_until_its_writer_throws_it_away(
    book: Book, log_in: LogIn, path: str
) -> None:
    lien, an = log_in("medewerker"), log_in("medewerker", name="an")
    typing(lien, path, OTHER)
    act(an, path, "/brief/1/intrekken")
    page = lien.get(path).text
    assert "U had nog een klad bij deze brief" in page
    assert "toegevoegd: </span>snel </ins>" in page
    assert "U had nog een klad" not in act(lien, path, "/brief/1/klad/weg").text
    assert kept(book, path) == {}


def test_a_letter_without_words_is_refused_as_a_text_but_may_be_a_draft(book: Book, log_in: LogIn, path: str) -> None:
    client = log_in("medewerker")
    assert typing(client, path, " \n", "tekst").status_code == 422
    assert typing(client, path, "").status_code == 200
    assert kept(book, path)["lien"].text == ""
    assert typing(client, path, "x" * 20_001).status_code == 422


def test_a_note_is_kept_while_it_is_written_and_gone_once_it_stands(book: Book, log_in: LogIn, path: str) -> None:
    client = log_in("medewerker")
    act(client, path, f"{path}/notitie", tekst="Ze belde.")
    given = fields(client, path, f"{path}/notitie") | {"tekst": "Ze <i>belde\r\nterug."}
    assert "Uw klad is bewaard" in client.post(f"{path}/notitie/klad", data=given).text
    page = client.get(path).text
    assert "Ze &lt;i&gt;belde\nterug.</textarea>" in page
    assert "lien schrijft aan een notitie" in log_in("lezer", name="an").get(path).text
    stale = client.post(f"{path}/notitie/klad", data=given | {"tekst": "Anders"})
    assert (stale.status_code, "Wat uw klad nu zegt" in stale.text, "Anders" in stale.text) == (409, True, True)
    assert "De notitie is bewaard" in act(client, path, f"{path}/notitie", tekst="Ze belde terug.").text
    assert kept(book, path) == {}
    act(client, path, f"{path}/notitie", tekst="")
    given = fields(client, path, f"{path}/notitie")
    client.post(f"{path}/notitie/klad", data=given | {"tekst": "Iets"})
    client.post(f"{path}/notitie/klad", data=given | {"klad": "1", "tekst": " "})
    assert kept(book, path) == {}


def test_a_note_of_one_window_leaves_what_was_typed_further_in_another(book: Book, log_in: LogIn, path: str) -> None:
    client = log_in("medewerker")
    first = fields(client, path, f"{path}/notitie")
    client.post(f"{path}/notitie/klad", data=first | {"tekst": "Een begin"})
    client.post(f"{path}/notitie", data=first | {"tekst": "Iets anders"})
    assert kept(book, path)["lien"].text == "Een begin"


def test_who_else_opened_the_mail_is_shown_and_looking_after_that_is_not_written_down(
    book: Book, log_in: LogIn, path: str
) -> None:
    an, lien = log_in("lezer", name="an"), log_in("medewerker")
    assert "an (sinds" not in an.get(path).text
    assert "Ook an (sinds" in lien.get(path).text
    assert "Ook lien (sinds" in an.get(f"{path}/wie").text
    assert [one.account for one in book.onlookers(path.removeprefix("/bericht/"))] == ["lien", "an"]
    assert an.get("/bericht/niets/wie").status_code == 404
