"""The clock of each dossier: which terms run, what changed them, what is due and what is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from icalendar import Calendar, Event
from sqlalchemy import ColumnElement, Connection, Row, case, func, insert, select, update

from register import deadlines, events, file_tables, tables
from register.deadlines import Clock, day_of_receipt
from register.law import Law

NO_TERM = date.max
# The regime of a complaint is named by the policy itself (§2); others by the rules that they list.
COMPLAINT = "klacht"
Stage = Literal["te laat", "vandaag", "waarschuwing", "later"]
_dossier = tables.dossier


class NoClockError(LookupError):
    """There is no such dossier, or no term runs for it."""


@dataclass(frozen=True, slots=True)
class Due:
    """One term of one dossier that still runs."""

    reference: str
    what: Literal["bevestigen", "antwoorden"]
    due: date
    left: int
    """Whole days until the last day; negative once it has passed."""
    stage: Stage
    handler: str | None
    extendable: bool
    """Whether the answer can still be put off by a notice with reasons."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The clock of a dossier with the reasons for its dates."""

    clock: Clock
    due_ack: date | None
    due_answer: date | None
    why_ack: tuple[str, ...]
    why_answer: tuple[str, ...]
    holidays: tuple[tuple[date, str], ...]
    """Public holidays between day 0 and the last day, to be shown."""


def regime_of(law: Law, soort: str, uitkomst: str, rule: str, day: date) -> str:
    """The id of the regime that a decision starts; empty when none runs."""
    if deadlines.clock_runs(soort, uitkomst):
        return COMPLAINT
    regime = None if uitkomst == "negeren" else law.regime_of_rule(rule, day)
    return regime.id if regime else ""


def of(row: Row[*tuple[object, ...]], law: Law) -> Clock | None:
    """The clock in a row of `dossier`."""
    regime = law.regime(row.regime, row.day_zero) if row.day_zero else None
    return None if regime is None else Clock(regime, row.day_zero, row.extended, row.paused)


def set_clock(connection: Connection, reference: str, law: Law) -> None:
    """The terms of a dossier, from the first of its mails that starts a clock; the work list follows.

    A complaint takes precedence over other regimes of the same dossier.
    """
    item = tables.item
    starts = select(item.c.regime, func.min(item.c.received)).where(item.c.dossier == reference, item.c.regime != "")
    found = {row[0]: row[1] for row in connection.execute(starts.group_by(item.c.regime))}
    regime = COMPLAINT if COMPLAINT in found else min(found, default="", key=lambda one: found[one])
    day_zero = day_of_receipt(found[regime]) if regime else None
    current = _row(connection, reference)
    if _by_hand(connection, reference):
        # A letter or a call started the clock before any mail did.
        regime, day_zero = current.regime, current.day_zero
    if (current.regime, current.day_zero) != (regime, day_zero):
        change = update(_dossier).where(_dossier.c.reference == reference).values(regime=regime, day_zero=day_zero)
        current = connection.execute(change.returning(_dossier)).one()
    _settle(connection, current, law)


def terms(law: Law, regime: str, day_zero: date) -> tuple[date | None, date | None]:
    """Last days to acknowledge and to answer of a dossier that begins."""
    found = law.regime(regime, day_zero)
    if found is None:
        return None, None
    clock = Clock(found, day_zero)
    return deadlines.due(clock, "bevestigen", law.holidays), deadlines.due(clock, "antwoorden", law.holidays)


def extend(connection: Connection, reference: str, account: str, reasons: str, on: date, law: Law) -> date:  # noqa: PLR0913, PLR0917
    """Put off the answer, announced on that day with these reasons; the new last day.

    Raises TooLateError after the first term, or when the regime or an earlier extension forbids it.
    """
    if not reasons.strip():
        raise ValueError("een verlenging wordt met redenen aangekondigd")
    row, clock = _running(connection, reference, law)
    deadlines.check_extension(clock, on, law.holidays)
    changed = update(_dossier).where(_dossier.c.reference == reference).values(extended=on)
    row = connection.execute(changed.returning(_dossier)).one()
    line = events.line(events.EXTENDED, who=account, dossier=reference, aangekondigd=on, redenen=reasons)
    events.write(connection, line)
    _settle(connection, row, law)
    return _row(connection, reference).due_answer or NO_TERM


