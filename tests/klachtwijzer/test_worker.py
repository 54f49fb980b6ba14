"""What the worker does with jobs that fail."""

import asyncio
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from klachtwijzer import worker as workers
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.story import Story
from klachtwijzer.worker import TRIES, tasks
from register import jobs
from register.book import Book
from register.events import ENTERED, SHUNTED
from tests.klachtwijzer.started import NOW, OURS, kept, new_mail, until


async def work(url: str, story: Story) -> None:
    """Does the jobs that wait, as a worker would."""
    worker = jobs.app(url)
    tasks(worker, story)
    async with worker.open_async():
        await worker.run_worker_async(wait=False, install_signal_handlers=False, concurrency=1)


def tried(book: Book, times: int) -> None:
    with book.engine.begin() as connection:
        connection.execute(text("update procrastinate_jobs set attempts = :times"), {"times": times})


def waiting(book: Book) -> list[str]:
    with book.engine.connect() as connection:
        return list(connection.scalars(text("select status::text from procrastinate_jobs")))


class Failing(Ruleset):
    """Rules that break on every mail, and count how often they were asked."""

    asked = 0

    def now(self) -> None:  # type: ignore[override]
        self.asked += 1
        raise RuntimeError("the words of the mail")


async def test_a_mail_that_keeps_failing_is_tried_again_and_then_put_before_a_person_today(
    book: Book, url: str
) -> None:
    digest = kept(book, new_mail().raw)
    rules = Failing(Path("nergens"), trained=False)
    story = Story(book, rules, mailbox=OURS, now=lambda: NOW)
    await work(url, story)
    assert (rules.asked, waiting(book), book.counts().kept) == (1, ["todo"], 1)
    tried(book, TRIES - 1)
    with book.engine.begin() as connection:
        connection.execute(text("update procrastinate_jobs set scheduled_at = null"))
    await work(url, story)
    assert rules.asked == 2
    (line,) = book.export()
    assert (line["uitkomst"], line["dringendheid"], line["referentie"]) == ("beoordelen", "vandaag", "KW-2026-00001")
    # What went wrong may hold words of the mail; only its kind is told.
    (event,) = [one for one in book.events(digest=digest) if one.what == SHUNTED]
    assert "RuntimeError" in str(event.detail)
    assert "words of the mail" not in str(event.detail)


async def test_a_mail_that_takes_the_worker_down_each_time_is_not_tried_for_ever(book: Book, url: str) -> None:
    kept(book, new_mail().raw)
    tried(book, TRIES)
    rules = Failing(Path("nergens"), trained=False)
    await work(url, Story(book, rules, mailbox=OURS, now=lambda: NOW))
    assert rules.asked == 0
    (line,) = book.export()
    assert (line["uitkomst"], line["dringendheid"]) == ("beoordelen", "vandaag")


async def test_a_job_whose_end_could_not_be_written_down_is_done_again_while_its_worker_lives(
    book: Book, url: str, rules: Ruleset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "RESCUE_EVERY", 0.5)
    functions = ("procrastinate_finish_job_v1", "procrastinate_retry_job_v2")

    def rename(old: str, new: str) -> None:
        with book.engine.begin() as connection:
            for name in functions:
                connection.execute(text(f"alter function {name}{old} rename to {name}{new}"))

    rename("", "_weg")
    digest = kept(book, new_mail().raw)
    stop = asyncio.Event()
    working = asyncio.create_task(workers.work(url, Story(book, rules, mailbox=OURS, now=lambda: NOW), stop))
    await asyncio.to_thread(until, lambda: book.record(digest) is not None)
    assert waiting(book) == ["doing"]
    rename("_weg", "")
    await asyncio.to_thread(until, lambda: waiting(book) == [], within=15)
    assert len([one for one in book.events(digest=digest) if one.what == ENTERED]) == 1
    stop.set()
    await working


class Stuck(Story):
    """A story whose relay never answers."""

    def post(self, outgoing: int) -> None:
        self.leaving += 1
        time.sleep(4)

    leaving = 0


async def test_a_relay_that_hangs_holds_up_no_mail(book: Book, url: str, rules: Ruleset) -> None:
    story = Stuck(book, rules, mailbox=OURS, relay="smtp://127.0.0.1:9", now=lambda: NOW)
    with book.engine.begin() as connection:
        jobs.defer(connection, jobs.POST, [{"outgoing": number} for number in range(8)])
    stop = asyncio.Event()
    working = asyncio.create_task(workers.work(url, story, stop))
    await asyncio.to_thread(until, lambda: story.leaving >= workers.CONCURRENCY)
    # The first mail waits for the rules to be made ready; the second shows what a mail costs.
    first = kept(book, new_mail().raw)
    await asyncio.to_thread(until, lambda: book.record(first) is not None)
    assert story.leaving < 8
    stop.set()
    await working
