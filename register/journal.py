"""The journal: all that was judged, done or read, chained by salted digests, so that no change stays unseen."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Table, and_, func, select, text

from register.tables import APPEND_ONLY, tables
from register.trust_tables import chain, disposal

_SEALING = 0x6B6C6173
_AT_ONCE = 5_000
Kind = Literal["gewijzigd", "verdwenen", "niet in de keten", "schakel gebroken", "gewist zonder besluit", "ander hoofd"]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain; written down elsewhere, it proves later that nothing before it was replaced."""

    position: int
    link: str

    def __str__(self) -> str:
        return f"{self.position}:{self.link}"


@dataclass(frozen=True, slots=True)
class Break:
    """Something that is not as it was written."""

    kind: Kind
    source: str
    row: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found."""

    rows: int
    """Links that were checked."""
    erased: int
    """Links whose words were erased by two people; they hold the chain together all the same."""
    loose: int
    """Rows that were written since the last sealing."""
    head: Head
    breaks: tuple[Break, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.breaks


def seal(connection: Connection, *, at_most: int = 20_000) -> int:
    """Chain what was written since the last time; how many rows. One process at a time, the others find it done."""
    if not connection.scalar(select(func.pg_try_advisory_xact_lock(_SEALING))):
        return 0
    return int(connection.scalar(select(func.seal_chain(at_most))) or 0)


def head(connection: Connection) -> Head:
    """The end of the chain; position 0 while nothing is chained."""
    last = select(chain.c.position, chain.c.link).where(chain.c.position.is_not(None))
    row = connection.execute(last.order_by(chain.c.position.desc()).limit(1)).one_or_none()
    return Head(0, "") if row is None else Head(row.position, bytes(row.link).hex())


def verify(connection: Connection, *, noted: Head | None = None, most: int = 100) -> Verdict:
    """Compare every row with its imprint and every link with the one before; at most so many breaks are told.

    With `noted`, an end of the chain that was written down earlier must still be in it.
    """
    connection.execute(text("set local timezone to 'UTC'"))
    breaks: list[Break] = []
    for source in APPEND_ONLY:
        breaks += _rows(connection, tables.tables[source], most)
    breaks += _erased(connection, most)
    rows, more = _links(connection, most)
    breaks += more
    if noted is not None and noted.position:
        link = connection.scalar(select(chain.c.link).where(chain.c.position == noted.position))
        if link is None or bytes(link).hex() != noted.link:
            breaks.append(Break("ander hoofd", "chain", noted.position))
    erased = select(func.count()).select_from(chain).where(chain.c.erased.is_not(None))
    loose = select(func.count()).select_from(chain).where(chain.c.position.is_(None))
    return Verdict(
        rows, connection.scalar(erased) or 0, connection.scalar(loose) or 0, head(connection), tuple(breaks[:most])
    )


def _rows(connection: Connection, table: Table, most: int) -> list[Break]:
    mine = and_(chain.c.source == table.name, chain.c.row == table.c.id)
    written = func.to_jsonb(text(table.name)).op("-")("salt")
    other = chain.c.imprint != func.imprint_of(chain.c.salt, written)
    changed = select(table.c.id).join(chain, mine).where(chain.c.salt.is_not(None), other).limit(most)
    gone = select(chain.c.row).outerjoin(table, mine).where(chain.c.source == table.name, table.c.id.is_(None))
    unlinked = select(table.c.id).outerjoin(chain, mine).where(chain.c.row.is_(None)).limit(most)
    return [
        *(Break("gewijzigd", table.name, number) for number in connection.scalars(changed)),
        *(Break("verdwenen", table.name, number) for number in connection.scalars(gone.limit(most))),
        *(Break("niet in de keten", table.name, number) for number in connection.scalars(unlinked)),
    ]


def _erased(connection: Connection, most: int) -> list[Break]:
    # Words may only be gone where two different people agreed.
    agreed = and_(
        disposal.c.id == chain.c.erased,
        disposal.c.done.is_not(None),
        disposal.c.first_by.is_not(None),
        disposal.c.second_by.is_not(None),
        disposal.c.first_by != disposal.c.second_by,
    )
    unproven = select(chain.c.source, chain.c.row).outerjoin(disposal, agreed)
    unproven = unproven.where(chain.c.salt.is_(None), disposal.c.id.is_(None)).limit(most)
    return [Break("gewist zonder besluit", row.source, row.row) for row in connection.execute(unproven)]


def _links(connection: Connection, most: int) -> tuple[int, list[Break]]:
    wanted = select(chain.c.source, chain.c.row, chain.c.imprint, chain.c.position, chain.c.link)
    ordered = wanted.where(chain.c.position.is_not(None)).order_by(chain.c.position)
    before, expected, breaks = b"", 0, []
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(ordered):
        expected += 1
        link = hashlib.sha256(before + f"{row.source}:{row.row}:".encode() + bytes(row.imprint)).digest()
        if row.position != expected or bytes(row.link) != link:
            breaks.append(Break("schakel gebroken", row.source, row.row))
            if len(breaks) >= most:
                break
        # From a broken link on the chain is followed as it stands, so that one change is told once.
        before, expected = bytes(row.link), row.position
    connection.execution_options(yield_per=None)
    return expected, breaks