def pause(connection: Connection, reference: str, account: str, ground: str, on: date, law: Law) -> None:  # noqa: PLR0913, PLR0917
    """Let the clock stand still from that day, on a ground that the regime names. Raises NoPauseError."""
    _, clock = _running(connection, reference, law)
    deadlines.check_pause(clock.regime, ground)
    if connection.scalar(select(file_tables.pause.c.id).where(_open_pause(reference))) is not None:
        raise deadlines.NoPauseError("de termijn staat al stil")
    connection.execute(insert(file_tables.pause).values(dossier=reference, ground=ground, since=on))
    events.write(connection, events.line(events.PAUSED, who=account, dossier=reference, grond=ground, vanaf=on))


def resume(connection: Connection, reference: str, account: str, on: date, law: Law) -> None:
    """Let the clock run again from that day; the days between are added to each term."""
    row, _ = _running(connection, reference, law)
    ended = update(file_tables.pause).where(_open_pause(reference)).values(until=on)
    pause_row = connection.execute(ended.returning(file_tables.pause)).one_or_none()
    if pause_row is None:
        raise deadlines.NoPauseError("de termijn staat niet stil")
    days = max(0, (on - pause_row.since).days)
    changed = update(_dossier).where(_dossier.c.reference == reference).values(paused=row.paused + days)
    row = connection.execute(changed.returning(_dossier)).one()
    events.write(connection, events.line(events.RESUMED, who=account, dossier=reference, dagen=days))
    _settle(connection, row, law)


def answer(connection: Connection, reference: str, account: str, at: datetime, law: Law) -> None:
    """Our answer left at that moment: the clock stops. A second answer changes nothing."""
    row = _row(connection, reference, lock=True)
    if row.answered is not None:
        return
    values = {"answered": at, "acknowledged": row.acknowledged or at}
    changed = update(_dossier).where(_dossier.c.reference == reference).values(values)
    row = connection.execute(changed.returning(_dossier)).one()
    events.write(connection, events.line(events.ANSWERED, who=account, dossier=reference, op=at))
    _settle(connection, row, law)


def reckoning(connection: Connection, reference: str, law: Law) -> Reckoning | None:
    """The dates of a dossier and why they are what they are; None when no term runs."""
    clock = of(_row(connection, reference), law)
    if clock is None:
        return None
    acknowledge, reply = (deadlines.due(clock, name, law.holidays) for name in ("bevestigen", "antwoorden"))
    last = max(day for day in (clock.day_zero, acknowledge, reply) if day is not None)
    shown = deadlines.holidays_between(clock.day_zero, last, law.holidays)
    return Reckoning(
        clock,
        acknowledge,
        reply,
        deadlines.why(clock, "bevestigen", law.holidays),
        deadlines.why(clock, "antwoorden", law.holidays),
        tuple(shown.items()),
    )


def dues(  # noqa: PLR0913
    connection: Connection, today: date, law: Law, *, handler: str | None = None, within: int = 14, limit: int = 500
) -> tuple[Due, ...]:
    """What is late or due within so many days, the longest overdue first. Clocks that stand still are left out."""
    until = today + timedelta(days=within)
    # One dossier stands at most twice, so both branches are read from their own index.
    acknowledge = (_dossier.c.acknowledged.is_(None), _dossier.c.due_ack <= until)
    answer_ = (_dossier.c.answered.is_(None), _dossier.c.due_answer <= until)
    paused = select(file_tables.pause.c.dossier).where(file_tables.pause.c.until.is_(None))
    found: list[Due] = []
    for what, conditions, column in (
        ("bevestigen", acknowledge, _dossier.c.due_ack),
        ("antwoorden", answer_, _dossier.c.due_answer),
    ):
        wanted = select(_dossier).where(_dossier.c.status == "open", *conditions, _dossier.c.reference.not_in(paused))
        if handler is not None:
            wanted = wanted.where(_dossier.c.handler == handler)
        for row in connection.execute(wanted.order_by(column, _dossier.c.reference).limit(limit)):
            found.append(_due(row, what, getattr(row, column.name), today, law))  # type: ignore[arg-type]
    return tuple(sorted(found, key=lambda one: (one.due, one.reference))[:limit])


