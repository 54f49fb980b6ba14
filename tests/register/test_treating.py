from datetime import UTC, date, datetime

import pytest

from register import directory, events, file, parties, parts, reading, work
from register.book import Book
from register.law import shipped
from register.parties import Person
from register.sealing import Key, KeyMissingError
from register.treating import InvolvedError
from tests.register.made import decision, entered
from triage.decision import Part

KEY = Key(b"k" * 32)


def opened(book: Book, **changed: object) -> str:
    _, dossier = entered(book, decision(**changed))  # type: ignore[arg-type]
    assert dossier is not None
    return dossier.reference


def test_only_who_confirms_not_to_be_involved_becomes_handler(book: Book) -> None:
    reference = opened(book)
    with pytest.raises(InvolvedError), book.begin() as page:
        page.treat(reference, "baas").hand_to("an", not_involved=False)
    with book.begin() as page:
        page.treat(reference, "baas").hand_to("an", not_involved=True)
    found = book.file(reference)
    assert found is not None and found.dossier.handler == "an"


def test_a_complaint_goes_its_whole_way_and_the_events_alone_tell_its_state(book: Book) -> None:
    reference = opened(book)
    digest = book.items().items[0].digest
    with book.begin() as page:
        treat = page.treat(reference.lower(), "an")
        treat.describe(reporter="ouder", themes=["communicatie"], channels=["burger", "kabinet"], severity="ernstig")
        treat.admit()
        treat.mediate("aangeboden", until=date(2026, 3, 20))
        treat.mediate("geweigerd")
        (part,) = parts.of(page.connection, reference)
        treat.find(part.id, "deels-gegrond", "Er werd niet teruggebeld.", solution="opgelost", norms=["N09", "N07"])
        treat.conclude("deels-gegrond", "Samengevat.", solution="opgelost")
        treat.answered(datetime(2026, 3, 30, 10, tzinfo=UTC))
        page.settle(digest, "an")
        treat.satisfied("tevreden", "Dank u.")
    with book.begin() as page:
        row = file.row(page.connection, reference)
        told = file.replayed(page.connection, reference)
    assert {name: getattr(row, name) for name in ("finding", "solution", "norms", "mediation", "status")} == {
        "finding": "deels-gegrond", "solution": "opgelost", "norms": ["N07", "N09"], "mediation": "geweigerd",
        "status": "gesloten",
    }  # fmt: skip
    assert {name: value for name, value in told.items() if name != "closed"} == {
        name: (value.isoformat() if isinstance(value := getattr(row, name), date) else value)
        for name in told
        if name != "closed"
    }


def test_steps_out_of_order_or_without_grounds_are_refused(book: Book) -> None:
    reference = opened(book)
    with book.begin() as page:
        treat = page.treat(reference, "an")
        with pytest.raises(ValueError, match="ontvankelijk is"):
            treat.conclude("gegrond", "x")
        with pytest.raises(ValueError, match="redenen"):
            treat.refuse("anoniem", " ")
        with pytest.raises(ValueError, match="lijst onontvankelijk"):
            treat.refuse("geen-zin", "Daarom.")
        with pytest.raises(ValueError, match="eerst aangeboden"):
            treat.mediate("aanvaard")
        with pytest.raises(ValueError, match="na het afsluiten"):
            treat.satisfied("tevreden")
        with pytest.raises(ValueError, match="open in dit dossier"):
            treat.close()
        treat.admit()
        with pytest.raises(ValueError, match="gegronde"):
            treat.conclude("ongegrond", "x", norms=["N01"])
        with pytest.raises(ValueError, match="lijst thema"):
            treat.describe(themes=["weer"])
        with pytest.raises(ValueError, match="status wordt hier niet gezet"):
            treat.describe(status="gesloten")
        with pytest.raises(file.UnknownDossierError):
            page.treat("KW-1999-00001", "an").admit()


