"""Overviews for dashboards: volumes by any feature, terms met, ageing, and how good the triage was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.types import Text

from register import events
from register.file_tables import location, organiser, part
from register.report import ALL, Only, Period, narrowed
from register.tables import decision, dossier, event, item

# Features of a dossier by which it is counted, in the words of the pages.
_PLAIN = ("sector", "decreet", "betrokkene", "form", "severity", "reporter", "handler", "finding", "mediation")
_LISTS = ("themes", "outcomes", "norms", "carriers", "channels")
_DIRECTORY = ("organiser_kind", "organiser", "location")
FEATURES = (*_PLAIN, *_LISTS, *_DIRECTORY, "year", "month", "stream")
_AGES = (("0-10", 10), ("11-20", 20), ("21-45", 45), ("46-90", 90), ("> 90", 10_000))


@dataclass(frozen=True, slots=True)
class Volume:
    """How many dossiers have a value of a feature."""

    value: str
    number: int


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Terms of the dossiers received in a period."""

    in_time: int
    late: int
    running: int
    acknowledged_in_time: int
    acknowledged_late: int


@dataclass(frozen=True, slots=True)
class RuleQuality:
    """How often staff corrected what a rule of the triage concluded."""

    rule: str
    decided: int
    corrected: int
    fields: tuple[tuple[str, int], ...] = ()
    """What was corrected: field and in how many mails, the most frequent first."""


def volumes(connection: Connection, period: Period, feature: str, only: Only = ALL) -> tuple[Volume, ...]:
    """Dossiers opened in a period by a feature, the most first; one with several values counts for each.

    Raises ValueError for an unknown feature. What lapsed does not count.
    """
    value, wanted = _by(feature)
    rows = connection.execute(
        _within(wanted, period, only).group_by(value).order_by(func.count(dossier.c.reference.distinct()).desc(), value)
    )
    return tuple(Volume(str(row[0] or ""), int(str(row[1]))) for row in rows)


def behind(  # noqa: PLR0913
    connection: Connection,
    period: Period,
    feature: str,
    value: str,
    only: Only = ALL,
    *,
    after: str = "",
    limit: int = 100,
) -> tuple[str, ...]:
    """References of the dossiers behind one volume, in order, from `after` on."""
    column, wanted = _by(feature)
    own = wanted.with_only_columns(dossier.c.reference).distinct().where(func.coalesce(column, "") == value)
    own = _within(own, period, only).where(dossier.c.reference > after)
    return tuple(connection.scalars(own.order_by(dossier.c.reference).limit(limit)))


def directory_names(connection: Connection, feature: str, values: Iterable[str]) -> dict[str, str]:
    """What the organisers or locations of these numbers are called; empty for any other feature."""
    table = {"organiser": organiser, "location": location}.get(feature)
    if table is None:
        return {}
    numbers = [int(one) for one in values if one.isdigit()]
    rows = connection.execute(select(table.c.id, table.c.name).where(table.c.id.in_(numbers)))
    return {str(row[0]): str(row[1]) for row in rows}


def ageing(connection: Connection, today: date, only: Only = ALL) -> tuple[Volume, ...]:
    """Open dossiers with a clock by their age in days, youngest class first."""
    class_ = _age(today)
    wanted = select(class_, func.count()).where(*_AGEING)
    found = {str(row[0]): int(str(row[1])) for row in connection.execute(narrowed(wanted, only).group_by(class_))}
    return tuple(Volume(name, found.get(name, 0)) for name, _ in _AGES)


def aged(  # noqa: PLR0913
    connection: Connection, today: date, class_: str, only: Only = ALL, *, after: str = "", limit: int = 100
) -> tuple[str, ...]:
    """References of the open dossiers of one class of age, in order, from `after` on."""
    own = select(dossier.c.reference).where(*_AGEING, _age(today) == class_, dossier.c.reference > after)
    return tuple(connection.scalars(narrowed(own, only).order_by(dossier.c.reference).limit(limit)))


def punctuality(connection: Connection, period: Period, only: Only = ALL) -> Punctuality:
    """How many answers and acknowledgements left in time, against the last day that held for each dossier."""
    counts = (func.count().filter(condition) for condition in _terms().values())
    wanted = select(*counts).select_from(dossier).where(dossier.c.day_zero.is_not(None))
    row = connection.execute(_within(wanted, period, only)).one()
    return Punctuality(*(int(str(number)) for number in row))


def punctual(  # noqa: PLR0913
    connection: Connection, period: Period, which: str, only: Only = ALL, *, after: str = "", limit: int = 100
) -> tuple[str, ...]:
    """References behind one number of `Punctuality`, named by its field. Raises KeyError."""
    own = select(dossier.c.reference).where(dossier.c.day_zero.is_not(None), _terms()[which])
    own = _within(own, period, only).where(dossier.c.reference > after)
    return tuple(connection.scalars(own.order_by(dossier.c.reference).limit(limit)))


def rule_quality(connection: Connection, period: Period) -> tuple[RuleQuality, ...]:
    """Per outcome rule how many mails it decided first, and in how many of these a person changed the judgement."""
    first = decision.alias("first")
    rule = first.c.record["regel"].astext
    wanted = (
        select(rule, func.count(), func.count().filter(_corrected(first.c.digest)))
        .where(*_decided_in(period, first))
        .join(item, item.c.digest == first.c.digest)
        .group_by(rule)
        .order_by(func.count().desc(), rule)
    )
    rows = connection.execute(wanted).all()
    fields = _corrected_fields(connection, period)
    return tuple(RuleQuality(row[0] or "", row[1], row[2], fields.get(row[0] or "", ())) for row in rows)


