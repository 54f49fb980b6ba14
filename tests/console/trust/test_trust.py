import json
import re
from html import unescape

import httpx
import pytest

from register import events
from register.book import Book
from tests.console.conftest import LogIn
from tests.console.trust.conftest import filed, homeless


def words(answer: httpx.Response) -> str:
    main = answer.text.partition('<main id="inhoud"')[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def send(client: httpx.Client, path: str, **given: object) -> httpx.Response:
    page = client.get("/vertrouwen/journaal").text
    token = dict(re.findall(r'name="(bewijsje)" value="(\w+)"', page))
    return client.post(path, data=token | given)


def told(book: Book, what: str) -> int:
    with book.engine.connect() as connection:
        return int(connection.exec_driver_sql("select count(*) from event where what = %s", (what,)).scalar() or 0)


def test_only_a_keeper_comes_here(log_in: LogIn) -> None:
    client = log_in("medewerker", "behandelaar", "regelbeheerder", "lezer")
    for path in ("", "/journaal", "/bewaren", "/persoon", "/leerbestand"):
        assert client.get(f"/vertrouwen{path}").status_code == 403, path
    assert "Privacy en journaal" not in client.get("/werkvoorraad").text
    assert "Privacy en journaal" in log_in("beheerder", name="bea").get("/werkvoorraad").text


def test_the_journal_is_checked_and_that_is_written_down(book: Book, log_in: LogIn) -> None:
    filed(book)
    book.upkeep()
    client = log_in()
    assert "Nog niet nagekeken" in words(client.get("/vertrouwen/journaal"))
    answer = send(client, "/vertrouwen/journaal")
    assert "Het journaal is heel." in words(answer)
    assert told(book, events.VERIFIED) == 1
    assert "door lien: Heel" in words(client.get("/vertrouwen"))
    head = re.search(r"Einde van de keten: (\d+:[0-9a-f]{64})", words(answer))
    assert head is not None
    assert "Het journaal is heel." in words(send(client, "/vertrouwen/journaal", einde=head[1]))
    other = head[1][:-4] + ("0000" if not head[1].endswith("0000") else "1111")
    assert "Het journaal is niet heel" in words(send(client, "/vertrouwen/journaal", einde=other))
    assert send(client, "/vertrouwen/journaal", einde="iets").status_code == 422


def test_a_change_behind_the_back_of_the_program_is_told(book: Book, log_in: LogIn) -> None:
    filed(book)
    book.upkeep()
    with book.engine.begin() as connection:
        connection.exec_driver_sql("alter table event disable trigger user")
        connection.exec_driver_sql("update event set who = 'niemand' where id = 1")
    answer = send(log_in(), "/vertrouwen/journaal")
    assert "Het journaal is niet heel" in words(answer) and "Gewijzigd: event, rij 1" in words(answer)


@pytest.mark.parametrize("asked", ["kw-2026-00001", "LIEN@voorbeeld.example", "zoe claes"])
def test_who_read_a_dossier_is_found_by_number_address_or_sealed_name(book: Book, log_in: LogIn, asked: str) -> None:
    reference, digest = filed(book)
    log_in("medewerker", name="els").get(f"/bericht/{digest}")
    client = log_in()
    answer = send(client, "/vertrouwen/gelezen", wie=asked)
    assert reference in words(answer) and re.search(r"om \d\d:\d\d els KW-2026-00001", words(answer))
    assert "Niets gevonden" in words(send(client, "/vertrouwen/gelezen", wie="Iemand Anders"))
    by_els = client.get("/vertrouwen/journaal?naam=els")
    assert "Wat els het laatst las" in words(by_els) and digest[:8] in words(by_els)


def test_the_latest_events_come_page_by_page(book: Book, log_in: LogIn) -> None:
    reference, _ = filed(book)
    with book.begin() as page:
        for number in range(60):
            page.note("an", f"nota {number}", reference=reference)
    client = log_in()
    first = client.get("/vertrouwen/journaal?naam=an")
    following = re.search(r'rel="next" href="(\?[^"]+)"', first.text)
    assert following is not None
    rest = client.get(f"/vertrouwen/journaal{unescape(following[1])}")
    assert (words(first).count("Notitie"), words(rest).count("Notitie")) == (50, 10)
    assert "nota 3" not in first.text


def test_two_keepers_erase_and_one_alone_never(book: Book, log_in: LogIn) -> None:
    reference, digest = filed(book)
    spam = homeless(book)
    first, second = log_in(name="bea"), log_in(name="bo")
    assert "Bericht zonder dossier: 1 jaar na de ontvangst" in words(first.get("/vertrouwen/bewaren"))
    assert "staan klaar" in words(send(first, "/vertrouwen/bewaren/voorstellen"))
    answer = send(first, "/vertrouwen/persoon/wissen", dossier=reference, waarom="Vraag van de persoon zelf")
    assert "Twee mensen keuren het goed" in words(answer)
    numbers = re.findall(r'name="nummer" value="(\d+)"', first.get("/vertrouwen/bewaren").text)
    assert len(numbers) == 2
    assert send(first, "/vertrouwen/bewaren/goedkeuren", nummer=numbers).status_code == 422
    assert "nog niets gewist" in words(send(first, "/vertrouwen/bewaren/goedkeuren", nummer=numbers, zeker="ja"))
    again = send(first, "/vertrouwen/bewaren/goedkeuren", nummer=numbers, zeker="ja")
    assert (again.status_code, "tweede persoon" in words(again)) == (409, True)
    assert "bea keurde dit goed" in words(second.get("/vertrouwen/bewaren"))
    assert book.raw(digest)
    assert "Gewist" in words(send(second, "/vertrouwen/bewaren/goedkeuren", nummer=numbers, zeker="ja"))
    assert (book.raw(digest), book.raw(spam)) == (b"", b"")
    assert "goedgekeurd door bea en bo" in words(first.get("/vertrouwen/bewaren"))
    assert book.verify_journal().whole


def test_what_is_held_is_shown_and_cannot_be_erased(book: Book, log_in: LogIn) -> None:
    reference, digest = filed(book)
    first, second = log_in(name="bea"), log_in(name="bo")
    send(first, "/vertrouwen/persoon/wissen", dossier=reference, waarom="Vraag")
    (number,) = re.findall(r'name="nummer" value="(\d+)"', first.get("/vertrouwen/bewaren").text)
    send(first, "/vertrouwen/bewaren/goedkeuren", nummer=number, zeker="ja")
    with book.begin() as page:
        page.treat(reference, "an").hold("Zaak bij de rechtbank")
    stopped = send(second, "/vertrouwen/bewaren/goedkeuren", nummer=number, zeker="ja")
    assert (stopped.status_code, "vastgehouden" in words(stopped)) == (409, True)
    assert book.raw(digest)
    assert f"{reference} : Zaak bij de rechtbank" in words(first.get("/vertrouwen/bewaren"))
    assert "Geweigerd" in words(send(second, "/vertrouwen/bewaren/weigeren", nummer=number))
    held = send(first, "/vertrouwen/persoon/wissen", dossier=reference, waarom="Vraag")
    assert (held.status_code, "wordt bewaard" in words(held)) == (409, True)


def test_a_person_is_found_by_sealed_name_and_gets_a_copy_that_is_written_down(book: Book, log_in: LogIn) -> None:
    reference, _ = filed(book)
    spam = homeless(book)
    client = log_in()
    assert reference in words(send(client, "/vertrouwen/persoon", wie="ZOE CLAES"))
    assert "niets gevonden" in words(send(client, "/vertrouwen/persoon", wie="Zoë"))
    both = send(client, "/vertrouwen/persoon", wie="lien@voorbeeld.example")
    assert "1 dossier, 1 bericht zonder dossier" in words(both)
    whole = send(client, "/vertrouwen/persoon/afschrift", dossier=reference, bericht=spam, vorm="json")
    assert whole.headers["content-disposition"] == 'attachment; filename="afschrift-2027-06-15.json"'
    found = json.loads(whole.text)
    assert "Zoë Claes" in [one["name"] for one in found["dossiers"][0]["personen"]]
    assert found["berichten zonder dossier"][0]["onderwerp"] == "Reclame"
    read = send(client, "/vertrouwen/persoon/afschrift", dossier=reference)
    assert "Niemand belt terug." in read.text and "Zoë Claes" in read.text and "<script" not in read.text
    assert "sandbox" in read.headers["content-security-policy"]
    assert told(book, events.EXTRACTED) == 3
    looked = words(send(client, "/vertrouwen/gelezen", wie=reference))
    assert "Afschrift gemaakt" in looked and "lien" in looked
    assert send(client, "/vertrouwen/persoon/afschrift").status_code == 422
    assert send(client, "/vertrouwen/persoon/afschrift", dossier="KW-1999-00001").status_code == 404


def test_a_copy_shows_what_somebody_wrote_as_words(book: Book, log_in: LogIn) -> None:
    reference, _ = filed(book)
    with book.begin() as page:
        page.note("an", "<script>document.title='stuk'</script>", reference=reference)
    read = send(log_in(), "/vertrouwen/persoon/afschrift", dossier=reference).text
    assert "&lt;script&gt;" in read and "<script" not in read


def test_the_same_is_not_proposed_twice_and_a_reason_is_needed(book: Book, log_in: LogIn) -> None:
    reference, _ = filed(book)
    client = log_in()
    assert send(client, "/vertrouwen/persoon/wissen", dossier=reference).status_code == 422
    assert send(client, "/vertrouwen/persoon/wissen", waarom="Vraag").status_code == 422
    assert send(client, "/vertrouwen/persoon/wissen", dossier=reference, waarom="Vraag").status_code == 200
    twice = send(client, "/vertrouwen/persoon/wissen", dossier=reference, waarom="Vraag")
    assert (twice.status_code, "al voorgesteld" in words(twice)) == (409, True)
    assert send(client, "/vertrouwen/persoon/wissen", dossier="KW-1999-00001", waarom="x").status_code == 404
    assert send(client, "/vertrouwen/persoon/wissen", bericht="0" * 64, waarom="x").status_code == 404


def test_the_file_to_learn_from_names_nobody(book: Book, log_in: LogIn) -> None:
    filed(book)
    client = log_in()
    assert client.get("/vertrouwen/leerbestand").status_code == 200
    answer = send(client, "/vertrouwen/leerbestand")
    (line,) = answer.text.splitlines()
    assert "Vermeer" not in line and "voorbeeld.example" not in line
    assert json.loads(line)["sector"] == "pleegzorg"
    assert told(book, events.LEARNED) == 1
