"""A new key for what is sealed: all of it is opened with the old one and sealed with the new one, in one go."""

from typing import NamedTuple

from sqlalchemy import Column, Connection, Table, bindparam, select, text, update

from register import sealing
from register.access_tables import second_factor, webhook
from register.file_tables import party
from register.sealing import Key
from register.tables import setting
from register.transfer import OTHERS


class InUseError(RuntimeError):
    """Other processes still seal with the old key."""


class Sealed(NamedTuple):
    """A sealed column, what is bound to its words, and the column of the mark by which they are found."""

    table: Table
    column: Column[bytes]
    what: str
    mark: Column[bytes] | None = None


SEALED = (
    *(
        Sealed(party, party.c[f"{what}_sealed"], what, party.c[f"{what}_mark"])
        for what in ("name", "birth", "number", "contact")
    ),
    Sealed(second_factor, second_factor.c.sealed, "tweede stap"),
    Sealed(webhook, webhook.c.sealed, "webhook"),
)


def rotate(connection: Connection, old: Key, new: Key) -> int:
    """Seal and mark everything anew; how many fields. Commit it, and from then on only the new key opens them.

    Raises WrongKeyError when the old key is another, and InUseError while somebody else is connected: what they wrote
    with the old key could never be read again.
    """
    if connection.scalar(text(OTHERS)):
        raise InUseError("er werkt nog een ander proces met de databank; stop eerst alles")
    sealing.prove(connection, old)
    number = sum(_column(connection, one, old, new) for one in SEALED)
    connection.execute(update(setting).where(setting.c.name == sealing.PROOF).values(value=sealing.proof(new)))
    return number


def _column(connection: Connection, one: Sealed, old: Key, new: Key) -> int:
    keys = list(one.table.primary_key.columns)
    rows = connection.execute(select(*keys, one.column.label("sealed")).where(one.column.is_not(None))).all()
    changes = []
    for row in rows:
        words = old.open(bytes(row.sealed), one.what)
        change: dict[str, object] = {f"k_{key.name}": getattr(row, key.name) for key in keys}
        change["v_sealed"] = new.seal(words, one.what)
        if one.mark is not None:
            change["v_mark"] = new.mark(words, one.what)
        changes.append(change)
    if changes:
        values: dict[str, object] = {one.column.name: bindparam("v_sealed")}
        if one.mark is not None:
            values[one.mark.name] = bindparam("v_mark")
        mine = [key == bindparam(f"k_{key.name}") for key in keys]
        connection.execute(update(one.table).where(*mine).values(values), changes)
    return len(changes)
