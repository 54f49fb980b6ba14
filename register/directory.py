"""The directory of organisers and their locations, and what was complained of there before, with its severity."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Row, case, func, insert, or_, select, update

from register import events
from register.file_tables import location, organiser, part, running
from register.law import Law
from register.record import as_text
from register.tables import dossier


@dataclass(frozen=True, slots=True)
class Organiser:
    """Who runs locations: recognised or licensed by Opgroeien, or a service of its own."""

    id: int
    name: str
    kind: str
    number: str
    """Its number in the file of licences or recognitions; empty when not known."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place, and who ran it since when."""

    id: int
    name: str
    address: str
    number: str
    runs: tuple[tuple[int, date | None, date | None], ...]
    """Organiser, from, to; the last one runs it now when `to` is None."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier dossier on the same organiser or location. Severity stands first: seven trifles outweigh nothing."""

    reference: str
    opened: date
    severity: str
    status: str
    finding: str
    themes: tuple[str, ...]
    same_location: bool


def add_organiser(connection: Connection, account: str, name: str, kind: str, law: Law, *, number: str = "") -> int:  # noqa: PLR0913
    """A new organiser; its number in the directory. Raises ValueError for an unknown kind."""
    if kind not in law.choices("organisator"):
        raise ValueError(f"soort: {kind} staat niet in de lijst organisator")
    row = {"name": as_text(name).strip(), "kind": kind, "number": number.strip()}
    made = connection.scalar(insert(organiser).values(row).returning(organiser.c.id))
    events.write(connection, events.line(events.DIRECTORY, who=account, organisator=made, nu=row))
    return int(made or 0)


def add_location(  # noqa: PLR0913
    connection: Connection,
    account: str,
    name: str,
    run_by: int,
    *,
    address: str = "",
    number: str = "",
    since: date | None = None,
) -> int:
    """A new location of an organiser; its number in the directory."""
    row = {"name": as_text(name).strip(), "address": as_text(address).strip(), "number": number.strip()}
    made = int(connection.scalar(insert(location).values(row).returning(location.c.id)) or 0)
    connection.execute(insert(running).values(location=made, organiser=run_by, since=since))
    events.write(connection, events.line(events.DIRECTORY, who=account, locatie=made, organisator=run_by, nu=row))
    return made


def hand_over(connection: Connection, account: str, place: int, run_by: int, since: date) -> None:
    """Another organiser runs the location from that day; who ran it before stays on file."""
    connection.execute(
        update(running).where(running.c.location == place, running.c.until.is_(None)).values(until=since)
    )
    connection.execute(insert(running).values(location=place, organiser=run_by, since=since))
    line = events.line(events.DIRECTORY, who=account, locatie=place, organisator=run_by, vanaf=since)
    events.write(connection, line)


def rename(connection: Connection, account: str, which: int, name: str) -> None:
    """An organiser has another name; the former one stays in the journal and is still found."""
    was = connection.scalar(select(organiser.c.name).where(organiser.c.id == which))
    connection.execute(update(organiser).where(organiser.c.id == which).values(name=as_text(name).strip()))
    line = events.line(events.DIRECTORY, who=account, organisator=which, was={"name": was}, nu={"name": name})
    events.write(connection, line)


def find(connection: Connection, words: str, *, limit: int = 20) -> tuple[tuple[Organiser, ...], tuple[Location, ...]]:
    """Organisers and locations whose name begins with these words, or whose number is that."""
    start = words.strip().lower().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    by_name = organiser.c.name.ilike(start) | (organiser.c.number == words.strip())
    rows = connection.execute(select(organiser).where(by_name).order_by(organiser.c.name).limit(limit))
    found = tuple(Organiser(row.id, row.name, row.kind, row.number) for row in rows)
    by_place = location.c.name.ilike(start) | (location.c.number == words.strip())
    places = connection.execute(select(location).where(by_place).order_by(location.c.name).limit(limit)).all()
    return found, tuple(_as_location(connection, row) for row in places)


def earlier(connection: Connection, reference: str, *, limit: int = 50) -> tuple[Earlier, ...]:
    """Other dossiers on an organiser or location of this one, the gravest first, then the newest.

    A location counts across organisers and an organiser across its locations, whoever ran them then.
    """
    mine = select(part.c.organiser, part.c.location).where(part.c.dossier == reference).subquery()
    same_place = part.c.location.in_(select(mine.c.location).where(mine.c.location.is_not(None)))
    same_body = part.c.organiser.in_(select(mine.c.organiser).where(mine.c.organiser.is_not(None)))
    hits = (
        select(part.c.dossier, func.bool_or(func.coalesce(same_place, False)).label("same_location"))
        .where(or_(same_place, same_body), part.c.dossier != reference)
        .group_by(part.c.dossier)
        .subquery()
    )
    gravity = case({"gevaar": 0, "ernstig": 1}, value=dossier.c.severity, else_=2)
    wanted = (
        select(dossier, hits.c.same_location)
        .join(hits, hits.c.dossier == dossier.c.reference)
        .where(dossier.c.status != "vervallen")
        .order_by(gravity, dossier.c.opened.desc(), dossier.c.reference)
        .limit(limit)
    )
    return tuple(
        Earlier(row.reference, row.opened, row.severity, row.status, row.finding, tuple(row.themes), row.same_location)
        for row in connection.execute(wanted)
    )


def _as_location(connection: Connection, row: Row[*tuple[object, ...]]) -> Location:
    runs = select(running).where(running.c.location == row.id).order_by(running.c.since.nulls_first(), running.c.id)
    held = tuple((one.organiser, one.since, one.until) for one in connection.execute(runs))
    return Location(row.id, row.name, row.address, row.number, held)
