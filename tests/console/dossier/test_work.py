"""Parts, people, questions, tasks, documents, links and moved mails."""

import pytest

from register import directory, file, parts, work
from register.book import Book
from register.law import shipped
from tests.console.conftest import LogIn
from tests.console.dossier.conftest import opened, plain, reference, send
from tests.console.made import LETTER, entered, written


def test_a_mail_is_split_into_parts_each_treated_in_its_own_way(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    client, here = log_in("medewerker"), f"/dossier/{year}"
    assert send(client, "deel", here, onderwerp="", stroom="eigen-dienst").status_code == 422
    send(client, "deel", here, onderwerp="De brief kwam te laat", stroom="eigen-dienst", sector="pleegzorg")
    send(client, "deel/1", here, onderwerp="Afspraken", stroom="doorverwezen", afdeling="Zorginspectie")
    with book.engine.connect() as connection:
        found = parts.of(connection, year)
    assert [(part.place, part.subject, part.stream, part.department) for part in found] == [
        (1, "Afspraken", "doorverwezen", "Zorginspectie"),
        (2, "De brief kwam te laat", "eigen-dienst", ""),
    ]
    assert (
        send(client, "deel/2", f"/dossier/{reference(opened(book, '2'), book)}", stroom="beantwoord").status_code == 404
    )


def test_an_organiser_is_added_from_a_part_and_its_earlier_complaints_show_their_severity(
    book: Book, log_in: LogIn
) -> None:
    old, new = (reference(opened(book, number), book) for number in ("1", "2"))
    client = log_in("medewerker")
    send(
        client, "deel/1/nieuwe-plaats", f"/dossier/{old}", naam="De Bij vzw", soort="kinderopvang", locatie="Villa Bij"
    )
    send(client, "beschrijving", f"/dossier/{old}", ernst="gevaar", telt="klacht", thema="voeding")
    page = client.get(f"/dossier/{new}/deel/2/plaats", params={"zoek": "bij"})
    assert "Kies deze locatie : Villa Bij" in plain(page)
    send(client, "deel/2/plaats", f"/dossier/{new}", organisator="1", locatie="1")
    shown = plain(client.get(f"/dossier/{new}"))
    assert "De ernstigste staat eerst. Gevaar " + old in shown
    assert "zelfde locatie" in shown and "voeding" in shown


def test_a_number_of_the_directory_belongs_to_one_organiser(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    with book.begin() as page:
        directory.add_organiser(page.connection, "an", "De Bij", "kinderopvang", shipped(), number="K1")
    answer = send(log_in(), "deel/1/nieuwe-plaats", f"/dossier/{year}", naam="Zoem", soort="kinderopvang", nummer="K1")
    assert answer.status_code == 422 and "Nummer K1 hoort al bij De Bij" in plain(answer)


def test_people_are_added_and_struck_and_a_wrong_number_is_told(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    client, here = log_in("medewerker"), f"/dossier/{year}"
    assert "geen geldig rijksregisternummer" in send(client, "persoon", here, rol="kind", naam="Zoë", nummer="123").text
    shown = plain(send(client, "persoon", here, rol="kind", naam="Zoë Peeters", geboren="2019-05-06"))
    assert "Kind Zoë Peeters , geboren op 6 mei 2019" in shown
    assert "Zoë" not in plain(send(client, "persoon/2/schrappen", here))
    assert send(client, "persoon/2/schrappen", here).status_code == 404


def test_the_department_is_asked_and_whoever_was_asked_answers_with_the_role_of_reader(
    book: Book, log_in: LogIn
) -> None:
    year = reference(opened(book), book)
    here = f"/dossier/{year}"
    client, asked, other = log_in("medewerker"), log_in("lezer", name="kb"), log_in("lezer", name="piet")
    send(client, "vraag", here, afdeling="Kinderopvang", rol="klantenbeheerder", aan="kb", vraag="Wat is er bekend?")
    assert year in plain(asked.get("/mijn-werk"))
    token = {
        "versie": send(client, "taak", here, wat="Bel", tegen="").text.split('name="versie" value="')[1].split('"')[0]
    }
    for who, status in ((other, 403), (asked, 200)):
        proof = who.get("/werkvoorraad").text.split('name="bewijsje" value="')[1].split('"')[0]
        answer = who.post(f"{here}/vraag/1/antwoord", data=token | {"bewijsje": proof, "tekst": "De inspectie kwam."})
        assert answer.status_code == status
    assert "Antwoord van kb" in plain(client.get(here))


def test_a_task_and_an_improvement_are_set_and_done(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    client, here = log_in("medewerker"), f"/dossier/{year}"
    send(client, "taak", here, wat="Bel de crèche", tegen="2026-03-01")
    send(client, "verbeteractie", here, wat="Terugbellen binnen de week", wie="Onthaal")
    assert "Bel de crèche" in plain(client.get("/mijn-werk"))
    assert "Gedaan door lien" in plain(send(client, "taak/1/gedaan", here))
    assert "Uitgevoerd op" in plain(send(client, "verbeteractie/1/uitgevoerd", here))
    assert send(client, "taak/7/gedaan", here).status_code == 404


def test_outcomes_of_childcare_are_kept_and_only_those_of_the_list(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book, sector="kinderopvang"), book)
    client, here = log_in(), f"/dossier/{year}"
    send(client, "opvolging", here, opvolging=["inspectieopdracht", "informatieve-nota"])
    assert send(client, "opvolging", here, opvolging=["onzin"]).status_code == 422
    with book.engine.connect() as connection:
        assert file.row(connection, year).outcomes == ["inspectieopdracht", "informatieve-nota"]


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("verslag.pdf", b"%PDF-1.7 " + b"x" * 3_000_000, 200),
        ("..\\..\\brief.txt", "Beste ë".encode(), 200),
        ("foto.png", b"<html>", 422),
        ("pagina.html", b"<script>alert(1)</script>", 422),
        ("virus.exe", b"MZ", 422),
        ("leeg.pdf", b"", 422),
    ],
)
def test_a_document_of_a_safe_kind_is_kept_and_comes_back_as_a_download(
    book: Book, log_in: LogIn, name: str, content: bytes, status: int
) -> None:
    year = reference(opened(book), book)
    client, here = log_in("medewerker"), f"/dossier/{year}"
    answer = send(client, "document", here, files={"stuk": (name, content, "text/html")})
    assert answer.status_code == status
    with book.engine.connect() as connection:
        found = work.documents(connection, year)
    assert len(found) == (status == 200)
    if found:
        back = client.get(f"{here}/document/{found[0].id}")
        assert back.content == content and "/" not in found[0].name and "\\" not in found[0].name
        assert back.headers["content-type"] == "application/octet-stream"
        assert back.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert "sandbox" in back.headers["content-security-policy"]


def test_a_document_is_not_handed_out_by_another_dossier(book: Book, log_in: LogIn) -> None:
    one, other = (reference(opened(book, number), book) for number in ("1", "2"))
    client = log_in()
    send(client, "document", f"/dossier/{one}", files={"stuk": ("a.txt", b"a", "text/plain")})
    assert client.get(f"/dossier/{other}/document/1").status_code == 404


def test_dossiers_are_tied_and_seen_from_both(book: Book, log_in: LogIn) -> None:
    one, other = (reference(opened(book, number), book) for number in ("1", "2"))
    client = log_in("medewerker")
    assert "KW-1 is er niet" in send(client, "verband", f"/dossier/{one}", ander="kw-1", band="zie-ook").text
    assert send(client, "verband", f"/dossier/{one}", ander=one, band="zie-ook").status_code == 422
    send(client, "verband", f"/dossier/{one}", ander=other.lower(), band="zelfde-kind")
    assert f"{one} zelfde kind" in plain(client.get(f"/dossier/{other}"))


def test_a_mail_moves_to_another_dossier_with_its_history_and_its_waiting_letter_is_taken_back(
    book: Book, log_in: LogIn
) -> None:
    first = reference(opened(book), book)
    digest = entered(book, written(number="2"), letter=LETTER)
    second = reference(digest, book)
    client = log_in("medewerker")
    answer = send(client, "verplaats", f"/dossier/{second}", bericht=digest, naar=first.lower())
    assert answer.url.path == f"/dossier/{first}"
    record = book.record(digest)
    assert record is not None and record.dossier is not None
    assert (record.dossier.reference, len(record.judgements)) == (first, 2)
    assert record.letters[0].withdrawn is not None
    left = plain(client.get(f"/dossier/{second}"))
    assert "Dit nummer is vervallen" in left and f"Ander dossier: {first}" in left
    assert send(client, "verplaats", f"/dossier/{second}", bericht=digest, naar=first).status_code == 404
