import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from register.book import Book
from tests.register.made import assessment, decision, envelope, mail, message


def jobs(book: Book, task: str = "triage") -> list[str]:
    with book.engine.connect() as connection:
        query = text("select args ->> 'digest' from procrastinate_jobs where task_name = :task order by id")
        return list(connection.scalars(query, {"task": task}))


def test_a_kept_mail_has_its_job_and_comes_back_byte_for_byte(book: Book) -> None:
    raw, arrived = bytes(range(256)) * 3, replace(envelope(), sender="", peer="\x00\ud800")
    receipt = book.keep(raw, arrived)
    assert (receipt.known, jobs(book)) == (False, [receipt.digest])
    with book.begin() as page:
        assert page.take(receipt.digest) == (raw, replace(arrived, peer="\ufffd\ufffd"))
    assert book.raw(receipt.digest) == raw


def test_the_same_mail_twice_is_known_and_has_one_job(book: Book) -> None:
    raw = mail()
    first, second = book.keep(raw, envelope()), book.keep(raw, envelope())
    assert (first.known, second.known, first.digest) == (False, True, second.digest)
    assert len(jobs(book)) == 1


def test_the_same_mail_by_another_way_is_known_and_another_mail_with_its_number_is_not(book: Book) -> None:
    raw = mail(message_id="7@voorbeeld.example")
    assert not book.keep(raw, envelope()).known
    assert book.keep(b"Received: from elsewhere\r\n" + raw, envelope()).known
    assert not book.keep(mail("Mijn kind is niet veilig.", message_id="7@voorbeeld.example"), envelope()).known
    assert len(jobs(book)) == 2


def test_a_batch_knows_the_mails_that_stand_in_it_twice(book: Book) -> None:
    one, two = mail(), mail()
    receipts = book.keep_many(
        [(one, envelope()), (two, envelope()), (one, envelope()), (b"X: y\r\n" + two, envelope())]
    )
    assert [receipt.known for receipt in receipts] == [False, False, True, True]
    assert len(jobs(book)) == 2


def test_without_its_job_a_mail_is_not_kept(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("register.mail.jobs.defer", fail)
    raw = mail()
    with pytest.raises(ConnectionError):
        book.keep(raw, envelope())
    monkeypatch.undo()
    assert not book.keep(raw, envelope()).known


def test_two_threads_that_take_the_same_mail_enter_it_once(book: Book) -> None:
    raw = mail()
    digest = book.keep(raw, envelope()).digest
    start, done = threading.Barrier(2), []

    def work() -> None:
        start.wait()
        with book.begin() as page:
            if page.take(digest) is not None:
                done.append(page.enter(message(raw), assessment(digest), decision()))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [dossier.reference for dossier in done if dossier] == ["KW-2026-00001"]


def test_an_unknown_mail_is_not_taken(book: Book) -> None:
    with book.begin() as page:
        assert page.take("0" * 64) is None


def test_the_sweep_defers_what_lost_its_job_and_nothing_else(book: Book) -> None:
    raw = mail()
    lost, waiting, entered = (book.keep(one, envelope()).digest for one in (mail(), mail(), raw))
    with book.begin() as page:
        page.enter(message(raw), assessment(entered), decision())
        page.connection.execute(text("delete from procrastinate_jobs where args ->> 'digest' <> :w"), {"w": waiting})
    assert book.sweep() == 0
    assert book.sweep(older_than=timedelta(0)) == 1
    assert book.sweep(older_than=timedelta(0)) == 0
    assert sorted(jobs(book)) == sorted([lost, waiting])
