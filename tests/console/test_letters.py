from register.book import Book
from tests.console.conftest import LogIn
from tests.console.forms import act, fields
from tests.console.made import LETTER, entered, written


def test_a_letter_is_released_as_it_was_read_and_can_be_held_back(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written(), letter=LETTER)
    client, path = log_in("behandelaar"), f"/bericht/{digest}"
    assert "De brief is vrijgegeven" in act(client, path, "/brief/1/vrijgeven").text
    letter = book.dispatch(1)
    assert letter is not None
    assert (letter.state, letter.released_by) == ("vrijgegeven", "lien")
    assert "wordt vastgehouden" in act(client, path, "/brief/1/vasthouden").text
    letter = book.dispatch(1)
    assert letter is not None
    assert letter.state == "vastgehouden"
    assert "brief vastgehouden" in [event.what for event in book.events(digest=digest)]


def test_a_letter_that_changed_since_it_was_read_does_not_leave(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written(), letter=LETTER)
    client, path = log_in(), f"/bericht/{digest}"
    seen = fields(client, path, "/brief/1/vrijgeven")
    act(client, path, "/brief/1/tekst", onderwerp="Uw klacht", tekst="Beste\r\n\r\nAndere woorden.")
    assert client.post("/brief/1/vrijgeven", data=seen).status_code == 409
    letter = book.dispatch(1)
    assert letter is not None
    assert letter.state == "vastgehouden"
    assert letter.outgoing.text == "Beste\n\nAndere woorden.\n"
    assert "<p>Andere woorden.</p>" in letter.outgoing.html


def test_a_letter_with_places_to_fill_in_cannot_leave(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written(), letter="Beste [[naam van de behandelaar]]\n")
    client, path = log_in(), f"/bericht/{digest}"
    page = client.get(path).text
    assert "naam van de behandelaar</li>" in page
    assert 'action="/brief/1/vrijgeven"' not in page
    forged = fields(client, path, "/brief/1/intrekken")
    assert client.post("/brief/1/vrijgeven", data=forged).status_code == 409


def test_a_letter_that_was_taken_back_stays_on_file_and_never_leaves(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written(), letter=LETTER)
    client, path = log_in("medewerker"), f"/bericht/{digest}"
    seen = fields(client, path, "/brief/1/intrekken")
    assert "Ingetrokken" in act(client, path, "/brief/1/intrekken").text
    assert client.post("/brief/1/intrekken", data=seen).status_code == 409


def test_a_worker_without_the_right_to_release_sees_no_such_button(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written(), letter=LETTER)
    page = log_in("medewerker").get(f"/bericht/{digest}").text
    assert "Wijzig de tekst" in page
    assert "Geef brief vrij" not in page
