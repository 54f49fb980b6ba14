"""The work list: what is open, the most urgent first, page by page."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, tuple_

from register.clock import NO_TERM
from register.deadlines import day_of_receipt
from register.record import as_text
from register.tables import item, message, outgoing, raw_mail
from triage.vocabulary import DRINGENDHEDEN


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items to show; what is None does not matter."""

    open: bool | None = True
    uitkomst: str | None = None
    sector: str | None = None
    dringendheid: str | None = None
    soort: str | None = None
    text: str = ""
    """Words of the mail (Dutch full text, as typed in a search box), a reference, or the sender's address."""


OPEN = Filter()
_RARE = 2_000


@dataclass(frozen=True, slots=True)
class Item:
    """One message on the list, with the decision in force."""

    digest: str
    reference: str | None
    open: bool
    uitkomst: str
    soort: str
    sector: str
    dringendheid: str
    betrokkene: str
    taal: str
    due: date | None
    """The next day of the clock: to acknowledge, and once that is done to answer."""
    received: datetime
    subject: str
    sender_name: str
    sender_address: str
    suggestion: str | None
    """A dossier that it may belong to; a person decides."""
    letters: tuple[str, ...]
    """States of its letters."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list."""

    items: tuple[Item, ...]
    next: str | None
    """Give it as `after` for the following page; None on the last."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The state of the work in numbers."""

    open: int
    dringendheid: dict[str, int]
    """Open items by urgency."""
    uitkomst: dict[str, int]
    """Open items by outcome."""
    late: int
    """Open items whose next day of the clock has passed."""
    letters: dict[str, int]
    """Letters by state."""
    kept: int
    """Mails on file that were not yet understood."""
    shunted: int
    """Mails that could not be treated and are still open."""


def items(connection: Connection, chosen: Filter, *, after: str | None, limit: int) -> Listing:
    """The open ones by urgency, due date and receipt; closed or mixed lists newest first."""
    by_urgency = chosen.open is True
    order = (
        (item.c.rank, item.c.due, item.c.received, item.c.digest) if by_urgency else (item.c.received, item.c.digest)
    )
    wanted = _chosen(_columns(), chosen)
    if words := as_text(chosen.text).strip():
        wanted = _searched(connection, wanted, words)
    if after is not None:
        place = tuple_(*_place(after, by_urgency=by_urgency))
        wanted = wanted.where(tuple_(*order) > place if by_urgency else tuple_(*order) < place)
    wanted = wanted.order_by(*(order if by_urgency else [column.desc() for column in order]))
    rows = connection.execute(wanted.limit(limit + 1)).all()
    following = _mark(rows[limit - 1], by_urgency=by_urgency) if len(rows) > limit else None
    return Listing(tuple(as_item(row) for row in rows[:limit]), following)


def items_of(connection: Connection, condition: ColumnElement[bool]) -> tuple[Item, ...]:
    """The items that meet a condition, in order of receipt."""
    rows = connection.execute(_columns().where(condition).order_by(item.c.received, message.c.entered))
    return tuple(as_item(row) for row in rows)


def counts(connection: Connection, now: datetime) -> Counts:
    """Numbers over the open items and the letters."""
    per = (
        select(item.c.dringendheid, item.c.uitkomst, func.count())
        .where(item.c.open)
        .group_by("dringendheid", "uitkomst")
    )
    rows = connection.execute(per).all()
    letters = select(outgoing.c.state, func.count()).where(outgoing.c.withdrawn.is_(None)).group_by(outgoing.c.state)
    late = select(func.count()).select_from(item).where(item.c.open, item.c.due < day_of_receipt(now))
    kept = select(func.count()).select_from(raw_mail).where(raw_mail.c.state == "bewaard")
    stuck = select(func.count()).select_from(item.join(raw_mail, raw_mail.c.digest == item.c.digest))
    return Counts(
        open=sum(row[2] for row in rows),
        dringendheid={name: sum(row[2] for row in rows if row[0] == name) for name in DRINGENDHEDEN},
        uitkomst={name: sum(row[2] for row in rows if row[1] == name) for name in sorted({row[1] for row in rows})},
        late=connection.scalar(late) or 0,
        letters={row[0]: row[1] for row in connection.execute(letters)},
        kept=connection.scalar(kept) or 0,
        shunted=connection.scalar(stuck.where(item.c.open, raw_mail.c.state == "vastgelopen")) or 0,
    )


