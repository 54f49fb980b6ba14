from datetime import timedelta

from procrastinate import App
from sqlalchemy import text

from register import jobs
from register.book import Book
from tests.register.made import assessment, decision, envelope, mail, message


def statuses(book: Book) -> list[str]:
    with book.engine.connect() as connection:
        return list(connection.scalars(text("select status::text from procrastinate_jobs order by id")))


async def work(worker: App) -> None:
    async with worker.open_async():
        await worker.run_worker_async(wait=False, install_signal_handlers=False, concurrency=2)


async def test_a_worker_finds_the_job_of_a_kept_mail_by_name(book: Book, url: str) -> None:
    worker, raw = jobs.app(url), mail()
    taken = []

    @worker.task(name=jobs.TRIAGE)
    def triage(digest: str) -> None:
        with book.begin() as page:
            if page.take(digest) is not None:
                taken.append(page.enter(message(raw), assessment(digest), decision()))

    book.keep(raw, envelope())
    await work(worker)
    assert [dossier.reference for dossier in taken if dossier] == ["KW-2026-00001"]
    assert statuses(book) == ["succeeded"]


async def test_the_job_of_a_worker_that_died_goes_to_another(book: Book, url: str) -> None:
    book.keep(mail(), envelope())
    with book.engine.begin() as connection:
        connection.execute(
            text("insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour')")
        )
        connection.execute(text("select procrastinate_fetch_job_v2(null, (select max(id) from procrastinate_workers))"))
    assert statuses(book) == ["doing"]
    worker = jobs.app(url)
    async with worker.open_async():
        assert await jobs.rescue(worker, silent_for=timedelta(hours=2)) == 0
        assert await jobs.rescue(worker) == 1
        assert await jobs.rescue(worker) == 0
    assert statuses(book) == ["todo"]


async def test_the_job_of_a_living_worker_is_left_alone(book: Book, url: str) -> None:
    book.keep(mail(), envelope())
    with book.engine.begin() as connection:
        connection.execute(text("insert into procrastinate_workers default values"))
        connection.execute(text("select procrastinate_fetch_job_v2(null, (select max(id) from procrastinate_workers))"))
    worker = jobs.app(url)
    async with worker.open_async():
        assert await jobs.rescue(worker) == 0
