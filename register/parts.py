"""The parts of a dossier, one for each object of the mail, and what they make the whole count for."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from register import events
from register.file_tables import contribution, location, organiser, part
from register.law import Law
from register.tables import dossier
from triage.decision import Decision
from triage.decision import Part as Object
from triage.vocabulary import ACUUT

# How a mail came tells what carried the complaint; a person may say otherwise.
_CARRIERS = {"chat": "andere"}
_LISTS = {"stream": "stroom", "finding": "bevinding", "solution": "oplossing", "norms": "ombudsnorm"}


class UnknownPartError(LookupError):
    """The dossier has no such part."""


@dataclass(frozen=True, slots=True)
class Part:
    """One object of a dossier, with its own way of being treated."""

    id: int
    place: int
    stream: str
    soort: str
    sector: str
    decreet: str
    betrokkene: str
    subject: str
    organiser: int | None
    location: int | None
    department: str
    finding: str
    reasoning: str
    solution: str
    norms: tuple[str, ...]
    proposed: bool
    """Whether only the program wrote it."""


def propose(connection: Connection, reference: str, decision: Decision, regime: str, *, channel: str = "") -> None:
    """Write the parts that a decision names, in place of those that no person touched; the dossier follows."""
    objects: tuple[Object, ...] = decision.delen or (decision,)
    connection.execute(delete(part).where(part.c.dossier == reference, part.c.proposed, ~_in_use(reference)))
    taken = set(connection.scalars(select(part.c.place).where(part.c.dossier == reference)))
    rows = [
        {"dossier": reference, "place": place, "stream": _stream(one), "soort": one.soort, "sector": one.sector}
        | {"decreet": next(iter(one.decreten), ""), "betrokkene": one.betrokkene}
        for place, one in enumerate(objects, 1)
        if place not in taken
    ]
    if rows:
        connection.execute(insert(part), rows)
    values: dict[str, object] = {"sector": decision.sector, "decreet": next(iter(decision.decreten), "")}
    values |= {"betrokkene": decision.betrokkene, "severity": _severity(decision)}
    connection.execute(update(dossier).where(dossier.c.reference == reference).values(values))
    if regime == "klacht":
        count(connection, reference, channel=channel)


def count(connection: Connection, reference: str, *, channel: str = "") -> None:
    """The dossier counts as a complaint in the yearly report, unless a person said what it counts as."""
    carriers = [_CARRIERS.get(channel, "mail")]
    fresh = update(dossier).where(dossier.c.reference == reference, dossier.c.qualification == "")
    connection.execute(fresh.values(qualification="klacht", carriers=carriers, channels=["burger"]))


def of(connection: Connection, reference: str) -> tuple[Part, ...]:
    """The parts of a dossier in their order."""
    rows = connection.execute(select(part).where(part.c.dossier == reference).order_by(part.c.place))
    return tuple(_as_part(row) for row in rows)


def one(connection: Connection, reference: str, number: int) -> Part:
    """A part of this dossier. Raises UnknownPartError for one of another dossier as well."""
    wanted = select(part).where(part.c.id == number, part.c.dossier == reference)
    row = connection.execute(wanted).one_or_none() if 0 < number < 2**63 else None
    if row is None:
        raise UnknownPartError(number)
    return _as_part(row)


def add(connection: Connection, reference: str, account: str, law: Law, **values: object) -> int:
    """A further part, by a person; its number. Raises ValueError for a value outside the lists."""
    _check(law, values)
    last = select(func.coalesce(func.max(part.c.place), 0) + 1).where(part.c.dossier == reference)
    row = {"dossier": reference, "place": connection.scalar(last), "proposed": False} | values
    number = connection.scalar(insert(part).values(row).returning(part.c.id))
    events.write(connection, events.line(events.PART_ADDED, who=account, dossier=reference, deel=number, nu=values))
    return int(number or 0)


def change(connection: Connection, number: int, account: str, law: Law, **values: object) -> Part:
    """What a person says of a part: its stream, place, department, finding. Raises UnknownPartError or ValueError."""
    _check(law, values)
    row = connection.execute(select(part).where(part.c.id == number).with_for_update()).one_or_none()
    if row is None:
        raise UnknownPartError(number)
    was = {name: getattr(row, name) for name in values if getattr(row, name) != values[name]}
    changed = update(part).where(part.c.id == number).values({**values, "proposed": False}).returning(part)
    now = connection.execute(changed).one()
    line = events.line(
        events.PART_CHANGED,
        who=account,
        dossier=row.dossier,
        deel=number,
        was=was,
        nu={name: values[name] for name in was},
    )
    events.write(connection, line)
    return _as_part(now)


def _check(law: Law, values: Mapping[str, object]) -> None:
    wrong = [name for name in values if name not in {column.name for column in part.c} - {"id", "dossier", "place"}]
    if wrong:
        raise ValueError(f"een deel heeft geen {wrong[0]}")
    for name, list_ in _LISTS.items():
        allowed = law.choices(list_)
        given = values.get(name) or ()
        for one in (given,) if isinstance(given, str) else tuple(given):  # type: ignore[arg-type]
            if one not in allowed:
                raise ValueError(f"{name}: {one} staat niet in de lijst {list_}")


def _in_use(reference: str) -> ColumnElement[bool]:
    # A contribution that was asked for a part keeps it.
    return part.c.id.in_(
        select(contribution.c.part).where(contribution.c.dossier == reference, contribution.c.part.is_not(None))
    )


def _stream(one: Object) -> str:
    if one.uitkomst in ("registreren", "opvragen"):
        return "met-afdeling" if one.betrokkene == "organisator" else "eigen-dienst"
    return {"doorverwijzen": "doorverwezen", "beantwoorden": "beantwoord"}.get(one.uitkomst, "")


def _severity(decision: Decision) -> str:
    if ACUUT & set(decision.gevaar):
        return "gevaar"
    return "gewoon" if decision.dringendheid == "gewoon" else "ernstig"


def _as_part(row: Row[*tuple[object, ...]]) -> Part:
    values = {name: getattr(row, name) for name in Part.__slots__ if name != "norms"}
    return Part(**values, norms=tuple(row.norms))


def directory_of(connection: Connection, reference: str) -> dict[int, tuple[str, str]]:
    """Per part the names of its organiser and location, where they are known."""
    named = (
        select(part.c.id, func.coalesce(organiser.c.name, ""), func.coalesce(location.c.name, ""))
        .select_from(part.outerjoin(organiser, organiser.c.id == part.c.organiser))
        .outerjoin(location, location.c.id == part.c.location)
        .where(part.c.dossier == reference)
    )
    return {row[0]: (row[1], row[2]) for row in connection.execute(named)}
