"""The treatment of a complaint, form by form, over a real socket."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from register import file
from register.book import Book
from register.deadlines import day_of_receipt
from register.file import DossierRow
from tests.console.conftest import LogIn
from tests.console.dossier.conftest import hidden, opened, plain, reference, send


def row(book: Book, number: str) -> DossierRow:
    with book.engine.connect() as connection:
        return file.row(connection, number)


def test_a_complaint_goes_from_taking_up_to_closing_and_the_clock_stops(book: Book, log_in: LogIn) -> None:
    digest = opened(book)
    year = reference(digest, book)
    here, client = f"/dossier/{year}", log_in("behandelaar")
    assert "U behandelt dit dossier" in send(client, "opnemen", here, bevestiging="ja").text
    assert "De klacht is ontvankelijk" in send(client, "ontvankelijk", here).text
    send(client, "bemiddeling", here, stap="aangeboden")
    assert "De klager weigert" in client.get(here).text
    send(client, "bemiddeling", here, stap="geweigerd")
    send(
        client,
        "deel/1/bevinding",
        here,
        bevinding="gegrond",
        motivering="Niemand belde.",
        oplossing="opgelost",
        normen="N09",
    )
    answer = send(client, "eindbevinding", here, bevinding="gegrond", motivering="Samengevat.", oplossing="opgelost")
    assert "Ombudsnormen: vlotte bereikbaarheid" in plain(answer)
    closed = send(client, "afsluiten", here, hoe="antwoord", berichten="ja")
    assert "Het dossier is gesloten." in closed.text
    now = row(book, year)
    assert (now.handler, now.status, now.answered is not None, now.norms) == ("lien", "gesloten", True, ["N09"])
    record = book.record(digest)
    assert record is not None and not record.item.open
    assert "De klager is tevreden" in plain(send(client, "tevredenheid", here, antwoord="tevreden", woorden="Dank u"))
    send(client, "heropenen", here)
    assert row(book, year).status == "open"


def test_whoever_does_not_confirm_not_to_be_involved_does_not_become_handler(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    answer = send(log_in("medewerker"), "opnemen", f"/dossier/{year}")
    assert (answer.status_code, row(book, year).handler) == (422, None)
    assert "wie bij de feiten betrokken is" in answer.text.lower()


def test_a_refusal_needs_its_ground_and_its_words_and_nothing_typed_is_lost(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    client, here = log_in("behandelaar"), f"/dossier/{year}"
    answer = send(client, "weigeren", here, grond="", woorden="De feiten zijn van 2019.")
    assert answer.status_code == 422
    assert "Kies een reden uit de lijst" in plain(answer) and "De feiten zijn van 2019." in plain(answer)
    assert row(book, year).admissible is None
    done = send(client, "weigeren", here, grond="ouder-dan-een-jaar", woorden="De feiten zijn van 2019.")
    assert "De klacht wordt niet behandeld: meer dan een jaar" in plain(done)
    assert "Bemiddeling artikel II.82 Vervalt" in plain(done)


def test_the_second_of_two_people_is_told_what_happened_and_may_keep_their_words(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    here = f"/dossier/{year}"
    first, second = log_in("behandelaar"), log_in("behandelaar", name="jan")
    seen = hidden(second, here)
    send(first, "opnemen", here, bevestiging="ja")
    answer = second.post(f"{here}/notitie", data=seen | {"tekst": "Moeder belde <b>terug</b>."})
    words = plain(answer)
    assert answer.status_code == 409
    assert "Iemand veranderde dit dossier terwijl u keek" in words and "Behandelaar aangeduid lien" in words
    assert "Moeder belde <b>terug</b>." in words
    assert [event.what for event in book.events(reference=year)].count("notitie") == 0
    fresh = hidden_of(answer)
    assert fresh["tekst"] == "Moeder belde &lt;b&gt;terug&lt;/b&gt;."
    kept = second.post(f"{here}/notitie", data=fresh | {"tekst": "Moeder belde <b>terug</b>."})
    assert "Moeder belde <b>terug</b>." in plain(kept) and kept.status_code == 200


def hidden_of(answer: httpx.Response) -> dict[str, str]:
    lines = answer.text.partition('<form action="/dossier')[2].partition("</form>")[0].split("<input ")[1:]
    return {line.split('name="')[1].split('"')[0]: line.split('value="')[1].split('"')[0] for line in lines}


def test_an_extension_names_its_reasons_and_comes_once_before_the_first_term_ends(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    client, here = log_in("medewerker"), f"/dossier/{year}"
    before = row(book, year).due_answer
    assert send(client, "verlengen", here, tekst=" ").status_code == 422
    assert "De termijn is verlengd" in send(client, "verlengen", here, tekst="We wachten op de inspectie.").text
    assert row(book, year).due_answer == before + timedelta(days=45)
    assert "al verlengd" in send(client, "verlengen", here, tekst="Nog eens.").text
    assert "Verleng de termijn" not in client.get(here).text


def test_the_clock_stands_still_only_on_a_ground_that_a_rule_names(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    answer = send(log_in(), "stilleggen", f"/dossier/{year}", grond="vakantie")
    assert answer.status_code == 422 and "Geen regel laat de termijn" in plain(answer)


def test_closing_asks_whether_an_answer_left_and_never_in_the_future(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    client, here = log_in(), f"/dossier/{year}"
    tomorrow = day_of_receipt(datetime.now(UTC)) + timedelta(days=1)
    for given in (
        {},
        {"hoe": "zonder"},
        {"hoe": "antwoord", "op": str(tomorrow), "berichten": "ja"},
        {"hoe": "antwoord"},
    ):
        assert send(client, "afsluiten", here, **given).status_code == 422, given
    assert (row(book, year).status, row(book, year).answered) == ("open", None)
    send(client, "afsluiten", here, hoe="zonder", reden="De klager trok de klacht in.", berichten="ja")
    assert (row(book, year).status, row(book, year).answered) == ("gesloten", None)
    assert "De klager trok de klacht in." in client.get(here).text


def test_a_dossier_is_held_from_being_erased_and_let_go_again(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    client, here = log_in(), f"/dossier/{year}"
    assert "mag niet gewist worden" in plain(send(client, "bewaren", here, tekst="Rechtszaak"))
    assert row(book, year).hold == "Rechtszaak"
    assert "mag niet gewist worden" not in plain(send(client, "bewaren", here, tekst=""))


@pytest.mark.parametrize(
    "act", ["ontvankelijk", "weigeren", "eindbevinding", "afsluiten", "bewaren", "deel/1/bevinding"]
)
def test_what_decides_on_a_complaint_is_not_for_every_worker(book: Book, log_in: LogIn, act: str) -> None:
    year = reference(opened(book), book)
    client = log_in("medewerker")
    assert send(client, act, f"/dossier/{year}").status_code == 403
    assert f'/{act}"' not in client.get(f"/dossier/{year}").text


def test_a_reader_sees_the_dossier_without_one_form_that_changes_it(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    page = log_in("lezer").get(f"/dossier/{year}").text
    assert page.partition("<main")[2].count('method="post"') == 0
