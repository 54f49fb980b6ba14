"""What is to be erased: proposed by a dated rule or on a person's request, and done once two people agreed."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, Row, exists, insert, select, update

from register import erasing, events, file
from register.deadlines import BRUSSELS
from register.law import Keeping, Law, in_force
from register.tables import dossier, item
from register.trust_tables import disposal

REQUEST = "verzoek"
_AT_ONCE = 500


class HeldError(ValueError):
    """The dossier is kept on order (a court case, an inquiry) and may not be erased."""


class SamePersonError(ValueError):
    """Two different people approve an erasure."""


@dataclass(frozen=True, slots=True)
class Disposal:
    """A dossier, or a mail without one, whose persons are to be erased."""

    id: int
    dossier: str | None
    digest: str | None
    kind: str
    """`termijn` (the time is over) or `verzoek` (a person asked, GDPR art. 17)."""
    rule: str
    why: str
    proposed: datetime
    proposed_by: str
    first_by: str | None
    second_by: str | None
    done: datetime | None
    refused: datetime | None


def propose(connection: Connection, law: Law, today: date) -> int:
    """Propose what a rule says is due, unless held, proposed or erased before; how many."""
    return sum(
        _dossiers(connection, rule, today) if rule.wat == "dossier" else _mails(connection, rule, today)
        for rule in in_force(law.keeping, today)
    )


def ask(connection: Connection, reference: str, account: str, why: str) -> int:
    """Propose an erasure because a person asked for it (GDPR art. 17); its number. Raises HeldError."""
    row = file.row(connection, reference)
    if row.hold:
        raise HeldError(f"{reference} wordt bewaard: {row.hold}")
    values = {"dossier": reference, "kind": REQUEST, "rule": "avg-17", "why": why, "proposed_by": account}
    number = int(connection.scalar(insert(disposal).values(values).returning(disposal.c.id)) or 0)
    events.write(connection, events.line(events.PROPOSED, who=account, dossier=reference, besluit=number))
    return number


def approve(connection: Connection, number: int, account: str, now: datetime) -> bool:
    """One person's yes; the second one, of somebody else, erases. True when it was erased now.

    Raises SamePersonError, HeldError, or LookupError when nothing of that number waits.
    """
    row = _waiting(connection, number)
    if row.dossier is not None and (held := file.row(connection, row.dossier).hold):
        raise HeldError(f"{row.dossier} wordt bewaard: {held}")
    line = events.line(events.APPROVED, who=account, dossier=row.dossier, digest=row.digest, besluit=number)
    if row.first_by is None:
        connection.execute(update(disposal).where(disposal.c.id == number).values(first_by=account, first_at=now))
        events.write(connection, line)
        return False
    if row.first_by == account:
        raise SamePersonError("een tweede persoon keurt het wissen goed")
    events.write(connection, line)
    erasing.erase(connection, reference=row.dossier, digest=row.digest, number=number, now=now)
    values = {"second_by": account, "second_at": now, "done": now, "why": ""}
    connection.execute(update(disposal).where(disposal.c.id == number).values(values))
    return True


def refuse(connection: Connection, number: int, account: str, now: datetime) -> None:
    """One person's no ends the proposal."""
    row = _waiting(connection, number)
    connection.execute(update(disposal).where(disposal.c.id == number).values(refused=now))
    line = events.line(events.REFUSED, who=account, dossier=row.dossier, digest=row.digest, besluit=number)
    events.write(connection, line)


def waiting(connection: Connection, *, limit: int = 500) -> tuple[Disposal, ...]:
    """What waits for one or two approvals, oldest first."""
    open_ = select(disposal).where(disposal.c.done.is_(None), disposal.c.refused.is_(None))
    rows = connection.execute(open_.order_by(disposal.c.id).limit(limit))
    return tuple(Disposal(**{name: getattr(row, name) for name in Disposal.__slots__}) for row in rows)


def _before(rule: Keeping, today: date) -> datetime:
    # The 29th of February has no namesake in most years; the day before is a day too early for nobody.
    year = today.year - rule.jaren
    day = today.replace(year=year) if (today.month, today.day) != (2, 29) else date(year, 2, 28)
    return datetime.combine(day, time(), BRUSSELS)


def _dossiers(connection: Connection, rule: Keeping, today: date) -> int:
    pending = exists().where(disposal.c.dossier == dossier.c.reference, disposal.c.done.is_(None))
    wanted = (
        select(dossier.c.reference)
        .where(
            dossier.c.closed < _before(rule, today),
            dossier.c.anonymised.is_(None),
            dossier.c.hold == "",
            dossier.c.status != "open",
            ~pending,
        )
        .order_by(dossier.c.closed)
        .limit(_AT_ONCE)
    )
    rows = [{"dossier": reference, "digest": None} for reference in connection.scalars(wanted)]
    return _write(connection, rule, rows)


def _mails(connection: Connection, rule: Keeping, today: date) -> int:
    pending = exists().where(disposal.c.digest == item.c.digest)
    wanted = select(item.c.digest).where(item.c.dossier.is_(None), item.c.received < _before(rule, today), ~pending)
    found = connection.scalars(wanted.order_by(item.c.received).limit(_AT_ONCE))
    return _write(connection, rule, [{"dossier": None, "digest": digest} for digest in found])


def _write(connection: Connection, rule: Keeping, rows: list[dict[str, str | None]]) -> int:
    told: dict[str, str | None] = {"kind": "termijn", "rule": rule.id, "proposed_by": events.PROGRAM}
    if rows:
        connection.execute(insert(disposal), [row | told for row in rows])
    return len(rows)


def _waiting(connection: Connection, number: int) -> Row[*tuple[object, ...]]:
    open_ = (disposal.c.id == number, disposal.c.done.is_(None), disposal.c.refused.is_(None))
    row = connection.execute(select(disposal).where(*open_).with_for_update()).one_or_none()
    if row is None:
        raise LookupError(f"no disposal {number} waits")
    return row
