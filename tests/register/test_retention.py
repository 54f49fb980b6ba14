from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from intake.message import Envelope
from register import access, drafts, retention, work
from register.book import Book
from register.letters import LetterGoneError
from register.outgoing import Wording
from register.page import Page
from register.parties import Person
from register.retention import AlreadyProposedError, HeldError, SamePersonError
from register.sealing import Key
from tests.register.made import RECEIVED, decision, entered, letter

KEY = Key(b"k" * 32)
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
SECRET = "Warrelkamp"


def at(book: Book, moment: datetime) -> Book:
    return Book(book.engine, now=lambda: moment, key=KEY)


def full(book: Book) -> tuple[str, str]:
    """A dossier in which one secret word stands in every place that there is; its reference and mail."""
    digest, dossier = entered(book, words=f"Ik heet {SECRET}.", subject=f"Van {SECRET}")
    assert dossier is not None
    reference = dossier.reference
    with at(book, NOW).begin() as page:
        here, treat = page.connection, page.treat(reference, "an")
        number = page.hold(reference, replace(letter(digest), text=f"Dag {SECRET}"), released=False)
        page.revise(number, "an", Wording("Uw klacht", f"Beste {SECRET}"))
        drafts.keep(here, drafts.Place(digest, number), "an", Wording(SECRET, f"Dag {SECRET}"), seen=0)
        drafts.keep(here, drafts.Place(digest), "bert", Wording("", f"{SECRET} belde"), seen=0)
        page.note("an", f"Belde met {SECRET}", reference=reference)
        treat.add_person(Person("kind", SECRET))
        treat.refuse("anoniem", f"Omdat {SECRET}")
        work.set_task(here, reference, "an", f"Bel {SECRET}", "an", None)
        work.improve(here, reference, "an", f"Niet meer {SECRET}")
        work.add_document(here, reference, "an", f"{SECRET}.txt", "text/plain", SECRET.encode())
        work.ask(here, reference, "an", f"Wie is {SECRET}?", department="x", role="klantenbeheerder")
        _post(page, reference, digest)
        page.settle(digest, "an")
    return reference, digest


def _post(page: Page, reference: str, digest: str) -> None:
    """A second letter, that left and of which the proof copy is kept with what the relay said."""
    number = page.hold(reference, replace(letter(digest, "eindantwoord"), text=f"Dag {SECRET}"), released=True)
    copy = f"To: {SECRET} <lien@voorbeeld.example>\r\nSubject: Uw klacht\r\n\r\nDag {SECRET}\r\n"
    page.sent(number, f"{number}@opgroeien.example", copy=copy, answer=f"250 queued for {SECRET}")


def places(book: Book) -> list[str]:
    """Every table in which the word still stands, in text or in bytes, plain or as the stem that is searched."""
    with book.engine.connect() as connection:
        names = connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all()
        found = []
        for name in names:
            for word in (SECRET.lower(), SECRET.encode().hex()):
                here = f"select count(*) from {name} as t where lower(t::text) like '%{word}%'"
                if connection.scalar(text(here)):
                    found.append(name)
        return sorted(set(found))


def test_two_people_erase_a_dossier_in_place_and_statistics_and_chain_stay(book: Book) -> None:
    reference, digest = full(book)
    book.upkeep()
    assert len(places(book)) >= 8
    with at(book, NOW).begin() as page:
        number = retention.ask(page.connection, reference, "an", f"{SECRET} vroeg het")
        assert not retention.approve(page.connection, number, "an", NOW)
    with pytest.raises(SamePersonError), at(book, NOW).begin() as page:
        retention.approve(page.connection, number, "an", NOW)
    with at(book, NOW).begin() as page:
        assert retention.approve(page.connection, number, "bert", NOW)
    assert places(book) == []
    verdict = book.verify_journal()
    assert verdict.whole and verdict.erased > 5
    file, record = book.file(reference), book.record(digest)
    assert file is not None and record is not None
    assert (file.dossier.status, file.dossier.sender.address, record.message.text) == ("gesloten", "", "")
    assert (record.decision.sector, record.item.sector) == ("jeugdhulp", "jeugdhulp")
    with book.engine.connect() as connection:
        assert connection.scalar(text("select ground from dossier")) == "anoniem"
        assert connection.scalar(text("select sum(number) from tally where field = 'reden'")) == 1


