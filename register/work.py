"""The work on a dossier: tasks, contributions of departments, improvement actions, documents and links."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from register import events, file, imprint
from register.file_tables import bond, contribution, document, improvement, task
from register.law import Law
from register.record import as_text

DEPARTMENT_ROLES = ("klantenbeheerder", "beleidsmedewerker")


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do, for somebody, by a day."""

    id: int
    dossier: str
    what: str
    account: str
    due: date | None
    done: datetime | None
    done_by: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """What the competent department was asked, and what it answered."""

    id: int
    dossier: str
    part: int | None
    department: str
    role: str
    """`klantenbeheerder` or `beleidsmedewerker`."""
    account: str
    question: str
    asked_by: str
    asked: datetime
    due: date | None
    answer: str
    answered_by: str
    answered: datetime | None


@dataclass(frozen=True, slots=True)
class Improvement:
    """An action that should keep it from happening again."""

    id: int
    dossier: str
    what: str
    account: str
    due: date | None
    done: datetime | None


@dataclass(frozen=True, slots=True)
class Document:
    """A document on file, without its content."""

    id: int
    dossier: str
    name: str
    type: str
    imprint: str
    """SHA-256 of the content, in hex."""
    account: str
    at: datetime


def set_task(connection: Connection, reference: str, account: str, what: str, to: str, due: date | None) -> int:  # noqa: PLR0913, PLR0917
    """A task for an account; its number."""
    row: dict[str, object] = {"dossier": reference, "what": as_text(what), "account": to, "due": due}
    made = int(connection.scalar(insert(task).values(row).returning(task.c.id)) or 0)
    events.write(
        connection, events.line(events.TASK_SET, who=account, dossier=reference, taak=made, voor=to, tegen=due)
    )
    return made


def end_task(connection: Connection, number: int, account: str, now: datetime) -> None:
    """The task is done; a second time changes nothing."""
    ended = update(task).where(task.c.id == number, task.c.done.is_(None)).values(done=now, done_by=account)
    row = connection.execute(ended.returning(task.c.dossier)).one_or_none()
    if row is not None:
        events.write(connection, events.line(events.TASK_DONE, who=account, dossier=row.dossier, taak=number))


def tasks(connection: Connection, *, reference: str | None = None, account: str | None = None) -> tuple[Task, ...]:
    """The tasks of a dossier, or the open ones of an account, by their day."""
    wanted = select(task).order_by(task.c.due.nulls_last(), task.c.id)
    wanted = wanted.where(task.c.dossier == reference) if reference is not None else wanted
    wanted = wanted.where(task.c.account == account, task.c.done.is_(None)) if account is not None else wanted
    return tuple(
        Task(**{name: getattr(row, name) for name in Task.__slots__}) for row in connection.execute(wanted.limit(500))
    )


def ask(  # noqa: PLR0913
    connection: Connection,
    reference: str,
    account: str,
    question: str,
    *,
    department: str,
    role: str,
    to: str = "",
    part: int | None = None,
    due: date | None = None,
) -> int:
    """Ask a department for its contribution; the number of the question."""
    if role not in DEPARTMENT_ROLES:
        raise ValueError(f"rol: kies uit {', '.join(DEPARTMENT_ROLES)}")
    row: dict[str, object] = {
        "dossier": reference,
        "part": part,
        "department": as_text(department),
        "role": role,
        "account": to,
    }
    row |= {"question": as_text(question), "asked_by": account, "due": due}
    made = int(connection.scalar(insert(contribution).values(row).returning(contribution.c.id)) or 0)
    line = events.line(
        events.ASKED, who=account, dossier=reference, bijdrage=made, afdeling=department, rol=role, tegen=due
    )
    events.write(connection, line)
    return made


def contribute(connection: Connection, number: int, account: str, answer: str, now: datetime) -> None:
    """The department's answer, once. Raises LookupError when there is no open question of that number."""
    given = {"answer": as_text(answer), "answered_by": account, "answered": now}
    open_ = (contribution.c.id == number, contribution.c.answered.is_(None))
    answered = update(contribution).where(*open_).values(given).returning(contribution.c.dossier)
    row = connection.execute(answered).one_or_none()
    if row is None:
        raise LookupError(f"no open question {number}")
    events.write(connection, events.line(events.CONTRIBUTED, who=account, dossier=row.dossier, bijdrage=number))


