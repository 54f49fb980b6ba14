from dataclasses import replace
from datetime import UTC, datetime, timedelta

from register import work
from register.book import Book
from register.timeline import timeline
from tests.register.made import RECEIVED, decision, entered, envelope, letter


def test_mails_letters_contributions_and_documents_stand_on_one_line_in_order_of_time(book: Book) -> None:
    digest, dossier = entered(book)
    assert dossier is not None
    later = replace(envelope(), received=RECEIVED + timedelta(days=3))
    entered(book, decision("toevoegen", "aanvulling", dossier=dossier.reference), subject="Nog iets", envelope=later)
    sent = RECEIVED + timedelta(days=1)
    with Book(book.engine, now=lambda: sent).begin() as page:
        number = page.hold(dossier.reference, letter(digest), released=True)
        page.sent(number, "")
        asked = work.ask(
            page.connection, dossier.reference, "an", "Wat?", department="Klantenbeheer", role="klantenbeheerder"
        )
        work.contribute(page.connection, asked, "kim", "Dit.", datetime(2030, 1, 1, tzinfo=UTC))
        work.add_document(page.connection, dossier.reference, "an", "nota.pdf", "application/pdf", b"%PDF")
    with book.begin() as page:
        found = timeline(page.connection, dossier.reference)
        assert timeline(page.connection, "KW-1999-00001") == ()
    assert [one.at for one in found] == sorted(one.at for one in found)
    told = [(one.kind, one.what, one.incoming) for one in found if one.kind != "gebeurtenis"]
    assert told == [
        ("bericht", "Klacht", True),
        ("brief", "Uw klacht", False),
        ("bericht", "Nog iets", True),
        ("bijdrage", "gevraagd aan Klantenbeheer", False),
        ("document", "nota.pdf", False),
        ("bijdrage", "antwoord van Klantenbeheer", True),
    ]
    assert all("belt terug" not in one.what for one in found)