def test_the_proof_copy_of_a_letter_goes_too_and_a_letter_that_waits_never_leaves(book: Book) -> None:
    reference, _ = full(book)
    before = book.file(reference)
    assert before is not None
    assert {SECRET in one.outgoing.copy for one in before.letters} == {True, False}
    with at(book, NOW).begin() as page:
        number = retention.ask(page.connection, reference, "an", "x")
        retention.approve(page.connection, number, "an", NOW)
        retention.approve(page.connection, number, "bert", NOW)
    after = book.file(reference)
    assert after is not None
    assert [(one.outgoing.copy, one.outgoing.answer, one.outgoing.to.address) for one in after.letters] == [
        ("",) * 3
    ] * 2
    assert {one.state: one.withdrawn is not None for one in after.letters} == {"vastgehouden": True, "verzonden": False}
    with pytest.raises(LetterGoneError), book.begin() as page:
        page.release(next(one.id for one in after.letters if one.withdrawn), "an")


def test_the_same_is_not_proposed_twice_and_a_mail_without_dossier_can_be_asked_for(book: Book) -> None:
    reference, _ = full(book)
    digest, _ = entered(book, decision("negeren", "automatisch"), words=f"Reclame van {SECRET}")
    with book.begin() as page:
        first = retention.ask(page.connection, reference, "an", "x")
        retention.ask(page.connection, None, "an", "x", digest=digest)
    for wanted in ((reference, None), (None, digest)):
        with pytest.raises(AlreadyProposedError), book.begin() as page:
            retention.ask(page.connection, wanted[0], "an", "x", digest=wanted[1])
    with pytest.raises(LookupError), book.begin() as page:
        retention.ask(page.connection, None, "an", "x", digest="0" * 64)
    with book.begin() as page:
        retention.refuse(page.connection, first, "bert", NOW)
        assert [one.id for one in retention.past(page.connection)] == [first]
        retention.ask(page.connection, reference, "an", "opnieuw")


def test_what_will_fall_due_is_counted_per_rule_without_what_is_held_or_proposed(book: Book) -> None:
    old, _ = full(book)
    kept, _ = full(book)
    entered(book, decision("negeren", "automatisch"))
    with at(book, NOW).begin() as page:
        page.treat(kept, "an").hold("Zaak bij de rechtbank")

    def counted(day: date) -> dict[str, int]:
        with book.engine.connect() as connection:
            return {one.rule.id: one.number for one in retention.coming(connection, book.law, day)}

    assert counted(date(2026, 12, 1)) == {"klachtdossier": 0, "bericht-zonder-dossier": 0}
    assert counted(date(2027, 4, 1)) == {"klachtdossier": 0, "bericht-zonder-dossier": 1}
    assert counted(date(2040, 1, 1)) == {"klachtdossier": 1, "bericht-zonder-dossier": 1}
    with book.begin() as page:
        retention.ask(page.connection, old, "an", "x")
        assert retention.held(page.connection) == ((kept, "Zaak bij de rechtbank"),)
    assert counted(date(2040, 1, 1))["klachtdossier"] == 0


def test_what_is_past_its_time_is_proposed_once_and_what_is_held_never(book: Book) -> None:
    old, _ = full(book)
    held, _ = full(book)
    entered(book, decision("negeren", "automatisch"))
    with at(book, NOW).begin() as page:
        page.treat(held, "an").hold("Zaak bij de rechtbank")
    with book.engine.begin() as connection:
        connection.execute(text("update dossier set closed = closed - interval '11 years'"))
    later = RECEIVED + timedelta(days=400)
    for _ in range(2):
        at(book, later).upkeep()
    with book.begin() as page:
        found = retention.waiting(page.connection)
    assert [(one.dossier, one.rule) for one in found if one.dossier] == [(old, "klachtdossier")]
    assert [one.rule for one in found if one.digest] == ["bericht-zonder-dossier"]
    with pytest.raises(HeldError), book.begin() as page:
        retention.ask(page.connection, held, "an", "x")