def contributions(connection: Connection, reference: str) -> tuple[Contribution, ...]:
    """What was asked and answered in a dossier, in order."""
    mine = select(contribution).where(contribution.c.dossier == reference).order_by(contribution.c.id)
    return tuple(
        Contribution(**{name: getattr(row, name) for name in Contribution.__slots__})
        for row in connection.execute(mine)
    )


def improve(  # noqa: PLR0913
    connection: Connection, reference: str, account: str, what: str, *, to: str = "", due: date | None = None
) -> int:
    """An improvement action that follows from the dossier; its number."""
    row: dict[str, object] = {"dossier": reference, "what": as_text(what), "account": to, "due": due}
    made = int(connection.scalar(insert(improvement).values(row).returning(improvement.c.id)) or 0)
    events.write(connection, events.line(events.IMPROVED, who=account, dossier=reference, actie=made, tegen=due))
    return made


def end_improvement(connection: Connection, number: int, account: str, now: datetime) -> None:
    """The action was carried out; a second time changes nothing."""
    ended = update(improvement).where(improvement.c.id == number, improvement.c.done.is_(None)).values(done=now)
    row = connection.execute(ended.returning(improvement.c.dossier)).one_or_none()
    if row is not None:
        events.write(connection, events.line(events.IMPROVED_DONE, who=account, dossier=row.dossier, actie=number))


def improvements(connection: Connection, reference: str) -> tuple[Improvement, ...]:
    """The improvement actions of a dossier, in order."""
    mine = select(improvement).where(improvement.c.dossier == reference).order_by(improvement.c.id)
    return tuple(
        Improvement(**{name: getattr(row, name) for name in Improvement.__slots__}) for row in connection.execute(mine)
    )


def asked(connection: Connection, account: str) -> tuple[Contribution, ...]:
    """The open questions to an account, by their day."""
    open_ = select(contribution).where(contribution.c.account == account, contribution.c.answered.is_(None))
    rows = connection.execute(open_.order_by(contribution.c.due.nulls_last(), contribution.c.id).limit(500))
    return tuple(Contribution(**{name: getattr(row, name) for name in Contribution.__slots__}) for row in rows)


def bind(connection: Connection, one: str, other: str, account: str, kind: str, law: Law) -> None:  # noqa: PLR0913, PLR0917
    """Tie two dossiers together, seen from both. Raises ValueError for an unknown kind or a dossier with itself."""
    if kind not in law.choices("band") or one == other:
        raise ValueError(f"band: {kind} staat niet in de lijst band, of het dossier wijst naar zichzelf")
    for reference in (one, other):
        file.row(connection, reference)
    first, second = sorted((one, other))
    made = upsert(bond).values(one=first, other=second, kind=kind)
    connection.execute(made.on_conflict_do_update(index_elements=["one", "other"], set_={"kind": kind}))
    for here, there in ((one, other), (other, one)):
        events.write(connection, events.line(events.BOUND, who=account, dossier=here, ander=there, band=kind))


def bonds(connection: Connection, reference: str) -> tuple[tuple[str, str], ...]:
    """The other dossier and the kind of link, for each link of this one."""
    mine = (
        select(bond).where(or_(bond.c.one == reference, bond.c.other == reference)).order_by(bond.c.one, bond.c.other)
    )
    return tuple((row.other if row.one == reference else row.one, row.kind) for row in connection.execute(mine))


def add_document(connection: Connection, reference: str, account: str, name: str, type_: str, content: bytes) -> int:  # noqa: PLR0913, PLR0917
    """Put a document in the dossier; its number."""
    row: dict[str, object] = {
        "dossier": reference,
        "name": as_text(name),
        "type": as_text(type_),
        "content": content,
        "account": account,
    }
    row |= {"imprint": imprint.digest(content)}
    made = int(connection.scalar(insert(document).values(row).returning(document.c.id)) or 0)
    events.write(connection, events.line(events.DOCUMENTED, who=account, dossier=reference, document=made))
    return made


def documents(connection: Connection, reference: str) -> tuple[Document, ...]:
    """The documents of a dossier, in order."""
    columns = [getattr(document.c, name) for name in Document.__slots__]
    mine = select(*columns).where(document.c.dossier == reference).order_by(document.c.id)
    return tuple(Document(*row) for row in connection.execute(mine))


def content(connection: Connection, number: int) -> bytes | None:
    """What is in a document."""
    return connection.scalar(select(document.c.content).where(document.c.id == number))