def test_silence_on_an_offer_to_mediate_is_written_down_after_its_last_day(book: Book) -> None:
    reference = opened(book)
    for day, refused in ((20, True), (21, False)):
        later = Book(book.engine, now=lambda day=day: datetime(2026, 3, day, 12, tzinfo=UTC))  # type: ignore[misc]
        with later.begin() as page:
            treat = page.treat(reference, "an")
            if refused:
                treat.mediate("aangeboden", until=date(2026, 3, 20))
                with pytest.raises(ValueError, match="nog antwoorden"):
                    treat.mediate("geen-antwoord")
            else:
                treat.mediate("geen-antwoord")
    assert [event.what for event in book.events(reference=reference)].count(events.MEDIATED) == 2


def test_each_object_of_a_mail_becomes_a_part_with_its_own_stream(book: Book) -> None:
    own = Part("klacht", "jeugdhulp", (), "opgroeien", "registreren", (), (), "gewoon", (), (), "nl")
    school = Part("klacht", "buiten", (), "andere", "doorverwijzen", ("school",), (), "gewoon", (), (), "nl")
    creche = Part("klacht", "kinderopvang", (), "organisator", "registreren", (), (), "gewoon", (), (), "nl")
    reference = opened(book, delen=(own, school, creche))
    with book.begin() as page:
        found = parts.of(page.connection, reference)
        parts.change(page.connection, found[1].id, "an", shipped(), stream="eigen-dienst")
    assert [part.stream for part in found] == ["eigen-dienst", "doorverwezen", "met-afdeling"]
    with book.begin() as page:
        parts.propose(page.connection, reference, decision(), "klacht")
        assert [(part.place, part.stream, part.proposed) for part in parts.of(page.connection, reference)] == [
            (1, "eigen-dienst", True),
            (2, "eigen-dienst", False),
        ]
        with pytest.raises(ValueError, match="lijst stroom"):
            parts.change(page.connection, found[1].id, "an", shipped(), stream="elders")


def test_earlier_dossiers_of_an_organiser_stand_by_severity_across_a_take_over(book: Book) -> None:
    with book.begin() as page:
        old = directory.add_organiser(page.connection, "an", "De Bij vzw", "kinderopvang", shipped(), number="K1")
        new = directory.add_organiser(page.connection, "an", "Zoem bv", "kinderopvang", shipped())
        place = directory.add_location(page.connection, "an", "Villa Bij", old, since=date(2020, 1, 1))
        directory.hand_over(page.connection, "an", place, new, date(2025, 1, 1))
    references = [opened(book) for _ in range(4)]
    given = (("gewoon", old), ("gevaar", old), ("ernstig", new), ("gewoon", new))
    for reference, (severity, body) in zip(references, given, strict=True):
        with book.begin() as page:
            (part,) = parts.of(page.connection, reference)
            parts.change(page.connection, part.id, "an", shipped(), organiser=body, location=place)
            page.treat(reference, "an").describe(severity=severity)
    with book.begin() as page:
        found = directory.earlier(page.connection, references[3])
        organisers, places = directory.find(page.connection, "villa")
        ((bij,), _) = directory.find(page.connection, "K1")
    assert [(one.reference, one.severity) for one in found] == [
        (references[1], "gevaar"),
        (references[2], "ernstig"),
        (references[0], "gewoon"),
    ]
    assert organisers == () and bij.name == "De Bij vzw"
    assert places[0].runs == ((old, date(2020, 1, 1), date(2025, 1, 1)), (new, date(2025, 1, 1), None))


