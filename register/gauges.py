"""The state of the work in numbers, for whoever watches over it; each is read from an index, at any size."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, Connection, func, select, text

from register import halt, jobs
from register.clock import NO_TERM
from register.deadlines import day_of_receipt
from register.file_tables import pause
from register.tables import dossier, item, outgoing, raw_mail
from register.trust_tables import chain

NEAR = 3
"""A term is near when its last day is at most so many days away."""
WAITING = ("concept", "vastgehouden", "vrijgegeven")
_DAY = timedelta(days=1)
# A worker says every five seconds that it lives.
_ALIVE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Gauges:
    """Numbers of one moment; none of them tells who or what."""

    entered: dict[str, int]
    """Messages received in the last 24 hours, by the outcome in force."""
    oldest_waiting: float
    """Seconds since the oldest mail was kept that is not yet understood; 0 when none waits."""
    escalations: int
    """Open escalations: nobody has said yet that they saw to it."""
    oldest_escalation: float
    """Seconds since the oldest of these was received."""
    oldest_letter: dict[str, float]
    """Seconds since the oldest letter came into each state of waiting (made, or released)."""
    jobs: dict[tuple[str, str], int]
    """Jobs by queue and status."""
    lag: dict[str, float]
    """Seconds that the job which is next in each queue should have been begun; 0 when none is due."""
    workers: int
    """Workers that showed a sign of life."""
    terms: dict[tuple[str, str], int]
    """Running terms by what is due (`bevestigen`, `antwoorden`) and by `te laat` or `nabij`."""
    loose: int
    """Rows of the journal that are not yet chained."""
    halted: bool
    """Whether the general pause keeps all letters in."""


def gauges(connection: Connection, now: datetime) -> Gauges:
    """The numbers of this moment."""
    kept = select(func.min(raw_mail.c.kept)).where(raw_mail.c.state == "bewaard")
    escalated = (item.c.open, item.c.uitkomst == "escaleren")
    count, oldest = connection.execute(select(func.count(), func.min(item.c.received)).where(*escalated)).one()
    loose = select(func.count()).select_from(chain).where(chain.c.position.is_(None))
    return Gauges(
        entered=_entered(connection, now),
        oldest_waiting=_age(now, connection.scalar(kept)),
        escalations=count,
        oldest_escalation=_age(now, oldest),
        oldest_letter=_letters(connection, now),
        jobs=_jobs(connection),
        lag={queue: _lag(connection, queue) for queue in sorted(set(jobs.QUEUES.values()))},
        # A process takes from each queue as a worker of its own.
        workers=ceil((connection.scalar(text(_WORKERS), {"since": _ALIVE}) or 0) / len(set(jobs.QUEUES.values()))),
        terms=_terms(connection, now),
        loose=connection.scalar(loose) or 0,
        halted=halt.halted(connection) is not None,
    )


# The tables of the queue are its own, so they are no tables of ours to import.
_WORKERS = "select count(*) from procrastinate_workers where last_heartbeat > clock_timestamp() - :since"
_WAITING = "select queue_name, status::text, count(*) from procrastinate_jobs group by queue_name, status"
_NEXT = """
    select extract(epoch from clock_timestamp() - coalesce(scheduled_at, (
        select min(at) from procrastinate_events where job_id = job.id and type = 'deferred'
    ))) from procrastinate_jobs job
    where status = 'todo' and queue_name = :queue and (scheduled_at is null or scheduled_at <= clock_timestamp())
    order by priority desc, id limit 1
"""


def _age(now: datetime, since: datetime | None) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def _entered(connection: Connection, now: datetime) -> dict[str, int]:
    lately = select(item.c.uitkomst, func.count()).where(item.c.received > now - _DAY).group_by(item.c.uitkomst)
    return {row[0]: row[1] for row in connection.execute(lately)}


def _letters(connection: Connection, now: datetime) -> dict[str, float]:
    since = func.min(func.coalesce(outgoing.c.released, outgoing.c.made))
    waiting = select(outgoing.c.state, since).where(outgoing.c.state.in_(WAITING), outgoing.c.withdrawn.is_(None))
    ages = {row[0]: _age(now, row[1]) for row in connection.execute(waiting.group_by(outgoing.c.state))}
    return {state: ages.get(state, 0.0) for state in WAITING}


def _jobs(connection: Connection) -> dict[tuple[str, str], int]:
    return {(row[0], row[1]): row[2] for row in connection.execute(text(_WAITING))}


def _lag(connection: Connection, queue: str) -> float:
    seconds = connection.scalar(text(_NEXT), {"queue": queue})
    return 0.0 if seconds is None else max(0.0, float(seconds))


def _terms(connection: Connection, now: datetime) -> dict[tuple[str, str], int]:
    today = day_of_receipt(now)
    found: dict[tuple[str, str], int] = {}
    for what, done, due in (
        ("bevestigen", dossier.c.acknowledged, dossier.c.due_ack),
        ("antwoorden", dossier.c.answered, dossier.c.due_answer),
    ):
        found[what, "te laat"] = _running(connection, done.is_(None), due < today)
        near = due.between(today, min(today + timedelta(days=NEAR), NO_TERM))
        found[what, "nabij"] = _running(connection, done.is_(None), near)
    return found


def _running(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    paused = select(pause.c.dossier).where(pause.c.until.is_(None))
    running = (dossier.c.status == "open", dossier.c.reference.not_in(paused), *conditions)
    return connection.scalar(select(func.count()).select_from(dossier).where(*running)) or 0
