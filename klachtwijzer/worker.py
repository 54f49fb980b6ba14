"""The worker: takes jobs from the queue, does them, tries again what failed, and shunts what keeps failing."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Hand:
    """The jobs that this process is doing, and the numbers under which the queue knows it as a worker."""

    jobs: set[int] = field(default_factory=set)
    workers: set[int] = field(default_factory=set)

    @contextmanager
    def doing(self, context: JobContext) -> Iterator[None]:
        """This job is in hand until the end of the block."""
        number = context.job.id or 0
        self.workers.add(context.job.worker_id or 0)
        self.jobs.add(number)
        try:
            yield
        finally:
            self.jobs.discard(number)


def tasks(app: App, story: Story, hand: Hand | None = None) -> None:
    """Adds the tasks that the register defers by name; `hand` tells which of them are being done."""
    hand = hand or Hand()

    @app.task(name=jobs.TRIAGE, pass_context=True, retry=RetryStrategy(max_attempts=TRIES, exponential_wait=2))
    def triage(context: JobContext, digest: str) -> None:
        with hand.doing(context):
            _triage(story, context, digest)

    @app.task(name=jobs.POST, pass_context=True, retry=RetryStrategy(max_attempts=TRIES, exponential_wait=2))
    def post(context: JobContext, outgoing: int) -> None:
        with hand.doing(context):
            story.post(outgoing)


def _triage(story: Story, context: JobContext, digest: str) -> None:
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
    app, hand = jobs.app(url), Hand()
    tasks(app, story, hand)
    async with app.open_async():
        rescue = asyncio.create_task(_rescue(app, story, hand, beat))
        # A relay that hangs holds a job for minutes, and a mail with a danger in it may not wait behind that: each
        # queue has places of its own. A newer program may defer tasks that this one does not know; they come in
        # queues of their own, and taking one up would mean to spoil it.
        desks = [asyncio.create_task(_desk(app, queue)) for queue in sorted(set(jobs.QUEUES.values()))]
        try:
            await asyncio.wait(desks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in (rescue, *desks):
                one.cancel()
            ended = await asyncio.gather(rescue, *desks, return_exceptions=True)
        for trouble in ended:
            if isinstance(trouble, Exception):
                raise trouble


async def _desk(app: App, queue: str) -> None:
    """Takes from one queue until cancelled."""
    await app.run_worker_async(
        queues=[queue],
        concurrency=CONCURRENCY,
        install_signal_handlers=False,
        fetch_job_polling_interval=2.0,
        delete_jobs="successful",
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=SILENT_FOR.total_seconds(),
    )


async def _rescue(app: App, story: Story, hand: Hand, beat: Callable[[], None]) -> None:
    """Gives back what dead workers held and we let fall, defers what has no job, and looks after conversations."""
    conversations = Conversations(story.book, story, story.rules)
    fallen: set[int] = set()
    while True:
        try:
            stalled = await jobs.rescue(app, silent_for=SILENT_FOR)
            # A job that is begun or ended at this moment looks fallen as well, but not twice.
            before, fallen = fallen, await jobs.begun(app, hand.workers) - hand.jobs
            stalled += await jobs.give_back(app, before & fallen - hand.jobs)
            swept = await asyncio.to_thread(story.book.sweep, older_than=SWEEP_AFTER, posting=bool(story.relay))
            swept += await asyncio.to_thread(conversations.tend)
            beat()
            if stalled or swept:
                log.warning("work taken up again", stalled=stalled, swept=swept)
        except Exception as trouble:
            # The database may be away for a while; the next round tries again.
            log.warning("rescue failed", kind=type(trouble).__name__)
        await asyncio.sleep(RESCUE_EVERY)
