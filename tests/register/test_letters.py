from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from register import events
from register.book import Book
from register.letters import UNCERTAIN, LetterGoneError
from register.outgoing import Wording
from tests.register.made import entered, letter

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)


def post_jobs(book: Book) -> list[tuple[int, datetime | None]]:
    query = text(
        "select (args ->> 'outgoing')::int, scheduled_at from procrastinate_jobs where task_name = 'post' order by id"
    )
    with book.engine.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(query)]


@pytest.fixture
def book(book: Book) -> Book:
    return Book(book.engine, now=lambda: NOW)


def held(book: Book, *, released: bool, held_because: str = "") -> tuple[int, str, str]:
    digest, dossier = entered(book)
    assert dossier is not None
    with book.begin() as page:
        number = page.hold(dossier.reference, letter(digest, held_because=held_because), released=released)
    return number, dossier.reference, digest


def state(book: Book, number: int) -> str:
    dispatch = book.dispatch(number)
    assert dispatch is not None
    return dispatch.state


def test_a_letter_waits_for_a_person_unless_it_was_released(book: Book) -> None:
    waiting, _, _ = held(book, released=False)
    leaving, _, _ = held(book, released=True)
    unsure, _, _ = held(book, released=True, held_because="geen nagekeken adres")
    assert [state(book, number) for number in (waiting, leaving, unsure)] == [
        "vastgehouden",
        "vrijgegeven",
        "vastgehouden",
    ]
    assert post_jobs(book) == [(leaving, None)]
    assert [dispatch.id for dispatch in book.dispatches("vastgehouden")] == [unsure, waiting]


def test_the_same_letter_for_the_same_mail_is_held_once(book: Book) -> None:
    number, reference, digest = held(book, released=True)
    with book.begin() as page:
        assert page.hold(reference, letter(digest), released=True) == number
        assert page.hold(reference, letter(digest, "vervollediging"), released=False, draft=True) != number
    assert len(post_jobs(book)) == 1
    assert [dispatch.state for dispatch in book.dispatches()] == ["concept", "vrijgegeven"]


def test_a_letter_bears_its_number_from_the_start(book: Book) -> None:
    number, reference, _ = held(book, released=False)
    first, second = book.dispatch(number), book.dispatch(number)
    assert first is not None and second is not None
    assert first.outgoing.message_id == second.outgoing.message_id
    assert first.outgoing.message_id.startswith(f"{reference.lower()}.")
    assert first.outgoing.message_id.endswith("@opgroeien.example")


def test_a_sent_letter_acknowledges_the_dossier_and_moves_the_work_to_the_next_day_of_the_clock(book: Book) -> None:
    number, reference, digest = held(book, released=True)
    with book.begin() as page:
        claimed = page.claim_outgoing(number)
        assert claimed is not None and claimed.outgoing.to.address == "Lien@voorbeeld.example"
        page.sent(number, claimed.outgoing.message_id)
    file = book.file(reference)
    assert file is not None
    assert (file.dossier.acknowledged, file.items[0].due) == (NOW, file.dossier.due_answer)
    assert (file.letters[0].state, file.letters[0].sent, file.items[0].letters) == ("verzonden", NOW, ("verzonden",))
    with book.begin() as page:
        assert page.claim_outgoing(number) is None
    assert [event.what for event in book.events(digest=digest)][-1] == events.SENT


def test_only_released_letters_are_claimed(book: Book) -> None:
    number, _, _ = held(book, released=False)
    with book.begin() as page:
        assert page.claim_outgoing(number) is None
        assert page.claim_outgoing(999) is None


def test_a_letter_that_one_worker_posts_is_not_claimed_by_another(book: Book) -> None:
    number, _, _ = held(book, released=True)
    with book.begin() as first, book.begin() as second:
        assert first.claim_outgoing(number) is not None
        assert second.claim_outgoing(number) is None
        first.sent(number, "")
    assert state(book, number) == "verzonden"


def test_a_try_that_broke_off_is_not_repeated_but_shown_and_can_be_released_again(book: Book) -> None:
    number, _, _ = held(book, released=True)
    with pytest.raises(KeyboardInterrupt), book.begin() as page:
        assert page.claim_outgoing(number) is not None
        raise KeyboardInterrupt
    with book.begin() as page:
        assert page.claim_outgoing(number) is None
    dispatch = book.dispatch(number)
    assert dispatch is not None
    assert (dispatch.state, dispatch.why) == ("mislukt", UNCERTAIN)
    with book.begin() as page:
        page.release(number, "an")
    with book.begin() as page:
        assert page.claim_outgoing(number) is not None
        page.sent(number, "")
    assert state(book, number) == "verzonden"


def test_a_passing_failure_is_tried_again_later_and_later(book: Book) -> None:
    number, _, _ = held(book, released=True)
    for _ in range(6):
        with book.begin() as page:
            assert page.claim_outgoing(number) is not None
            page.failed(number, "451 even later", permanent=False)
    waits = [at - NOW for _, at in post_jobs(book) if at is not None]
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 240)]
    assert state(book, number) == "vrijgegeven"


def test_a_lasting_failure_or_five_days_of_passing_ones_end_the_tries(book: Book) -> None:
    for later, permanent in ((timedelta(0), True), (timedelta(days=5, seconds=1), False)):
        number, _, _ = held(book, released=True)
        jobs = len(post_jobs(book))
        with Book(book.engine, now=lambda later=later: NOW + later).begin() as page:  # type: ignore[misc]
            assert page.claim_outgoing(number) is not None
            page.failed(number, "550 onbekend", permanent=permanent)
        assert state(book, number) == "mislukt"
        assert len(post_jobs(book)) == jobs


def test_a_person_changes_the_words_and_the_former_ones_stay_on_file(book: Book) -> None:
    number, _, digest = held(book, released=False)
    with book.begin() as page:
        page.revise(number, "an", Wording("Uw vraag", "Dag Lien"))
    dispatch = book.dispatch(number)
    assert dispatch is not None and dispatch.outgoing.text == "Dag Lien"
    revised = book.events(digest=digest)[-1]
    assert (revised.who, revised.what) == ("an", events.REVISED)
    assert revised.detail["was"] == {"onderwerp": "Uw klacht", "tekst": "Beste", "html": ""}


def test_what_left_or_was_taken_back_cannot_be_changed_or_released(book: Book) -> None:
    taken, _, _ = held(book, released=False)
    with book.begin() as page:
        page.withdraw(taken, "an")
    leaving, _, _ = held(book, released=True)
    for number in (taken, leaving, 999):
        with pytest.raises(LetterGoneError), book.begin() as page:
            page.release(number, "an")
        with pytest.raises(LetterGoneError), book.begin() as page:
            page.revise(number, "an", Wording("x", "y"))
        with pytest.raises(LetterGoneError), book.begin() as page:
            page.withdraw(number, "an")
    with book.begin() as page:
        assert page.claim_outgoing(taken) is None


def test_the_sweep_defers_released_letters_without_a_job(book: Book) -> None:
    number, _, _ = held(book, released=True)
    with book.engine.begin() as connection:
        connection.execute(text("delete from procrastinate_jobs"))
    assert book.sweep(older_than=timedelta(days=-9999)) == 1
    assert [job for job, _ in post_jobs(book)] == [number]
