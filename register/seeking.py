"""Dossiers sought: by words, by what they are about, by day, by who treats them; the newest first."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Select, or_, select, tuple_

from register import directory, parties
from register.file_tables import part
from register.listing import told
from register.record import as_text
from register.report import Only, narrowed
from register.sealing import Key
from register.tables import dossier, item, message

_REFERENCE = re.compile(r"KW-\d{4}-\d{5,9}")
_RARE = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dossiers to find; what is empty does not matter."""

    text: str = ""
    """Words of a mail (Dutch full text), a reference, a sender's address, or a sealed name or number, whole."""
    sector: str = ""
    decreet: str = ""
    status: str = ""
    first: date | None = None
    last: date | None = None
    """First and last day of receipt."""
    handler: str = ""
    place: str = ""
    """How the name of an organiser or a location begins, or its number."""
    severity: str = ""
    department_of: str = ""
    """As in `register.report.Only`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One dossier in a list."""

    reference: str
    opened: date
    sender_name: str
    sender_address: str
    subject: str
    """Of its first mail; empty when it has none."""
    sector: str
    decreet: str
    status: str
    severity: str
    finding: str
    handler: str | None
    due_answer: date | None
    answered: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of dossiers."""

    entries: tuple[Entry, ...]
    next: str
    """Give it as `after` for the following page; empty on the last."""


def seek(connection: Connection, wanted: Wanted, key: Key | None = None, *, after: str = "", limit: int = 50) -> Found:
    """The dossiers that meet all of it, newest first. Raises ValueError for an `after` that is none.

    With `key` the words are held against sealed names, numbers and contacts as well.
    """
    chosen: Select[*tuple[object, ...]] = select(dossier.c.reference, dossier.c.opened)
    chosen = chosen.where(dossier.c.status != "vervallen")
    for column, value in ((dossier.c.status, wanted.status), (dossier.c.severity, wanted.severity)):
        chosen = chosen.where(column == value) if value else chosen
    chosen = chosen.where(dossier.c.opened >= wanted.first) if wanted.first else chosen
    chosen = chosen.where(dossier.c.opened <= wanted.last) if wanted.last else chosen
    only = Only(wanted.sector, wanted.decreet, handler=wanted.handler, department_of=wanted.department_of)
    chosen = narrowed(chosen, only)
    if place := as_text(wanted.place).strip():
        chosen = _at(connection, chosen, place)
    if words := as_text(wanted.text).strip():
        chosen = _telling(connection, chosen, words, key)
    if after:
        chosen = chosen.where(tuple_(dossier.c.opened, dossier.c.reference) < tuple_(*_place(after)))
    rows = connection.execute(
        chosen.order_by(dossier.c.opened.desc(), dossier.c.reference.desc()).limit(limit + 1)
    ).all()
    following = f"{rows[limit - 1][1]}:{rows[limit - 1][0]}" if len(rows) > limit else ""
    return Found(entries(connection, tuple(str(row[0]) for row in rows[:limit])), following)


def entries(connection: Connection, references: tuple[str, ...]) -> tuple[Entry, ...]:
    """These dossiers for a list, in the order given; what is unknown is left out."""
    columns = [dossier.c[name] for name in Entry.__slots__ if name != "subject"]
    rows = connection.execute(select(*columns).where(dossier.c.reference.in_(references))).all()
    mails = select(item.c.dossier, message.c.subject).join(message, message.c.digest == item.c.digest)
    mails = mails.where(item.c.dossier.in_(references)).order_by(item.c.received.desc(), item.c.digest.desc())
    # The first mail comes last, and stays.
    subjects = {row.dossier: row.subject for row in connection.execute(mails)}
    found = {row.reference: Entry(subject=subjects.get(row.reference, ""), **row._mapping) for row in rows}
    return tuple(found[reference] for reference in references if reference in found)


def _at(connection: Connection, chosen: Select[*tuple[object, ...]], words: str) -> Select[*tuple[object, ...]]:
    bodies, places = directory.find(connection, words, limit=200)
    there = or_(part.c.organiser.in_([one.id for one in bodies]), part.c.location.in_([one.id for one in places]))
    return chosen.where(dossier.c.reference.in_(select(part.c.dossier).where(there)))


def _telling(
    connection: Connection, chosen: Select[*tuple[object, ...]], words: str, key: Key | None
) -> Select[*tuple[object, ...]]:
    if _REFERENCE.fullmatch(words.upper()):
        return chosen.where(dossier.c.reference == words.upper())
    named = set(parties.found(connection, words, key)) if key else set()
    if "@" in words and " " not in words:
        writer = select(dossier.c.reference).where(dossier.c.sender_address == words.lower())
        return chosen.where(dossier.c.reference.in_(named | set(connection.scalars(writer))))
    # As in the work list: rare words are looked up first, common ones are met soon enough in the order of the list.
    # The name of a writer is among the words of a message.
    digests = connection.scalars(select(message.c.digest).where(told(words)).limit(_RARE)).all()
    if len(digests) < _RARE:
        theirs = select(item.c.dossier).where(item.c.digest.in_(digests), item.c.dossier.is_not(None))
        return chosen.where(dossier.c.reference.in_(named | set(connection.scalars(theirs))))
    telling = select(item.c.digest).join(message, message.c.digest == item.c.digest)
    return chosen.where(telling.where(item.c.dossier == dossier.c.reference, told(words)).exists())


def _place(mark: str) -> tuple[date, str]:
    day, _, reference = mark.partition(":")
    if not _REFERENCE.fullmatch(reference):
        raise ValueError("not the mark of a page")
    try:
        return date.fromisoformat(day), reference
    except ValueError:
        raise ValueError("not the mark of a page") from None
