from register import parties, work
from register.book import Book
from register.parties import Person
from tests.console.conftest import LogIn
from tests.console.dossier.conftest import HERE, KEY, opened, plain, reference


def test_the_page_shows_writer_terms_parts_and_the_step_that_comes_next(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    page = plain(log_in().get(f"/dossier/{year}"))
    assert "klager Lien Vermeer lien@voorbeeld.example" in page.replace("Klager", "klager")
    assert "Waarom deze datum" in page and "dat is dag 0" in page
    assert "Deel 1 Voorstel" in page and "Samen met de bevoegde afdeling" in page
    assert "Opnemen artikel II.86 Nu te doen" in page
    assert "Ontvankelijkheid artikelen II.76 en II.77 Nog niet" in page
    assert "Geen regel laat deze termijn stilstaan" in page


def test_the_writer_of_a_mail_stands_sealed_in_its_dossier(book: Book) -> None:
    opened(book)
    opened(book, "2", soort="vraag", uitkomst="beantwoorden")
    with book.begin() as page:
        found = parties.found(page.connection, "LIEN VERMEER", KEY)
        roles = [person.role for one in found for person in parties.of(page.connection, one, KEY)]
        raw = page.connection.exec_driver_sql("select string_agg(party::text, '') from party").scalar_one()
    assert roles == ["klager", "schrijver"]
    assert "Lien" not in raw


def test_without_the_key_nobody_is_written_and_the_page_says_why(book: Book, log_in: LogIn) -> None:
    book.key = None
    year = reference(opened(book), book)
    assert "de sleutel ontbreekt" in plain(log_in().get(f"/dossier/{year}"))


def test_who_looks_at_a_dossier_is_written_down(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    log_in().get(f"/dossier/{year}")
    with book.engine.connect() as connection:
        rows = connection.exec_driver_sql("select account, dossier from reading").all()
    assert [tuple(row) for row in rows] == [("lien", year)]


def test_the_timeline_tells_in_names_and_real_dates_and_never_in_codes(book: Book, log_in: LogIn) -> None:
    year = reference(opened(book), book)
    with book.begin() as page:
        treat = page.treat(year, "an")
        treat.admit()
        treat.conclude("deels-gegrond", "Kort.", solution="deels-opgelost", norms=["N09"])
        treat.describe(themes=["contract-financieel"], severity="ernstig")
        treat.add_person(Person("kind", "Zoë"))
        number = work.set_task(page.connection, year, "an", "Bel de crèche", "an", None)
        work.end_task(page.connection, number, "an", book.now())
        treat.hold("Er loopt een rechtszaak.")
    page_ = plain(log_in().get(f"/dossier/{year}"))
    timeline = page_.partition("Bewaar de notitie")[2].partition("Termijnen Ontvangst")[0]
    assert "Bevinding: deels gegrond." in timeline
    assert "Ombudsnormen: vlotte bereikbaarheid." in timeline
    assert "Thema's: contract en geld." in timeline
    assert "Ernst: ernstig (was: gewoon)." in timeline
    assert "Als kind." in timeline and "Bel de crèche" in timeline
    assert "Zoë" not in timeline
    assert "N09" not in page_ and "{" not in page_


def test_a_dossier_that_is_not_there_is_not_found_whatever_is_asked_of_it(log_in: LogIn) -> None:
    client = log_in()
    for path in (
        HERE,
        f"{HERE}/document/1",
        f"{HERE}/deel/1/plaats",
        "/organisatoren/1",
        "/locaties/99999999999999999999",
    ):
        assert client.get(path).status_code == 404, path
