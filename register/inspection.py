"""Who did what and who read what, the latest first, for whoever watches over the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from register.dossier import Event
from register.tables import event, item, reading

_NAMES = ("at", "who", "what", "dossier", "digest", "detail")


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody read a mail or a dossier."""

    at: datetime
    account: str
    digest: str
    """Empty when the dossier was read as a whole."""
    dossier: str
    """Of the mail too, where it has one now."""


def latest(
    connection: Connection, *, who: str = "", what: str = "", before: int = 0, limit: int = 50
) -> tuple[tuple[Event, ...], int]:
    """Events, the latest first, and the number to give as `before` for the next ones (0 when there are none)."""
    wanted = select(event).order_by(event.c.id.desc()).limit(limit + 1)
    for column, value in ((event.c.who, who), (event.c.what, what)):
        wanted = wanted.where(column == value) if value else wanted
    rows = connection.execute(wanted.where(event.c.id < before) if before else wanted).all()
    following = rows[limit - 1].id if len(rows) > limit else 0
    return tuple(Event(**{name: getattr(row, name) for name in _NAMES}) for row in rows[:limit]), following


def events_of(
    connection: Connection, references: Sequence[str], digests: Sequence[str] = (), *, limit: int = 200
) -> tuple[Event, ...]:
    """What happened to these dossiers and mails, the latest first."""
    mine = or_(event.c.dossier.in_(references), event.c.digest.in_(_mails(connection, references, digests)))
    rows = connection.execute(select(event).where(mine).order_by(event.c.id.desc()).limit(limit))
    return tuple(Event(**{name: getattr(row, name) for name in _NAMES}) for row in rows)


def looks_at(
    connection: Connection, references: Sequence[str], digests: Sequence[str] = (), *, limit: int = 500
) -> tuple[Look, ...]:
    """Who read these dossiers, their mails, or these mails, the latest first."""
    mine = or_(reading.c.dossier.in_(references), reading.c.digest.in_(_mails(connection, references, digests)))
    return _looks(connection, mine, limit)


def looks_by(connection: Connection, account: str, *, limit: int = 500) -> tuple[Look, ...]:
    """What an account read, the latest first."""
    return _looks(connection, reading.c.account == account, limit)


def _mails(connection: Connection, references: Sequence[str], digests: Sequence[str]) -> list[str]:
    theirs = connection.scalars(select(item.c.digest).where(item.c.dossier.in_(references)))
    # The empty digest stands in every reading of a dossier, and names no mail.
    return [one for one in (*theirs, *digests) if one]


def _looks(connection: Connection, mine: object, limit: int) -> tuple[Look, ...]:
    wanted = (
        select(reading, item.c.dossier.label("of"))
        .outerjoin(item, item.c.digest == reading.c.digest)
        .where(mine)  # type: ignore[arg-type]
        .order_by(reading.c.id.desc())
        .limit(limit)
    )
    return tuple(
        Look(row.at, row.account, row.digest, row.dossier or row.of or "") for row in connection.execute(wanted)
    )