def test_a_hold_after_the_first_approval_still_stops_the_erasure(book: Book) -> None:
    reference, _ = full(book)
    with book.begin() as page:
        number = retention.ask(page.connection, reference, "an", "x")
        retention.approve(page.connection, number, "an", NOW)
        page.treat(reference, "cas").hold("Onderzoek")
    with pytest.raises(HeldError), book.begin() as page:
        retention.approve(page.connection, number, "bert", NOW)
    assert book.raw(book.file(reference).items[0].digest)  # type: ignore[union-attr]


def test_a_refused_proposal_ends_and_a_mail_without_dossier_is_erased_alike(book: Book) -> None:
    reference, _ = full(book)
    digest, _ = entered(book, decision("negeren", "automatisch"), words=f"Reclame van {SECRET}")
    at(book, RECEIVED + timedelta(days=400)).upkeep()
    with book.begin() as page:
        number = retention.ask(page.connection, reference, "an", "x")
        retention.refuse(page.connection, number, "bert", NOW)
        (left,) = retention.waiting(page.connection)
        retention.approve(page.connection, left.id, "an", NOW)
        retention.approve(page.connection, left.id, "bert", NOW)
        assert retention.waiting(page.connection) == ()
        with pytest.raises(LookupError):
            retention.approve(page.connection, number, "cas", NOW)
    record = book.record(digest)
    assert record is not None and record.message.text == "" and book.raw(digest) == b""
    assert book.verify_journal().whole


def test_an_erased_mail_that_comes_again_is_still_known(book: Book) -> None:
    reference, digest = full(book)
    raw = book.raw(digest)
    assert raw is not None
    with book.begin() as page:
        number = retention.ask(page.connection, reference, "an", "x")
        retention.approve(page.connection, number, "an", NOW)
        retention.approve(page.connection, number, "bert", NOW)
    again = Envelope("imap", "", (), NOW)
    assert book.keep(raw, again).known


def test_a_person_gets_what_is_held_on_him_by_address_or_sealed_name(book: Book) -> None:
    reference, _ = full(book)
    with at(book, NOW).begin() as page:
        by_address = access.found(page.connection, "LIEN@voorbeeld.example", KEY)
        by_name = access.found(page.connection, SECRET.upper(), KEY)
        extract = access.extract(page.connection, reference, KEY)
        assert access.extract(page.connection, "KW-1999-00001", KEY) is None
    assert by_address == by_name == (reference,)
    assert extract is not None
    assert extract["personen"][0]["name"] == SECRET
    assert SECRET in extract["berichten"][0]["tekst"] and len(extract["brieven"]) == 2
    assert extract["documenten"][0]["name"] == f"{SECRET}.txt"


def test_mails_to_learn_from_name_nobody(book: Book) -> None:
    words = (
        "Ik ben Lien Vermeer, 0471 23 45 67, lien.v@voorbeeld.example, Kerkstraat 12, 9000 Gent. "
        "Mijn dochter Zoë (85.07.30-033.28, geboren 06/05/2019) en BE68 5390 0754 7034. Lien's klacht."
    )
    _, dossier = entered(book, words=words)
    assert dossier is not None
    with at(book, NOW).begin() as page:
        page.treat(dossier.reference, "an").add_person(Person("kind", "Zoë"))
        (line,) = access.pseudonymised(page.connection, KEY)
    told = line["tekst"]
    for name in ("Lien", "Vermeer", "Zoë", "0471", "lien.v", "Kerkstraat", "Gent", "85.07", "06/05", "BE68"):
        assert name not in told
    assert "Mijn dochter [naam]" in told and line["sector"] == "jeugdhulp"
