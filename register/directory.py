"""The directory of organisers and their locations, and what was complained of there before, with its severity."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from register import events
from register.file_tables import location, organiser, part, running
from register.law import Law
from register.record import as_text
from register.tables import dossier


class UnknownEntryError(LookupError):
    """The directory has no such organiser or location."""


@dataclass(frozen=True, slots=True)
class Organiser:
    """Who runs locations: recognised or licensed by Opgroeien, or a service of its own."""

    id: int
    name: str
    kind: str
    number: str
    """Its number in the file of licences or recognitions; empty when not known."""
    former: tuple[str, ...] = ()
    """Names it had before, and of what was merged into it."""
    merged: int | None = None
    """What it was merged into; it is then no longer chosen."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place, and who ran it since when."""

    id: int
    name: str
    address: str
    number: str
    runs: tuple[tuple[int, date | None, date | None], ...]
    """Organiser, from, to; the last one runs it now when `to` is None."""
    former: tuple[str, ...] = ()
    merged: int | None = None


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
    """A new organiser; its number in the directory. Raises ValueError for an unknown kind or a number in use."""
    if kind not in law.choices("organisator"):
        raise ValueError(f"soort: {kind} staat niet in de lijst organisator")
    taken = select(organiser.c.name).where(organiser.c.number == as_text(number).strip(), organiser.c.number != "")
    if (holder := connection.scalar(taken)) is not None:
        raise ValueError(f"nummer {number.strip()} hoort al bij {holder}")
    row = {"name": as_text(name).strip(), "kind": kind, "number": as_text(number).strip()}
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
    """An organiser has another name; the former one stays on file and is still found. Raises UnknownEntryError."""
    _rename(connection, account, organiser, which, name)


def rename_location(connection: Connection, account: str, which: int, name: str) -> None:
    """A location has another name; the former one stays on file and is still found. Raises UnknownEntryError."""
    _rename(connection, account, location, which, name)


def merge(connection: Connection, account: str, gone: int, into: int) -> None:
    """Two entries were one organiser: parts and locations go to `into`, and the name of the other is still found.

    Raises ValueError for an organiser with itself or one that was merged itself, and UnknownEntryError.
    """
    _merge(connection, account, organiser, gone, into)
    connection.execute(update(running).where(running.c.organiser == gone).values(organiser=into))


def merge_locations(connection: Connection, account: str, gone: int, into: int) -> None:
    """Two entries were one location. Raises as `merge` does."""
    _merge(connection, account, location, gone, into)
    # Who ran the one that stays is known already; the other line of its history would only contradict it.
    connection.execute(delete(running).where(running.c.location == gone))


def one_organiser(connection: Connection, number: int) -> Organiser:
    """An organiser by its number in the directory. Raises UnknownEntryError."""
    return _as_organiser(_row(connection, organiser, number))


def one_location(connection: Connection, number: int) -> Location:
    """A location by its number in the directory. Raises UnknownEntryError."""
    return _as_location(connection, _row(connection, location, number))


def locations_of(connection: Connection, number: int) -> tuple[Location, ...]:
    """Every location that an organiser runs or ran, by name."""
    mine = select(running.c.location).where(running.c.organiser == number)
    rows = connection.execute(select(location).where(location.c.id.in_(mine)).order_by(location.c.name)).all()
    return tuple(_as_location(connection, row) for row in rows)


def find(connection: Connection, words: str, *, limit: int = 20) -> tuple[tuple[Organiser, ...], tuple[Location, ...]]:
    """Organisers and locations in whose name or former names these words stand, or whose number is that."""
    rows = connection.execute(_sought(organiser, words).limit(limit))
    found = tuple(_as_organiser(row) for row in rows)
    places = connection.execute(_sought(location, words).limit(limit)).all()
    return found, tuple(_as_location(connection, row) for row in places)


def earlier(connection: Connection, reference: str, *, limit: int = 50) -> tuple[Earlier, ...]:
    """Other dossiers on an organiser or location of this one, the gravest first, then the newest.

    A location counts across organisers and an organiser across its locations, whoever ran them then.
    """
    mine = select(part.c.organiser, part.c.location).where(part.c.dossier == reference).subquery()
    same_place = part.c.location.in_(select(mine.c.location).where(mine.c.location.is_not(None)))
    same_body = part.c.organiser.in_(select(mine.c.organiser).where(mine.c.organiser.is_not(None)))
    return _told(connection, same_place, same_body, limit, but=reference)


