import re

from register.book import Book
from register.halt import halted
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


def test_another_letter_takes_the_place_of_the_one_that_waits(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written(), letter=LETTER)
    client, path = log_in("medewerker"), f"/bericht/{digest}"
    offered = re.search(r'<select id="andere-brief".*?</select>', client.get(path).text, re.DOTALL)
    assert offered is not None
    ids = re.findall(r'value="([\w-]+)"', offered[0])
    assert "ontvangstbevestiging-met-afdeling" in ids
    assert "ontvangstbevestiging" not in ids
    assert not [id for id in ids if id.endswith("-jongere")]
    page = act(client, path, f"{path}/brief", brief="ontvangstbevestiging-met-afdeling").text
    assert "De andere brief staat klaar" in page
    record = book.record(digest)
    assert record is not None
    assert [(one.outgoing.letter, one.withdrawn is None) for one in record.letters] == [
        ("ontvangstbevestiging", False),
        ("ontvangstbevestiging-met-afdeling", True),
    ]


def test_a_letter_that_does_not_fit_the_outcome_is_refused_and_the_first_stays(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written(), letter=LETTER)
    client, path = log_in(), f"/bericht/{digest}"
    for wrong in ("doorverwijzing", "bestaat-niet", "ontvangstbevestiging-jongere", ""):
        assert act(client, path, f"{path}/brief", brief=wrong).status_code == 422
    letter = book.dispatch(1)
    assert letter is not None
    assert letter.withdrawn is None


def test_words_that_are_not_kept_yet_are_read_again_without_a_script(book: Book, log_in: LogIn) -> None:
    digest = entered(book, written(), letter=LETTER)
    client, path = log_in("medewerker"), f"/bericht/{digest}"
    given = fields(client, path, "/brief/1/tekst") | {"onderwerp": "Nieuw", "tekst": "Beste\r\n\r\n<b>Gelieve</b>\r\n"}
    page = client.post("/brief/1/nalezen", data=given).text
    assert "Deze tekst is nog niet bewaard" in page
    assert "&#34;Gelieve&#34; is een zwaar woord" in page
    assert "<ins>" in page
    assert "<b>Gelieve" not in page
    letter = book.dispatch(1)
    assert letter is not None
    assert letter.outgoing.text == LETTER


def test_everybody_sees_that_no_letter_leaves_until_it_is_ended(book: Book, log_in: LogIn) -> None:
    keeper, other = log_in("beheerder", name="an"), log_in("behandelaar")
    page = act(keeper, "/brieven", "/verzenden/stil", waarom=" De relay <weigert>\n alles ").text
    assert "Laat brieven weer vertrekken" in page
    seen = other.get("/werkvoorraad").text
    assert "an zette het verzenden stil op" in seen
    assert "De relay &lt;weigert&gt; alles" in seen
    assert "/verzenden/" not in seen
    act(keeper, "/brieven", "/verzenden/verder")
    assert "zette het verzenden stil" not in other.get("/werkvoorraad").text
    with book.engine.connect() as connection:
        assert halted(connection) is None


def test_no_pause_without_a_reason(book: Book, log_in: LogIn) -> None:
    assert act(log_in(), "/brieven", "/verzenden/stil", waarom="  ").status_code == 422
    with book.engine.connect() as connection:
        assert halted(connection) is None
