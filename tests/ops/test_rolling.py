"""An upgrade while the work goes on: two versions of workers side by side, and what an older process may not do."""

import asyncio
from pathlib import Path

import pytest
from procrastinate import App
from sqlalchemy import text

from klachtwijzer.ruleset import Ruleset
from klachtwijzer.story import Story
from klachtwijzer.worker import work
from register import jobs, server
from register.book import Book
from register.upgrade import UpgradeError
from tests.klachtwijzer.command import Command, assert_misuse
from tests.klachtwijzer.started import NOW, OURS, kept, new_mail, until

NEW_TASK, NEW_QUEUE = "iets-nieuws", "nieuw"


def left(book: Book) -> dict[str, str]:
    with book.engine.connect() as connection:
        rows = connection.execute(text("select task_name, status::text from procrastinate_jobs"))
        return {row[0]: row[1] for row in rows}


async def newer(app: App, done: list[int]) -> None:
    """A worker of a version that knows a further task, in a queue of its own."""

    @app.task(name=NEW_TASK, queue=NEW_QUEUE)
    def new(number: int) -> None:
        done.append(number)

    async with app.open_async():
        await app.run_worker_async(
            queues=[NEW_QUEUE], wait=False, install_signal_handlers=False, delete_jobs="successful"
        )


async def test_an_older_worker_leaves_a_newer_ones_work_alone_and_both_get_theirs_done(
    book: Book, url: str, rules: Ruleset
) -> None:
    with book.engine.begin() as connection:
        connection.execute(
            text(
                "insert into procrastinate_jobs (queue_name, task_name, args) values (:queue, :task, '{\"number\": 7}')"
            ),
            {"queue": NEW_QUEUE, "task": NEW_TASK},
        )
    digest = kept(book, new_mail().raw)
    stop = asyncio.Event()
    older = asyncio.create_task(work(url, Story(book, rules, mailbox=OURS, now=lambda: NOW), stop))
    await asyncio.to_thread(until, lambda: book.record(digest) is not None)
    assert left(book) == {NEW_TASK: "todo"}
    done: list[int] = []
    await newer(jobs.app(url), done)
    assert (done, left(book)) == ([7], {})
    # While the newer one is at work, mails still go through the older one.
    second = kept(book, new_mail().raw)
    await asyncio.to_thread(until, lambda: book.record(second) is not None)
    stop.set()
    await older


def test_every_queue_that_work_is_deferred_to_is_one_that_the_worker_takes_from() -> None:
    words = (Path(server.__file__).parents[1] / "klachtwijzer" / "worker.py").read_text(encoding="utf-8")
    assert "for queue in sorted(set(jobs.QUEUES.values()))" in words
    assert set(jobs.QUEUES) >= {jobs.TRIAGE, jobs.POST}


def test_a_process_of_an_older_version_does_not_start_on_newer_tables(
    book: Book, url: str, command: Command, tmp_path: Path
) -> None:
    with book.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(UpgradeError, match="newer version"):
        server.migrate(url)
    run = command("export", "--json", DATABASE_URL=server.libpq(url), HOME=str(tmp_path))
    assert_misuse(run, "newer version of this program")


async def test_the_tables_can_be_brought_up_while_a_worker_waits_for_work(book: Book, url: str, rules: Ruleset) -> None:
    stop = asyncio.Event()
    working = asyncio.create_task(work(url, Story(book, rules, mailbox=OURS, now=lambda: NOW), stop))
    first = kept(book, new_mail().raw)
    await asyncio.to_thread(until, lambda: book.record(first) is not None)
    # What a migration does at most: a column that comes, under the heaviest lock.
    with book.engine.begin() as connection:
        connection.execute(text("set local lock_timeout to '10s'"))
        connection.execute(text("alter table item add column later text default '' not null"))
    second = kept(book, new_mail().raw)
    await asyncio.to_thread(until, lambda: book.record(second) is not None)
    stop.set()
    await working
