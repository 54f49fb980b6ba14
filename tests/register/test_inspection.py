from register import events, inspection
from register.book import Book
from tests.register.made import entered


def test_the_latest_events_come_first_page_by_page_and_by_person(book: Book) -> None:
    digest, _ = entered(book)
    for number in range(4):
        with book.begin() as page:
            page.note("an" if number % 2 else "bert", f"nota {number}", digest=digest)
    with book.engine.connect() as connection:
        first, mark = inspection.latest(connection, what=events.NOTED, limit=3)
        rest, end = inspection.latest(connection, what=events.NOTED, before=mark, limit=3)
        by_an, _ = inspection.latest(connection, who="an")
    assert [one.detail["tekst"] for one in (*first, *rest)] == ["nota 3", "nota 2", "nota 1", "nota 0"]
    assert end == 0
    assert {one.who for one in by_an} == {"an"}


def test_who_read_a_dossier_is_told_with_its_mails_and_no_others(book: Book) -> None:
    digest, dossier = entered(book)
    other, _ = entered(book)
    assert dossier is not None
    with book.begin() as page:
        page.note_read("an", digest)
        page.note_read("bert", reference=dossier.reference)
        page.note_read("cas", other)
    with book.engine.connect() as connection:
        looks = inspection.looks_at(connection, [dossier.reference])
        of_mail = inspection.looks_at(connection, [], [other])
        by_an = inspection.looks_by(connection, "an")
        nobody = inspection.looks_at(connection, [], [""])
        told = inspection.events_of(connection, [dossier.reference])
    assert [(one.account, one.digest, one.dossier) for one in looks] == [
        ("bert", "", dossier.reference),
        ("an", digest, dossier.reference),
    ]
    assert [one.account for one in of_mail] == ["cas"]
    assert [one.digest for one in by_an] == [digest]
    assert nobody == ()
    assert {one.what for one in told} >= {events.ENTERED, events.OPENED}
