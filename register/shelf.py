"""Dossiers one after the other, for programs that read them all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from register.tables import dossier

_NAMES = (
    "reference", "opened", "due_ack", "due_answer", "acknowledged", "answered", "closed", "status", "sector",
    "qualification", "severity", "handler",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spine:
    """What one sees of a dossier without opening it: no name of a complainant."""

    reference: str
    opened: date
    due_ack: date | None
    due_answer: date | None
    acknowledged: datetime | None
    answered: datetime | None
    closed: datetime | None
    status: str
    sector: str
    qualification: str
    severity: str
    handler: str | None


def along(connection: Connection, *, after: str = "", status: str = "", limit: int = 50) -> Sequence[Spine]:
    """Dossiers in order of reference, from `after` on."""
    wanted = select(*(dossier.c[name] for name in _NAMES)).where(dossier.c.reference > after)
    wanted = wanted.where(dossier.c.status == status) if status else wanted
    rows = connection.execute(wanted.order_by(dossier.c.reference).limit(limit))
    return tuple(Spine(*row) for row in rows)


def spine(connection: Connection, reference: str) -> Spine | None:
    """One dossier from outside, or None."""
    wanted = select(*(dossier.c[name] for name in _NAMES)).where(dossier.c.reference == reference)
    row = connection.execute(wanted).one_or_none()
    return None if row is None else Spine(*row)
