import json
from dataclasses import fields

import pytest

from register.book import Book
from tests.register.made import decision, entered, letter
from triage.decision import Part
from triage.vocabulary import VELDEN


def test_a_line_has_exactly_the_agreed_keys_and_is_plain_json(book: Book) -> None:
    parted = decision(
        delen=tuple(Part(**{field.name: getattr(decision(), field.name) for field in fields(Part)}) for _ in "ab")
    )
    digest, dossier = entered(book, parted)
    assert dossier is not None
    with book.begin() as page:
        number = page.hold(
            dossier.reference, letter(digest, "doorverwijzing", bodies=("school", "clb")), released=False
        )
    record = book.record(digest)
    assert record is not None
    (line,) = book.export()
    assert json.loads(json.dumps(line)) == line
    assert list(line) == [
        "referentie", "message_id", "ontvangen", *VELDEN, "delen", "bevestigen_voor", "antwoorden_voor", "brieven",
    ]  # fmt: skip
    assert line["referentie"] == "KW-2026-00001"
    assert line["message_id"] == record.message.message_id
    assert line["ontvangen"] == "2026-03-02T10:30:00+01:00"
    assert (line["bevestigen_voor"], line["antwoorden_voor"]) == ("2026-03-12", "2026-04-16")
    assert line["brieven"] == [
        {"id": number, "sjabloon": "doorverwijzing", "instanties": ["school", "clb"], "staat": "vastgehouden"}
    ]
    assert (line["decreten"], line["ontbreekt"]) == (["integrale-jeugdhulp"], ["adres"])
    delen = line["delen"]
    assert isinstance(delen, list) and len(delen) == 2 and list(delen[0]) == list(VELDEN)


def test_ignored_mail_has_its_line_without_reference_and_each_message_has_one(book: Book) -> None:
    entered(book, decision("negeren", "automatisch"))
    for _ in range(3):
        entered(book)
    lines = list(book.export())
    assert len({line["message_id"] for line in lines}) == 4
    (ignored,) = [line for line in lines if line["uitkomst"] == "negeren"]
    assert (ignored["referentie"], ignored["bevestigen_voor"], ignored["brieven"]) == (None, None, [])


def test_letters_stay_with_their_message_over_several_batches(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("register.export._AT_ONCE", 2)
    made = {}
    for _ in range(5):
        digest, dossier = entered(book)
        assert dossier is not None
        with book.begin() as page:
            made[dossier.reference] = page.hold(dossier.reference, letter(digest), released=False)
    exported = {line["referentie"]: line["brieven"] for line in book.export()}
    assert {reference: written[0]["id"] for reference, written in exported.items()} == made  # type: ignore[index]
