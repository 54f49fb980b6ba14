"""Overviews for dashboards: volumes by any feature, terms met, ageing, unusual rises, and how good the triage was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

from sqlalchemy import ColumnElement, Connection, Select, and_, any_, case, cast, func, literal, select
from sqlalchemy.types import Text

from register import events
from register.file_tables import location, organiser, part
from register.report import ALL, Only, Period
from register.tables import decision, dossier, event, item

# Features of a dossier by which it is counted, in the words of the pages.
_PLAIN = ("sector", "decreet", "betrokkene", "form", "severity", "reporter", "handler", "finding", "mediation")
_LISTS = ("themes", "outcomes", "norms", "carriers", "channels")
_DIRECTORY = ("organiser_kind", "organiser", "location")
FEATURES = (*_PLAIN, *_LISTS, *_DIRECTORY, "year", "month", "stream")
# An unusual rise: a number that chance gives in fewer than one of a hundred periods, and at least three.
RISE_CHANCE = 0.01
RISE_LEAST = 3
_AGES = (("0-10", 10), ("11-20", 20), ("21-45", 45), ("46-90", 90), ("> 90", 10_000))


@dataclass(frozen=True, slots=True)
class Volume:
    """How many dossiers have a value of a feature."""

    value: str
    number: int


@dataclass(frozen=True, slots=True)
class Rise:
    """More dossiers than the year before lets expect.

    The rule: with `expected` from the twelve months before the period (as many days), the chance of `number` or more
    under a Poisson law is below `RISE_CHANCE`, and `number` is at least `RISE_LEAST`.
    """

    value: str
    number: int
    expected: float
    chance: float


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


def ageing(connection: Connection, today: date, only: Only = ALL) -> tuple[Volume, ...]:
    """Open dossiers with a clock by their age in days, youngest class first."""
    age = literal(today) - dossier.c.day_zero
    class_ = case(*((age <= most, name) for name, most in _AGES), else_=_AGES[-1][0])
    wanted = select(class_, func.count()).where(dossier.c.status == "open", dossier.c.day_zero.is_not(None))
    found = {str(row[0]): int(str(row[1])) for row in connection.execute(_only(wanted, only).group_by(class_))}
    return tuple(Volume(name, found.get(name, 0)) for name, _ in _AGES)


def punctuality(connection: Connection, period: Period, only: Only = ALL) -> Punctuality:
    """How many answers and acknowledgements left in time, against the last day that held for each dossier."""
    answered = _day(func.coalesce(dossier.c.answered, dossier.c.closed))
    told = _day(dossier.c.acknowledged)
    counts = (
        func.count().filter(answered <= dossier.c.due_answer),
        func.count().filter(answered > dossier.c.due_answer),
        func.count().filter(answered.is_(None)),
        func.count().filter(told <= dossier.c.due_ack),
        func.count().filter(told > dossier.c.due_ack),
    )
    wanted = select(*counts).select_from(dossier).where(dossier.c.day_zero.is_not(None))
    row = connection.execute(_within(wanted, period, only)).one()
    return Punctuality(*(int(str(number)) for number in row))


def rises(connection: Connection, period: Period, feature: str, only: Only = ALL) -> tuple[Rise, ...]:
    """Values of a feature that occur unusually often in the period, the least likely first; see `Rise`."""
    before = Period(period.first - timedelta(days=365), period.first - timedelta(days=1))
    usual = {one.value: one.number for one in volumes(connection, before, feature, only)}
    days = (period.last - period.first).days + 1
    found = []
    for one in volumes(connection, period, feature, only):
        # Somebody who never occurred is expected half a time a year, so that a newcomer can rise as well.
        expected = max(usual.get(one.value, 0), 0.5) * days / 365
        chance = at_least(one.number, expected)
        if one.value and one.number >= RISE_LEAST and chance < RISE_CHANCE:
            found.append(Rise(one.value, one.number, round(expected, 2), chance))
    return tuple(sorted(found, key=lambda rise: (rise.chance, rise.value)))


def at_least(number: int, expected: float) -> float:
    """The chance of so many or more events under a Poisson law with that mean."""
    term, below = exp(-expected), 0.0
    for k in range(number):
        below += term
        term *= expected / (k + 1)
    return max(0.0, 1 - below)


def rule_quality(connection: Connection, period: Period) -> tuple[RuleQuality, ...]:
    """Per outcome rule how many mails it decided first, and in how many of these a person changed the judgement."""
    first = decision.alias("first")
    corrected = (
        select(event.c.id).where(event.c.digest == first.c.digest, event.c.what == events.CORRECTED).limit(1).exists()
    )
    rule = first.c.record["regel"].astext
    wanted = (
        select(rule, func.count(), func.count().filter(corrected))
        .join(item, item.c.digest == first.c.digest)
        .where(first.c.who == events.PROGRAM, _day(item.c.received).between(period.first, period.last))
        .group_by(rule)
        .order_by(func.count().desc(), rule)
    )
    return tuple(RuleQuality(row[0] or "", row[1], row[2]) for row in connection.execute(wanted))


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
    return _only(wanted.where(opened), only)


def _only(wanted: Select[*tuple[object, ...]], only: Only) -> Select[*tuple[object, ...]]:
    for name in ("sector", "decreet", "betrokkene", "handler"):
        if value := getattr(only, name):
            wanted = wanted.where(dossier.c[name] == value)
    return wanted.where(literal(only.theme, Text).op("=")(any_(dossier.c.themes))) if only.theme else wanted


def _day(moment: ColumnElement[object]) -> ColumnElement[date]:
    return func.date(func.timezone("Europe/Brussels", moment))
