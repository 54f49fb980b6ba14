"""How far a mailbox was read, remembered by several pollers at once."""

import threading

from sqlalchemy import Engine

from intake.imap import Mark
from register.book import Book
from register.marks import Marks
from tests.register.made import envelope, mail

BOX = "klachten@mail.example:993/INBOX"


def test_a_mark_is_remembered_and_never_goes_back(engine: Engine) -> None:
    marks = Marks(engine)
    assert marks.read(BOX) is None
    for uid in (5, 9, 7):
        marks.advance(BOX, Mark(100, uid))
    assert Marks(engine).read(BOX) == Mark(100, 9)
    assert marks.read("ander") is None


def test_a_mailbox_that_was_made_anew_begins_again(engine: Engine) -> None:
    marks = Marks(engine)
    marks.advance(BOX, Mark(100, 4_000_000_000))
    marks.advance(BOX, Mark(4_294_967_295, 1))
    assert marks.read(BOX) == Mark(4_294_967_295, 1)


def test_two_pollers_at_once_leave_the_farther_mark(engine: Engine) -> None:
    def poll(start: int) -> None:
        marks = Marks(engine)
        for uid in range(start, 200, 2):
            marks.advance(BOX, Mark(1, uid))

    pollers = [threading.Thread(target=poll, args=(start,)) for start in (1, 2)]
    for one in pollers:
        one.start()
    for one in pollers:
        one.join()
    assert Marks(engine).read(BOX) == Mark(1, 199)


def test_a_renewed_refresh_token_outlives_the_process_and_is_no_mark(engine: Engine) -> None:
    marks = Marks(engine)
    assert marks.refresh_token(BOX) == ""
    marks.renew(BOX, "tweede")
    marks.renew(BOX, "derde")
    assert Marks(engine).refresh_token(BOX) == "derde"
    assert marks.read(BOX) is None
    marks.advance(BOX, Mark(1, 2))
    assert marks.refresh_token(BOX) == "derde"


def test_a_remark_on_a_mail_is_written_once(engine: Engine, book: Book) -> None:
    digest = book.keep(mail(), envelope()).digest
    marks = Marks(engine)
    for words in ("te groot", "te groot", "iets anders"):
        marks.note(digest, words)
    assert [event.detail["tekst"] for event in book.events(digest=digest)] == ["te groot", "iets anders"]
