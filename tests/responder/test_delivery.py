"""The outbox over a real register and real relays: at most once, whatever refuses, delays, drops or dies."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from intake.message import Party, Report
from register import events, letters
from register.book import Book
from register.halt import GOES_ON, HALTED, go_on, halt, halted
from register.letters import TWICE
from register.letters import UNCERTAIN as INTERRUPTED
from register.outgoing import Dispatch
from register.page import Page
from responder.delivery import UNCERTAIN, deliver
from responder.post import Posted
from tests.register.made import entered, letter
from tests.responder.test_post import Dropper, Taker, content, listening, serving

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)


@pytest.fixture
def book(book: Book) -> Book:
    return Book(book.engine, now=lambda: NOW)


def released(book: Book, *, automatic: bool = False, to: str = "", reply_to: str = "") -> int:
    digest, dossier = entered(book)
    assert dossier is not None
    address = Party("Lien Vermeer", to or f"{digest[:12]}@voorbeeld.example")
    with book.begin() as page:
        number = page.hold(dossier.reference, letter(digest, to=address, reply_to=reply_to), released=automatic)
        if not automatic:
            page.release(number, "an")
    return number


def dispatch(book: Book, number: int) -> Dispatch:
    found = book.dispatch(number)
    assert found is not None
    return found


async def sent(book: Book, number: int, url: str, *, patience: float = 5) -> Posted | None:
    return await asyncio.to_thread(deliver, book.begin, number, url, now=lambda: NOW, patience=patience)


def told(book: Book, what: str) -> int:
    with book.engine.connect() as connection:
        return int(
            connection.execute(text("select count(*) from event where what = :what"), {"what": what}).scalar_one()
        )


async def test_a_letter_leaves_once_and_its_copy_and_the_answer_of_the_relay_stay_on_file(book: Book) -> None:
    number = released(book)
    taker = Taker()
    async with serving(taker) as url:
        posted = await sent(book, number, url)
        assert await sent(book, number, url) is None
    assert posted is not None
    (envelope,) = taker.taken
    found = dispatch(book, number)
    assert (found.state, found.sent, found.why) == ("verzonden", NOW, "")
    assert found.outgoing.copy.encode() == content(envelope)
    assert found.outgoing.answer == "2.0.0 Ok: queued as 4XyZ"
    assert f"Message-ID: <{found.outgoing.message_id}>" in found.outgoing.copy


async def test_many_workers_at_once_send_one_letter(book: Book) -> None:
    number = released(book)
    taker = Taker()
    async with serving(taker) as url:
        await asyncio.gather(*(sent(book, number, url) for _ in range(6)))
    assert len(taker.taken) == 1


@pytest.mark.parametrize("answers", [{"rcpt": "450 4.2.1 grey"}, {"data": "451 4.3.0 later"}])
async def test_a_relay_that_delays_is_tried_again_later_and_then_takes_it(book: Book, answers: dict[str, str]) -> None:
    number = released(book)
    async with serving(Taker(**answers)) as url:
        assert await sent(book, number, url) is None
    found = dispatch(book, number)
    assert (found.state, found.tries) == ("vrijgegeven", 1)
    assert "later opnieuw" in found.why
    taker = Taker()
    async with serving(taker) as url:
        assert await sent(book, number, url) is not None
    assert dispatch(book, number).state == "verzonden"
    assert len(taker.taken) == 1


@pytest.mark.parametrize("answers", [{"rcpt": "550 5.1.1 unknown"}, {"data": "554 5.7.1 no"}])
async def test_a_relay_that_refuses_is_shown_to_staff_and_not_tried_again(book: Book, answers: dict[str, str]) -> None:
    number = released(book)
    async with serving(Taker(**answers)) as url:
        await sent(book, number, url)
        await sent(book, number, url)
    found = dispatch(book, number)
    assert (found.state, found.tries) == ("mislukt", 1)
    assert "weigert" in found.why


@pytest.mark.parametrize("silent", [False, True])
async def test_a_relay_lost_after_the_whole_letter_leaves_the_choice_to_a_person(book: Book, silent: bool) -> None:
    number = released(book)
    async with listening(lambda: Dropper(b"end", silent=silent)) as port:
        await sent(book, number, f"smtp://127.0.0.1:{port}", patience=0.05)
    found = dispatch(book, number)
    assert (found.state, found.why) == ("mislukt", UNCERTAIN)
    first = found.outgoing.message_id
    taker = Taker()
    async with serving(taker) as url:
        assert await sent(book, number, url) is None
        assert taker.taken == []
        with book.begin() as page:
            page.release(number, "an")
        assert await sent(book, number, url) is not None
    assert f"Message-ID: <{first}>".encode() in content(taker.taken[0])


async def test_a_connection_lost_before_the_letter_was_given_is_tried_again(book: Book) -> None:
    number = released(book)
    async with listening(lambda: Dropper(b"RCPT")) as port:
        await sent(book, number, f"smtp://127.0.0.1:{port}")
    assert dispatch(book, number).state == "vrijgegeven"


class DiedError(BaseException):
    """The process ends here; nothing below may catch it."""


async def test_dying_between_the_answer_and_our_note_sends_nothing_twice(book: Book) -> None:
    number = released(book)

    @contextmanager
    def begin() -> Iterator[Page]:
        with book.begin() as page:
            yield page
            raise DiedError

    taker = Taker()
    async with serving(taker) as url:
        with pytest.raises(DiedError):
            await asyncio.to_thread(deliver, begin, number, url, now=lambda: NOW)
        assert len(taker.taken) == 1
        assert dispatch(book, number).state == "vrijgegeven"
        assert await sent(book, number, url) is None
    assert len(taker.taken) == 1
    found = dispatch(book, number)
    assert (found.state, found.why) == ("mislukt", INTERRUPTED)


async def test_letters_wait_longer_and_longer_and_after_five_days_they_fail(book: Book) -> None:
    number = released(book)
    async with listening(asyncio.Protocol) as port:
        pass
    url = f"smtp://127.0.0.1:{port}"
    for _ in range(6):
        await sent(book, number, url)
    query = text(
        "select scheduled_at from procrastinate_jobs where task_name = 'post' and scheduled_at is not null order by id"
    )
    with book.engine.connect() as connection:
        pauses = [(row[0] - NOW) // timedelta(minutes=1) for row in connection.execute(query)]
    assert pauses == [1, 5, 15, 60, 240, 240]
    late = Book(book.engine, now=lambda: NOW + timedelta(days=5, minutes=1))
    await sent(late, number, url)
    assert dispatch(book, number).state == "mislukt"


async def test_the_general_pause_keeps_every_letter_in_until_it_ends(book: Book) -> None:
    number = released(book)
    with book.begin() as page:
        halt(page.connection, "an", "proef met het relay", now=NOW)
    taker = Taker()
    async with serving(taker) as url:
        assert await sent(book, number, url) is None
        assert book.sweep(older_than=timedelta(0), posting=True) == 0
        with book.begin() as page:
            found = halted(page.connection)
            go_on(page.connection, "bert")
            go_on(page.connection, "bert")
        assert found is not None
        assert (found.who, found.since, found.why) == ("an", NOW, "proef met het relay")
        assert await sent(book, number, url) is not None
    assert (told(book, HALTED), told(book, GOES_ON)) == (1, 1)


async def test_only_a_letter_that_left_by_itself_has_the_null_return_path(book: Book) -> None:
    alone, by_person = released(book, automatic=True), released(book, reply_to="klachten+x@opgroeien.example")
    taker = Taker()
    async with serving(taker) as url:
        await sent(book, alone, url)
        await sent(book, by_person, url)
    assert [one.mail_from for one in taker.taken] == ["<>", "klachten+x@opgroeien.example"]
    assert [b"Auto-Submitted: auto-replied" in content(one) for one in taker.taken] == [True, False]


def test_nobody_gets_a_second_letter_that_leaves_by_itself(book: Book) -> None:
    first = released(book, automatic=True, to="lien@voorbeeld.example")
    second = released(book, automatic=True, to=" Lien@Voorbeeld.example")
    other = released(book, automatic=True, to="jan@voorbeeld.example")
    assert [dispatch(book, one).state for one in (first, second, other)] == [
        "vrijgegeven",
        "vastgehouden",
        "vrijgegeven",
    ]
    assert dispatch(book, second).why == TWICE
    assert not dispatch(book, second).outgoing.automatic


def test_after_the_period_a_letter_may_leave_by_itself_again(book: Book) -> None:
    released(book, automatic=True, to="lien@voorbeeld.example")
    later = Book(book.engine, now=lambda: NOW + timedelta(days=14, seconds=1))
    assert dispatch(book, released(later, automatic=True, to="lien@voorbeeld.example")).state == "vrijgegeven"


def test_two_mails_decided_at_the_same_moment_get_one_letter(book: Book) -> None:
    mails = [entered(book) for _ in range(4)]
    ready = threading.Barrier(len(mails))

    def hold(digest: str, reference: str) -> None:
        with book.begin() as page:
            ready.wait()
            page.hold(reference, letter(digest), released=True)

    threads = [
        threading.Thread(target=hold, args=(digest, dossier.reference))
        for digest, dossier in mails
        if dossier is not None
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(book.dispatches("vrijgegeven")) == 1
    assert len(book.dispatches("vastgehouden")) == 3


async def test_a_letter_that_comes_back_is_shown_as_failed(book: Book) -> None:
    number = released(book)
    async with serving(Taker()) as url:
        await sent(book, number, url)
    ours = dispatch(book, number).outgoing.message_id
    reports = (
        Report("bezorging", "x@voorbeeld.example", "delayed", "4.4.1", original_id=ours),
        Report("lezing", "x@voorbeeld.example", "displayed", original_id=ours),
        Report("bezorging", "x@voorbeeld.example", "failed", "5.1.1", original_id="iets.anders@voorbeeld.example"),
        Report("bezorging", "x@voorbeeld.example", "failed", "5.1.1"),
    )
    with book.begin() as page:
        assert letters.came_back(page.connection, reports) == ()
    assert dispatch(book, number).state == "verzonden"
    failed = Report("bezorging", "x@voorbeeld.example", "failed", "5.1.1", original_id=ours)
    with book.begin() as page:
        assert letters.came_back(page.connection, (failed, failed)) == (number,)
    found = dispatch(book, number)
    assert (found.state, found.sent) == ("mislukt", NOW)
    assert "(5.1.1)" in found.why
    assert told(book, events.FAILED) == 1