def history(
    connection: Connection, *, organiser_: int | None = None, location_: int | None = None, limit: int = 200
) -> tuple[Earlier, ...]:
    """Every dossier on an organiser or a location, the gravest first, then the newest."""
    nothing = literal(False)
    same_place = part.c.location == location_ if location_ is not None else nothing
    same_body = part.c.organiser == organiser_ if organiser_ is not None else nothing
    return _told(connection, same_place, same_body, limit)


def _told(
    connection: Connection, same_place: ColumnElement[bool], same_body: ColumnElement[bool], limit: int, but: str = ""
) -> tuple[Earlier, ...]:
    hits = (
        select(part.c.dossier, func.bool_or(func.coalesce(same_place, False)).label("same_location"))
        .where(or_(same_place, same_body), part.c.dossier != but)
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


def _sought(table: Table, words: str) -> Select[tuple[object, ...]]:
    inside = "%" + words.strip().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    names = func.array_to_string(table.c.former, "\n")
    hit = table.c.name.ilike(inside) | names.ilike(inside) | (table.c.number == words.strip())
    return select(table).where(hit, table.c.merged.is_(None)).order_by(func.lower(table.c.name), table.c.id)


def _rename(connection: Connection, account: str, table: Table, which: int, name: str) -> None:
    was, now = _row(connection, table, which, lock=True), as_text(name).strip()
    if not now:
        raise ValueError("een naam is nodig")
    if now == was.name:
        return
    former = [*dict.fromkeys([*was.former, was.name])]
    connection.execute(update(table).where(table.c.id == which).values(name=now, former=former))
    _note(connection, account, table, which, was={"name": was.name}, nu={"name": now})


def _merge(connection: Connection, account: str, table: Table, gone: int, into: int) -> None:
    if gone == into:
        raise ValueError("kies een andere om mee samen te voegen")
    low, high = sorted((gone, into))
    rows = {number: _row(connection, table, number, lock=True) for number in (low, high)}
    lost, kept = rows[gone], rows[into]
    if lost.merged is not None or kept.merged is not None:
        raise ValueError("een van beide werd al samengevoegd")
    former = [*dict.fromkeys([*kept.former, *lost.former, lost.name])]
    # A number belongs to one entry; the other keeps its own only when the first has none.
    connection.execute(update(table).where(table.c.id == gone).values(merged=into, number=""))
    values = {"former": former, "number": kept.number or lost.number}
    connection.execute(update(table).where(table.c.id == into).values(values))
    column = part.c.organiser if table is organiser else part.c.location
    moved = update(part).where(column == gone).values({column.name: into}).returning(part.c.dossier, part.c.id)
    change = {"was": {column.name: gone}, "nu": {column.name: into}}
    lines = [
        events.told(events.PART_CHANGED, account, row.dossier, {"deel": row.id} | change)
        for row in connection.execute(moved)
    ]
    events.write(connection, *lines)
    _note(connection, account, table, into, samengevoegd=gone)


def _note(connection: Connection, account: str, table: Table, which: int, **detail: object) -> None:
    name = "organisator" if table is organiser else "locatie"
    events.write(connection, events.line(events.DIRECTORY, who=account, **{name: which}, **detail))  # type: ignore[arg-type]


def _row(connection: Connection, table: Table, number: int, *, lock: bool = False) -> Row[*tuple[object, ...]]:
    wanted = select(table).where(table.c.id == number)
    row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none() if 0 < number < 2**63 else None
    if row is None:
        raise UnknownEntryError(number)
    return row


def _as_organiser(row: Row[*tuple[object, ...]]) -> Organiser:
    return Organiser(row.id, row.name, row.kind, row.number, tuple(row.former), row.merged)


def _as_location(connection: Connection, row: Row[*tuple[object, ...]]) -> Location:
    runs = select(running).where(running.c.location == row.id).order_by(running.c.since.nulls_first(), running.c.id)
    held = tuple((one.organiser, one.since, one.until) for one in connection.execute(runs))
    return Location(row.id, row.name, row.address, row.number, held, tuple(row.former), row.merged)