def pausing(connection: Connection, reference: str) -> tuple[str, date] | None:
    """The ground on which the clock stands still and since when; None while it runs."""
    row = connection.execute(select(file_tables.pause).where(_open_pause(reference))).one_or_none()
    return None if row is None else (row.ground, row.since)


def feed(found: tuple[Due, ...], now: datetime, errands: Iterable[tuple[str, int, date]] = ()) -> bytes:
    """The terms as an iCalendar file (RFC 5545), and errands: dossier, number and day of a task.

    It names references and days, and nobody.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//klachtwijzer//termijnen//NL")
    calendar.add("version", "2.0")
    said = [(f"{one.reference}-{one.what}", one.due, f"{one.reference}: laatste dag om te {one.what}") for one in found]
    said += [(f"{reference}-taak-{number}", due, f"{reference}: taak") for reference, number, due in errands]
    for name, due, summary in said:
        entry = Event()
        # The same term keeps its number, so that a calendar moves it and does not show it twice.
        entry.add("uid", f"{name.lower()}@klachtwijzer")
        entry.add("dtstamp", now)
        entry.add("dtstart", due)
        entry.add("dtend", due + timedelta(days=1))
        entry.add("summary", summary)
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _due(
    row: Row[*tuple[object, ...]], what: Literal["bevestigen", "antwoorden"], last: date, today: date, law: Law
) -> Due:
    left = (last - today).days
    clock = of(row, law)
    warned = clock is not None and left <= max(clock.regime.waarschuw, default=0)
    stage: Stage = "te laat" if left < 0 else "vandaag" if left == 0 else "waarschuwing" if warned else "later"
    extendable = False
    if clock is not None and what == "antwoorden" and left >= 0 and clock.extended is None:
        term = clock.regime.term(what)
        extendable = term is not None and term.verlengd is not None
    return Due(row.reference, what, last, left, stage, row.handler, extendable)


def _settle(connection: Connection, row: Row[*tuple[object, ...]], law: Law) -> None:
    """Write the last days that follow from the row, and let the work list follow."""
    clock, item = of(row, law), tables.item
    due_ack = deadlines.due(clock, "bevestigen", law.holidays) if clock else None
    due_answer = deadlines.due(clock, "antwoorden", law.holidays) if clock else None
    if (row.due_ack, row.due_answer) != (due_ack, due_answer):
        change = update(_dossier).where(_dossier.c.reference == row.reference)
        connection.execute(change.values(due_ack=due_ack, due_answer=due_answer))
        terms_ = {"bevestigen_voor": due_ack, "antwoorden_voor": due_answer, "regeling": row.regime}
        events.write(connection, events.line(events.CLOCK_SET, dossier=row.reference, **terms_))
    ends = due_answer if row.acknowledged or due_ack is None else due_ack
    due = NO_TERM if row.answered or ends is None else ends
    # Only rows that change are touched, and so locked: two people at work in one dossier do not wait for each other.
    wanted = case((item.c.clocked, due), else_=NO_TERM)
    here = update(item).where(item.c.dossier == row.reference, item.c.due != wanted)
    connection.execute(here.values(due=wanted))


def _running(connection: Connection, reference: str, law: Law) -> tuple[Row[*tuple[object, ...]], Clock]:
    row = _row(connection, reference, lock=True)
    clock = of(row, law)
    if clock is None or row.answered is not None:
        raise NoClockError(reference)
    return row, clock


def _row(connection: Connection, reference: str, *, lock: bool = False) -> Row[*tuple[object, ...]]:
    wanted = select(_dossier).where(_dossier.c.reference == reference)
    row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None:
        raise NoClockError(reference)
    return row


def _by_hand(connection: Connection, reference: str) -> bool:
    registered = (tables.event.c.dossier == reference, tables.event.c.what == events.REGISTERED)
    return bool(connection.scalar(select(tables.event.c.id).where(*registered).limit(1)))


def _open_pause(reference: str) -> ColumnElement[bool]:
    return (file_tables.pause.c.dossier == reference) & file_tables.pause.c.until.is_(None)
