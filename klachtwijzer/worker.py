"""The worker: takes jobs from the queue, does them, tries again what failed, and shunts what keeps failing."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog
from procrastinate import App, JobContext, RetryStrategy

from intake.sandbox import SANDBOX
from klachtwijzer.conversation import Conversations
from klachtwijzer.story import Story
from register import jobs

TRIES = 4
# Triage holds the interpreter, so a second job only fills the waits of the first for the database.
CONCURRENCY = 2
RESCUE_EVERY = 5.0
HEARTBEAT = 5.0
# A worker that was silent for so long is dead: four signs of life are missing.
SILENT_FOR = timedelta(seconds=20)
SWEEP_AFTER = timedelta(seconds=60)
# How long a worker that lost the database waits before it looks again.
PAUSE = 2.0
log = structlog.get_logger()


def tasks(app: App, story: Story) -> None:
    """Adds the tasks that the register defers by name."""

    @app.task(name=jobs.TRIAGE, pass_context=True, retry=RetryStrategy(max_attempts=TRIES, exponential_wait=2))
    def triage(context: JobContext, digest: str) -> None:
        if context.job.attempts >= TRIES:
            # Nothing was raised and yet the job came back each time: this mail takes the whole process down.
            story.shunt(digest, "Het bericht kon niet beoordeeld worden (de verwerking viel telkens stil).")
            return
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


async def work(url: str, story: Story, stop: asyncio.Event, beat: Callable[[], None] = lambda: None) -> None:
    """Works until `stop` is set, then finishes the jobs in hand. A database that goes away is waited for.

    `beat` is called every few seconds while work can be done.
    """
    # The first document must not wait for its reader to start.
    await asyncio.to_thread(SANDBOX.warm)
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        shift = asyncio.create_task(_shift(url, story, beat))
        await asyncio.wait({shift, stopping}, return_when=asyncio.FIRST_COMPLETED)
        shift.cancel()
        (ended,) = await asyncio.gather(shift, return_exceptions=True)
        if not stop.is_set():
            log.warning("worker interrupted, it begins again", kind=type(ended).__name__)
            await asyncio.wait({stopping}, timeout=PAUSE)


async def _shift(url: str, story: Story, beat: Callable[[], None]) -> None:
    """Works until cancelled, or until the connection to the database breaks."""
    app = jobs.app(url)
    tasks(app, story)
    async with app.open_async():
        rescue = asyncio.create_task(_rescue(app, story, beat))
        try:
            await app.run_worker_async(
                # A newer program may defer tasks that this one does not know; they come in queues of their own,
                # and taking one up would mean to spoil it.
                queues=sorted(set(jobs.QUEUES.values())),
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                fetch_job_polling_interval=2.0,
                delete_jobs="successful",
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=SILENT_FOR.total_seconds(),
            )
        finally:
            rescue.cancel()
            await asyncio.gather(rescue, return_exceptions=True)


async def _rescue(app: App, story: Story, beat: Callable[[], None]) -> None:
    """Gives back the work of dead workers, defers what was kept but has no job, and looks after conversations."""
    conversations = Conversations(story.book, story, story.rules)
    while True:
        try:
            stalled = await jobs.rescue(app, silent_for=SILENT_FOR)
            swept = await asyncio.to_thread(story.book.sweep, older_than=SWEEP_AFTER, posting=bool(story.relay))
            swept += await asyncio.to_thread(conversations.tend)
            beat()
            if stalled or swept:
                log.warning("work taken up again", stalled=stalled, swept=swept)
        except Exception as trouble:
            # The database may be away for a while; the next round tries again.
            log.warning("rescue failed", kind=type(trouble).__name__)
        await asyncio.sleep(RESCUE_EVERY)