def test_names_are_sealed_in_the_database_and_found_whole_whatever_case_and_accents(book: Book) -> None:
    reference = opened(book)
    sealed = Book(book.engine, key=KEY)
    child = Person("kind", "Zoë Peeters", date(2019, 5, 6), "85.07.30-033.28")
    with sealed.begin() as page:
        page.treat(reference, "an").add_person(child)
        assert parties.found(page.connection, "zoe  PEETERS", KEY) == (reference,)
        assert parties.found(page.connection, "85073003328", KEY) == (reference,)
        assert parties.found(page.connection, "Peeters", KEY) == ()
        assert parties.found(page.connection, "Zoë Peeters", Key(b"x" * 32)) == ()
        (found,) = parties.of(page.connection, reference, KEY)
        raw = page.connection.exec_driver_sql("select party::text from party").scalar_one()
    assert (found.name, found.birth, found.number) == ("Zoë Peeters", date(2019, 5, 6), "85073003328")
    assert "Zo" not in raw and "85073003328" not in raw and "5a6fc3ab" not in raw
    with pytest.raises(KeyMissingError), book.begin() as page:
        page.treat(reference, "an").add_person(child)
    for wrong in (Person("buurman", "X"), Person("kind", "X", None, "85.07.30-033.29")):
        with pytest.raises(ValueError), sealed.begin() as page:
            page.treat(reference, "an").add_person(wrong)


def test_a_department_answers_inside_the_dossier_once(book: Book) -> None:
    reference = opened(book)
    with book.begin() as page:
        number = work.ask(
            page.connection, reference, "an", "Wat is er geweten?", department="Klantenbeheer", role="klantenbeheerder"
        )
    with book.begin() as page:
        work.contribute(page.connection, number, "kim", "Twee bezoeken in 2025.", datetime(2026, 3, 4, tzinfo=UTC))
    with pytest.raises(LookupError), book.begin() as page:
        work.contribute(page.connection, number, "kim", "Nog eens.", datetime(2026, 3, 5, tzinfo=UTC))
    with book.begin() as page:
        (told,) = work.contributions(page.connection, reference)
    assert (told.question, told.answer, told.answered_by) == ("Wat is er geweten?", "Twee bezoeken in 2025.", "kim")


def test_tasks_links_documents_and_improvements_are_kept_with_their_events(book: Book) -> None:
    one, other = opened(book), opened(book)
    now = datetime(2026, 3, 4, tzinfo=UTC)
    with book.begin() as page:
        here = page.connection
        task = work.set_task(here, one, "an", "Bellen", "kim", date(2026, 3, 9))
        assert [todo.id for todo in work.tasks(here, account="kim")] == [task]
        work.end_task(here, task, "kim", now)
        work.end_task(here, task, "kim", now)
        work.bind(here, one, other, "an", "zelfde-feiten", shipped())
        number = work.add_document(here, one, "an", "verslag.pdf", "application/pdf", b"%PDF")
        action = work.improve(here, one, "an", "Terugbelafspraken noteren")
        work.end_improvement(here, action, "an", now)
        assert work.tasks(here, account="kim") == ()
        assert (work.bonds(here, one), work.bonds(here, other)) == (
            ((other, "zelfde-feiten"),),
            ((one, "zelfde-feiten"),),
        )
        assert (work.content(here, number), work.documents(here, one)[0].name) == (b"%PDF", "verslag.pdf")
        assert work.improvements(here, one)[0].done == now
        with pytest.raises(ValueError, match="lijst band"):
            work.bind(here, one, one, "an", "zie-ook", shipped())
        told = [event.what for event in reading.events(here, reference=one)]
    for what in (events.TASK_SET, events.BOUND, events.DOCUMENTED, events.IMPROVED, events.IMPROVED_DONE):
        assert told.count(what) == 1
    assert told.count(events.TASK_DONE) == 1


def test_a_letter_or_a_call_opens_a_dossier_whose_clock_no_later_mail_moves(book: Book) -> None:
    with book.begin() as page:
        reference = page.open_by_hand("an", datetime(2026, 3, 1, 9, tzinfo=UTC), ["telefoon"], sector="kinderopvang")
    _, joined = entered(book, decision("toevoegen", "klacht", dossier=reference))
    assert joined is not None and joined.reference == reference
    assert (joined.due_ack, joined.due_answer) == (date(2026, 3, 11), date(2026, 4, 15))
    with pytest.raises(ValueError, match="lijst drager"), book.begin() as page:
        page.open_by_hand("an", datetime(2026, 3, 1, 9, tzinfo=UTC), ["postduif"])
