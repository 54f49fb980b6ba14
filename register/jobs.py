"""Durable work: jobs by name, deferred inside our own transactions, and the rescue of work that a dead process left."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.types import JSONDict
from sqlalchemy import Connection

from register.server import libpq
from register.silence import connecting

TRIAGE = "triage"
"""Task of a kept mail; its one argument is `digest`."""
POST = "post"
"""Task of a released letter; its one argument is `outgoing`."""
QUEUES = {TRIAGE: "mail", POST: "letters"}

# Never opened: each job travels on the connection of the transaction that needs it.
_deferring = App(connector=SyncPsycopgConnector())


def app(url: str, *, pool_size: int = 4) -> App:
    """The app of a worker on that database; tasks named `triage` and `post` are to be added to it."""
    patient = connecting(url)
    return App(connector=PsycopgConnector(conninfo=libpq(url), kwargs=patient, min_size=1, max_size=pool_size))


def defer(connection: Connection, task: str, arguments: Iterable[JSONDict], *, at: datetime | None = None) -> None:
    """Put jobs in the queue, seen by workers when this connection's transaction commits and not before."""
    jobs = list(arguments)
    if not jobs:
        return
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    _deferring.configure_task(task, queue=QUEUES[task], schedule_at=at, connection=driver).batch_defer(*jobs)


async def rescue(worker: App, *, silent_for: timedelta = timedelta(seconds=30)) -> int:
    """Give the jobs of workers that showed no sign of life for so long to the others; how many."""
    stalled = list(await worker.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_for.total_seconds()))
    for job in stalled:
        await worker.job_manager.retry_job(job)
    return len(stalled)


async def begun(worker: App, workers: Collection[int]) -> set[int]:
    """The numbers of the jobs that one of these workers began and whose end is not written down."""
    doing = await worker.job_manager.list_jobs_async(status="doing")
    return {job.id for job in doing if job.id is not None and job.worker_id in workers}


async def give_back(worker: App, numbers: Collection[int]) -> int:
    """Let these jobs be done again, by whoever comes first; how many.

    For jobs whose end could not be written down: the queue takes them as being done for as long as their worker lives.
    """
    fallen = [job for job in await worker.job_manager.list_jobs_async(status="doing") if job.id in numbers]
    for job in fallen:
        await worker.job_manager.retry_job(job)
    return len(fallen)