def decided(connection: Connection, period: Period, rule: str, *, corrected: bool, limit: int = 200) -> tuple[str, ...]:
    """Digests of the mails that this rule decided first, newest first; with `corrected` those a person changed."""
    first = decision.alias("first")
    wanted = (
        select(item.c.digest)
        .join(first, item.c.digest == first.c.digest)
        .where(*_decided_in(period, first), func.coalesce(first.c.record["regel"].astext, "") == rule)
        .order_by(item.c.received.desc(), item.c.digest)
    )
    wanted = wanted.where(_corrected(first.c.digest)) if corrected else wanted
    return tuple(connection.scalars(wanted.limit(limit)))


def opened(
    connection: Connection, period: Period, only: Only = ALL, *, after: str = "", limit: int = 100
) -> tuple[str, ...]:
    """References of all dossiers opened in a period, in order, from `after` on."""
    own = _within(select(dossier.c.reference), period, only).where(dossier.c.reference > after)
    return tuple(connection.scalars(own.order_by(dossier.c.reference).limit(limit)))


_AGEING = (dossier.c.status == "open", dossier.c.day_zero.is_not(None))


def _age(today: date) -> ColumnElement[str]:
    age = literal(today) - dossier.c.day_zero
    return case(*((age <= most, literal_column(f"'{name}'")) for name, most in _AGES), else_=_AGES[-1][0])


def _terms() -> dict[str, ColumnElement[bool]]:
    """What each field of `Punctuality` counts, in its order."""
    answered = _day(func.coalesce(dossier.c.answered, dossier.c.closed))
    told = _day(dossier.c.acknowledged)
    return {
        "in_time": answered <= dossier.c.due_answer,
        "late": answered > dossier.c.due_answer,
        "running": answered.is_(None),
        "acknowledged_in_time": told <= dossier.c.due_ack,
        "acknowledged_late": told > dossier.c.due_ack,
    }


def _decided_in(period: Period, first: FromClause) -> tuple[ColumnElement[bool], ...]:
    return first.c.who == events.PROGRAM, _day(item.c.received).between(period.first, period.last)


def _corrected(digest: ColumnElement[str]) -> ColumnElement[bool]:
    made = select(event.c.id).where(event.c.digest == digest, event.c.what == events.CORRECTED)
    return made.limit(1).exists()


def _corrected_fields(connection: Connection, period: Period) -> dict[str, tuple[tuple[str, int], ...]]:
    first = decision.alias("first")
    rule = func.coalesce(first.c.record["regel"].astext, "")
    changed = func.jsonb_array_elements_text(event.c.detail["velden"]).table_valued("value").render_derived()
    number = func.count(event.c.digest.distinct())
    wanted = (
        select(rule, changed.c.value, number)
        .select_from(event.join(first, first.c.digest == event.c.digest).join(item, item.c.digest == event.c.digest))
        .join(changed, literal(True))
        .where(*_decided_in(period, first), event.c.what == events.CORRECTED)
        .where(func.jsonb_typeof(event.c.detail["velden"]) == "array")
        .group_by(rule, changed.c.value)
        .order_by(number.desc(), changed.c.value)
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for row in connection.execute(wanted):
        found.setdefault(str(row[0]), []).append((str(row[1]), int(row[2])))
    return {name: tuple(fields) for name, fields in found.items()}


def _by(feature: str) -> tuple[ColumnElement[str], Select[*tuple[object, ...]]]:
    number = func.count(dossier.c.reference.distinct())
    if feature in _PLAIN:
        return dossier.c[feature], select(dossier.c[feature], number).select_from(dossier)
    if feature in _LISTS:
        values = func.unnest(dossier.c[feature]).table_valued("value").render_derived(name="many")
        joined = dossier.outerjoin(values, literal(True))
        return values.c.value, select(values.c.value, number).select_from(joined)
    if feature in ("year", "month"):
        shape = {"year": "YYYY", "month": "YYYY-MM"}[feature]
        value = func.to_char(cast(dossier.c.opened, dossier.c.closed.type), shape)
        return value, select(value, number).select_from(dossier)
    joined = dossier.outerjoin(part, part.c.dossier == dossier.c.reference)
    joined = joined.outerjoin(organiser, organiser.c.id == part.c.organiser)
    joined = joined.outerjoin(location, location.c.id == part.c.location)
    columns: Mapping[str, ColumnElement[str]] = {
        "organiser_kind": organiser.c.kind,
        "organiser": cast(organiser.c.id, Text),
        "location": cast(location.c.id, Text),
        "stream": part.c.stream,
    }
    if feature not in columns:
        raise ValueError(f"no feature {feature}; choose from {', '.join(FEATURES)}")
    return columns[feature], select(columns[feature], number).select_from(joined)


def _within(wanted: Select[*tuple[object, ...]], period: Period, only: Only) -> Select[*tuple[object, ...]]:
    opened = and_(dossier.c.opened.between(period.first, period.last), dossier.c.status != "vervallen")
    return narrowed(wanted.where(opened), only)


def _day(moment: ColumnElement[object]) -> ColumnElement[date]:
    return func.date(func.timezone("Europe/Brussels", moment))
