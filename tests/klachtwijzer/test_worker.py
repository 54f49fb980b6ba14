"""What the worker does with jobs that fail."""

from pathlib import Path

from sqlalchemy import text

from klachtwijzer.ruleset import Ruleset
from klachtwijzer.story import Story
from klachtwijzer.worker import TRIES, tasks
from register import jobs
from register.book import Book
from register.events import SHUNTED
from tests.klachtwijzer.started import NOW, OURS, kept, new_mail


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
