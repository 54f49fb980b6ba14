"""The worker: takes jobs from the queue, does them, tries again what failed, and shunts what keeps failing."""

import asyncio
from datetime import timedelta

import structlog
from procrastinate import App, JobContext, RetryStrategy

from klachtwijzer.story import Story
from register import jobs

TRIES = 4
# Triage holds the interpreter, so a second job only fills the waits of the first for the database.
CONCURRENCY = 2
RESCUE_EVERY = 10.0
SWEEP_AFTER = timedelta(seconds=60)
log = structlog.get_logger()


def tasks(app: App, story: Story) -> None:
    """Adds the tasks that the register defers by name."""

    @app.task(name=jobs.TRIAGE, pass_context=True, retry=RetryStrategy(max_attempts=TRIES, exponential_wait=2))
    def triage(context: JobContext, digest: str) -> None:
        try:
            story.triage(digest)
        except Exception as trouble:
            log.warning("triage failed", digest=digest[:12], attempt=context.job.attempts, kind=type(trouble).__name__)
            if context.job.attempts + 1 < TRIES:
                raise
            story.shunt(digest, f"Het bericht kon niet beoordeeld worden ({type(trouble).__name__}).")

    @app.task(name=jobs.POST, retry=RetryStrategy(max_attempts=TRIES, exponential_wait=2))
    def post(outgoing: int) -> None:
        story.post(outgoing)


async def work(url: str, story: Story, stop: asyncio.Event) -> None:
    """Works until `stop` is set, then finishes the jobs in hand."""
    app = jobs.app(url)
    tasks(app, story)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                fetch_job_polling_interval=2.0,
                delete_jobs="successful",
                update_heartbeat_interval=5.0,
                stalled_worker_timeout=20.0,
            )
        )
        rescue = asyncio.create_task(_rescue(app, story))
        await asyncio.wait({worker, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
        rescue.cancel()
        worker.cancel()
        ended = await asyncio.gather(worker, rescue, return_exceptions=True)
        for one in ended:
            if isinstance(one, Exception):
                raise one


async def _rescue(app: App, story: Story) -> None:
    """Gives back the work of dead workers, and defers what was kept but has no job."""
    while True:
        try:
            stalled = await jobs.rescue(app, silent_for=timedelta(seconds=20))
            swept = await asyncio.to_thread(story.book.sweep, older_than=SWEEP_AFTER)
            if stalled or swept:
                log.warning("work taken up again", stalled=stalled, swept=swept)
        except Exception as trouble:
            # The database may be away for a while; the next round tries again.
            log.warning("rescue failed", kind=type(trouble).__name__)
        await asyncio.sleep(RESCUE_EVERY)
