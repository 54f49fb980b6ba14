"""What is to be erased: proposed by a dated rule or on a person's request, and done once two people agreed."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, Row, Select, exists, func, insert, or_, select, update

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


class AlreadyProposedError(ValueError):
    """An erasure of the same was proposed before and still waits, or it was done."""


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


def ask(connection: Connection, reference: str | None, account: str, why: str, *, digest: str | None = None) -> int:
    """Propose an erasure because a person asked for it (GDPR art. 17): of a dossier, or of a mail without one.

    Its number. Raises HeldError, AlreadyProposedError, or LookupError for what is not there.
    """
    if reference is not None:
        if (row := file.row(connection, reference, lock=True)).hold:
            raise HeldError(f"{reference} wordt bewaard: {row.hold}")
        digest = None
    elif not connection.scalar(select(exists().where(item.c.digest == digest, item.c.dossier.is_(None)))):
        raise LookupError(digest)
    same = disposal.c.digest == digest if reference is None else disposal.c.dossier == reference
    if connection.scalar(select(exists().where(same, disposal.c.refused.is_(None)))):
        raise AlreadyProposedError(f"{reference or 'dit bericht'} is al voorgesteld om te wissen, of is al gewist")
    values = {"dossier": reference, "digest": digest, "kind": REQUEST, "rule": "avg-17", "why": why}
    made = insert(disposal).values(values | {"proposed_by": account}).returning(disposal.c.id)
    number = int(connection.scalar(made) or 0)
    line = events.line(events.PROPOSED, who=account, dossier=reference, digest=digest, besluit=number)
    events.write(connection, line)
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


@dataclass(frozen=True, slots=True)
class Coming:
    """How much one rule will propose by a day that is still to come."""

    rule: Keeping
    number: int


def coming(connection: Connection, law: Law, until: date) -> tuple[Coming, ...]:
    """For each rule in force how many dossiers or mails are over its time by that day and not yet proposed."""
    found = []
    for rule in in_force(law.keeping, until):
        wanted = _due_dossiers(rule, until) if rule.wat == "dossier" else _due_mails(rule, until)
        found.append(Coming(rule, connection.scalar(select(func.count()).select_from(wanted.subquery())) or 0))
    return tuple(found)


def held(connection: Connection, *, limit: int = 200) -> tuple[tuple[str, str], ...]:
    """The dossiers that are kept on order, newest first, each with the reason."""
    wanted = select(dossier.c.reference, dossier.c.hold).where(dossier.c.hold != "")
    rows = connection.execute(wanted.order_by(dossier.c.opened.desc(), dossier.c.reference.desc()).limit(limit))
    return tuple((row.reference, row.hold) for row in rows)


def past(connection: Connection, *, limit: int = 50) -> tuple[Disposal, ...]:
    """What was erased or refused, the latest first."""
    ended = select(disposal).where(or_(disposal.c.done.is_not(None), disposal.c.refused.is_not(None)))
    rows = connection.execute(ended.order_by(func.coalesce(disposal.c.done, disposal.c.refused).desc()).limit(limit))
    return tuple(Disposal(**{name: getattr(row, name) for name in Disposal.__slots__}) for row in rows)


def _before(rule: Keeping, today: date) -> datetime:
    # The 29th of February has no namesake in most years; the day before is a day too early for nobody.
    year = today.year - rule.jaren
    day = today.replace(year=year) if (today.month, today.day) != (2, 29) else date(year, 2, 28)
    return datetime.combine(day, time(), BRUSSELS)


def _due_dossiers(rule: Keeping, today: date) -> Select[*tuple[object, ...]]:
    pending = exists().where(disposal.c.dossier == dossier.c.reference, disposal.c.done.is_(None))
    return select(dossier.c.reference, dossier.c.closed).where(
        dossier.c.closed < _before(rule, today),
        dossier.c.anonymised.is_(None),
        dossier.c.hold == "",
        dossier.c.status != "open",
        ~pending,
    )


def _due_mails(rule: Keeping, today: date) -> Select[*tuple[object, ...]]:
    pending = exists().where(disposal.c.digest == item.c.digest)
    homeless = (item.c.dossier.is_(None), item.c.received < _before(rule, today), ~pending)
    return select(item.c.digest, item.c.received).where(*homeless)


def _dossiers(connection: Connection, rule: Keeping, today: date) -> int:
    wanted = _due_dossiers(rule, today).order_by(dossier.c.closed).limit(_AT_ONCE)
    return _write(connection, rule, [{"dossier": one, "digest": None} for one in _first(connection, wanted)])


def _mails(connection: Connection, rule: Keeping, today: date) -> int:
    wanted = _due_mails(rule, today).order_by(item.c.received).limit(_AT_ONCE)
    return _write(connection, rule, [{"dossier": None, "digest": one} for one in _first(connection, wanted)])


def _first(connection: Connection, wanted: Select[*tuple[object, ...]]) -> list[str]:
    return [str(row[0]) for row in connection.execute(wanted)]


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
