"""Runs of a rulebook over its examples or over the mails on file: asked for, under way with their progress, done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from register.record import Json, storable
from register.rulebook_tables import rule_run

Kind = Literal["proeven", "gevolgen"]
# Whoever does a run gives a sign of life at least at every batch of mails; beyond this it died.
SILENT_FOR = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Run:
    """One run; `done` and `total` count examples or mails."""

    id: int
    kind: Kind
    fingerprint: str
    against: str
    """What was in force when it was asked for."""
    since: datetime | None
    who: str
    asked: datetime
    beat: datetime | None
    state: Literal["wacht", "bezig", "klaar", "mislukt"]
    done: int
    total: int
    result: Json | None

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in ("klaar", "mislukt")


def ask(  # noqa: PLR0913
    connection: Connection, kind: Kind, fingerprint: str, against: str, *, who: str, since: datetime | None = None
) -> int:
    """A new run that waits for somebody to do it; its number. Both rulebooks must be on file."""
    row = {"kind": kind, "fingerprint": fingerprint, "against": against, "who": who, "since": since}
    return int(connection.execute(insert(rule_run).values(row).returning(rule_run.c.id)).scalar_one())


def take(connection: Connection) -> Run | None:
    """The oldest run that waits, or whose doer died, which is then under way; None when there is none."""
    dead = func.clock_timestamp() - SILENT_FOR
    waiting = or_(rule_run.c.state == "wacht", (rule_run.c.state == "bezig") & (rule_run.c.beat < dead))
    oldest = select(rule_run.c.id).where(waiting).order_by(rule_run.c.id).limit(1).with_for_update(skip_locked=True)
    begun = {"state": "bezig", "beat": func.clock_timestamp(), "done": 0}
    taken = update(rule_run).where(rule_run.c.id == oldest.scalar_subquery()).values(begun).returning(rule_run)
    row = connection.execute(taken).one_or_none()
    return None if row is None else _run(row)


def advance(connection: Connection, number: int, *, done: int, total: int) -> None:
    """How far it is; also a sign of life."""
    so_far = {"done": done, "total": total, "beat": func.clock_timestamp()}
    connection.execute(update(rule_run).where(rule_run.c.id == number).values(so_far))


def finish(connection: Connection, number: int, result: object | None) -> None:
    """It is done, with this result; without one it failed."""
    row = {"state": "mislukt" if result is None else "klaar", "result": storable(result)}
    connection.execute(update(rule_run).where(rule_run.c.id == number).values(row | {"beat": func.clock_timestamp()}))


def find(connection: Connection, number: int) -> Run | None:
    """The run of that number, or None."""
    row = connection.execute(select(rule_run).where(rule_run.c.id == number)).one_or_none()
    return None if row is None else _run(row)


def of(connection: Connection, fingerprint: str, limit: int = 10) -> list[Run]:
    """The runs of a rulebook, newest first."""
    wanted = select(rule_run).where(rule_run.c.fingerprint == fingerprint).order_by(rule_run.c.id.desc()).limit(limit)
    return [_run(row) for row in connection.execute(wanted)]


def _run(row: Row[*tuple[object, ...]]) -> Run:
    return Run(**row._mapping)