def told(words: str) -> ColumnElement[bool]:
    """That a message holds these words, as somebody types them in a search box (Dutch forms, quotes, minus, or)."""
    query = func.websearch_to_tsquery("dutch", words).op("||")(func.websearch_to_tsquery("simple", words))
    return message.c.search.op("@@")(query)


def as_item(row: Row[*tuple[object, ...]]) -> Item:
    """The value of a row of the list."""
    names = (
        "digest",
        "open",
        "uitkomst",
        "soort",
        "sector",
        "dringendheid",
        "betrokkene",
        "taal",
        "received",
        "subject",
    )
    values = {name: getattr(row, name) for name in (*names, "sender_name", "sender_address", "suggestion")}
    due = None if row.due == NO_TERM else row.due
    return Item(reference=row.dossier, due=due, letters=tuple(row.letters), **values)


def _columns() -> Select[*tuple[object, ...]]:
    of_item = (outgoing.c.digest == item.c.digest, outgoing.c.withdrawn.is_(None))
    states = func.array(
        select(outgoing.c.state).where(*of_item).order_by(outgoing.c.id).correlate(item).scalar_subquery()
    )
    shown = (message.c.subject, message.c.sender_name, message.c.sender_address, message.c.suggestion)
    joined = item.join(message, message.c.digest == item.c.digest)
    return select(item, *shown, states.label("letters")).select_from(joined)


def _chosen(wanted: Select[*tuple[object, ...]], chosen: Filter) -> Select[*tuple[object, ...]]:
    if chosen.open is not None:
        wanted = wanted.where(item.c.open if chosen.open else ~item.c.open)
    for column, value in (
        (item.c.uitkomst, chosen.uitkomst),
        (item.c.sector, chosen.sector),
        (item.c.soort, chosen.soort),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    if chosen.dringendheid is not None:
        # The rank leads every index of the list, the word does not.
        rank = DRINGENDHEDEN.index(chosen.dringendheid) if chosen.dringendheid in DRINGENDHEDEN else -1
        wanted = wanted.where(item.c.rank == rank)
    return wanted


def _searched(connection: Connection, wanted: Select[*tuple[object, ...]], words: str) -> Select[*tuple[object, ...]]:
    # Rare words are looked up in their index, and few rows are left to sort. Common ones stand in so many messages
    # that the list's own order soon meets a page full of them; to gather all of them first would take long.
    by_words = told(words)
    by_sender = select(message.c.digest).where(message.c.sender_address == words.lower()).limit(_RARE)
    by_reference = select(item.c.digest).where(item.c.dossier == words.upper()).limit(_RARE)
    named = set(connection.scalars(by_sender)) | set(connection.scalars(by_reference))
    found = connection.scalars(select(message.c.digest).where(by_words).limit(_RARE)).all()
    if len(found) < _RARE:
        return wanted.where(item.c.digest.in_([*named, *found]))
    return wanted.where(by_words)


def _mark(row: Row[*tuple[object, ...]], *, by_urgency: bool) -> str:
    place = [row.received.isoformat(), row.digest]
    if by_urgency:
        place = [row.rank, row.due.isoformat(), *place]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _place(mark: str, *, by_urgency: bool) -> tuple[object, ...]:
    try:
        place = json.loads(base64.urlsafe_b64decode(mark))
        received, digest = datetime.fromisoformat(place[-2]), str(place[-1])
        if not by_urgency:
            return received, digest
        return int(place[0]), date.fromisoformat(place[1]), received, digest
    except (ValueError, TypeError, IndexError, KeyError, binascii.Error) as problem:
        raise ValueError("not the mark of a page") from problem
