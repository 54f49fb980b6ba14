"""The whole register from one PostgreSQL to another, whichever is newer: tables are made anew and rows copied."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy.exc import SQLAlchemyError

from register import file_tables, journal, rulebook_tables, server, trust_tables  # noqa: F401 — add their tables.
from register.journal import Verdict
from register.tables import tables

OTHERS = (
    "select count(*) from pg_stat_activity where datname = current_database() "
    "and pid <> pg_backend_pid() and backend_type = 'client backend'"
)
"""How many others are connected to this database."""
_MADE_THERE = "alembic_version"
Connection = psycopg.Connection[tuple[object, ...]]


class TransferError(RuntimeError):
    """The register cannot be moved; one line says why, and the source is as it was."""


@dataclass(frozen=True, slots=True)
class Transferred:
    """What arrived."""

    rows: dict[str, int]
    """Rows by table; as many as there were."""
    verdict: Verdict
    """What the journal says of itself in its new place."""


def transfer(source: str, target: str) -> Transferred:
    """Copy every row to an empty database and verify the journal there; all or nothing, and the source is only read.

    Nobody else may be connected to the source, so that nothing is written behind the copy. Raises TransferError.
    """
    engine = server.engine(source)
    try:
        with engine.begin() as connection:
            for _ in iter(lambda: journal.seal(connection), 0):
                continue
            head = journal.head(connection)
    finally:
        engine.dispose()
    try:
        with psycopg.connect(server.libpq(source)) as old:
            _alone(old)
            with psycopg.connect(server.libpq(target)) as empty:
                _expect_empty(empty)
            server.migrate(target)
            with psycopg.connect(server.libpq(target)) as new:
                rows = _copied(old, new)
    except (psycopg.Error, SQLAlchemyError) as trouble:
        # Only the first line: further ones may show rows.
        raise TransferError(str(trouble).strip().split("\n", 1)[0]) from None
    engine = server.engine(target)
    try:
        with engine.begin() as connection:
            verdict = journal.verify(connection, noted=head)
    finally:
        engine.dispose()
    return Transferred(rows, verdict)


def _alone(old: Connection) -> None:
    old.execute("set transaction isolation level repeatable read, read only")
    if old.execute(OTHERS).fetchone() != (0,):
        raise TransferError("er werkt nog een ander proces met de databank; stop eerst alles")


def _expect_empty(new: Connection) -> None:
    if new.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() != (0,):
        raise TransferError("de databank waar alles heen moet, is niet leeg")


def _copied(old: Connection, new: Connection) -> dict[str, int]:
    # The sums of the tally and the links of the journal come along as rows; triggers would write them twice.
    names = list(_names(old))
    for name in names:
        new.execute(sql.SQL("alter table {} disable trigger user").format(sql.Identifier(name)))
    rows = {name: _table(old, new, name) for name in names}
    for name in names:
        new.execute(sql.SQL("alter table {} enable trigger user").format(sql.Identifier(name)))
    for sequence, last in old.execute("select sequencename::text, last_value from pg_sequences where last_value > 0"):
        new.execute("select setval(%s::regclass, %s)", (sequence, last))
    return rows


def _names(old: Connection) -> Iterator[str]:
    """All tables, those that others point to first; those of the queue come last, in the order they were made."""
    ours = [table.name for table in tables.sorted_tables]
    wanted = (
        "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by oid"
    )
    found = [str(row[0]) for row in old.execute(wanted)]
    yield from (name for name in ours if name in found)
    yield from (name for name in found if name not in ours and name != _MADE_THERE)


def _table(old: Connection, new: Connection, name: str) -> int:
    columns = old.execute(
        "select attname::text from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped "
        "and attgenerated = '' order by attnum",
        (sql.Identifier(name).as_string(old),),
    ).fetchall()
    named = sql.SQL(", ").join(sql.Identifier(str(row[0])) for row in columns)
    out = sql.SQL("copy {} ({}) to stdout").format(sql.Identifier(name), named)
    into = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(name), named)
    with old.cursor() as reading, new.cursor() as writing:
        with reading.copy(out) as rows, writing.copy(into) as place:
            for block in rows:
                place.write(block)
        if reading.rowcount != writing.rowcount:
            raise TransferError(f"{name}: {reading.rowcount} rijen gelezen en {writing.rowcount} geschreven")
        return writing.rowcount
