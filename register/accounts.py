"""People who may see files: accounts, one-time login links and sessions."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from register import tables

_MISSES = 5
_LOCKED = timedelta(minutes=15)
_hasher = PasswordHasher()
# Compared against when there is no such account, so that the time taken does not tell names.
_NOBODY = _hasher.hash(secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class Account:
    """A person who works with the register."""

    name: str
    roles: tuple[str, ...]
    disabled: bool = False


class NameTakenError(ValueError):
    """An account of that name exists."""


def create(connection: Connection, name: str, password: str | None, roles: Iterable[str]) -> Account:
    """Add an account; without a password it opens by login links alone."""
    name = _plain(name)
    if not name:
        raise ValueError("an account needs a name")
    row = {"name": name, "roles": sorted(set(roles)), "password_hash": _hasher.hash(password) if password else ""}
    added = insert(tables.account).values(row).on_conflict_do_nothing().returning(tables.account)
    made = connection.execute(added).one_or_none()
    if made is None:
        raise NameTakenError(name)
    return Account(made.name, tuple(made.roles))


def find(connection: Connection, name: str) -> Account | None:
    """The account of that name."""
    row = connection.execute(select(tables.account).where(tables.account.c.name == _plain(name))).one_or_none()
    return None if row is None else Account(row.name, tuple(row.roles), row.disabled)


def names(connection: Connection) -> tuple[str, ...]:
    """The names of all accounts that are not disabled, in order."""
    account = tables.account
    return tuple(
        connection.scalars(select(account.c.name).where(account.c.disabled.is_(False)).order_by(account.c.name))
    )


def verify(connection: Connection, name: str, password: str, now: datetime) -> Account | None:
    """The account when the password fits; a locked account is refused even with the right one."""
    account = tables.account
    row = connection.execute(select(account).where(account.c.name == _plain(name)).with_for_update()).one_or_none()
    fits = _fits(row.password_hash if row is not None and row.password_hash else _NOBODY, password)
    if row is None or row.disabled or (row.locked_until is not None and row.locked_until > now):
        return None
    change = update(account).where(account.c.name == row.name)
    if fits:
        connection.execute(change.values(misses=0, locked_until=None))
        return Account(row.name, tuple(row.roles))
    locks = row.misses + 1 >= _MISSES
    connection.execute(
        change.values(misses=0 if locks else row.misses + 1, locked_until=now + _LOCKED if locks else None)
    )
    return None


def login_link(connection: Connection, name: str, expires: datetime) -> str:
    """A token for one login."""
    return _token(connection, "link", name, expires)


def redeem(connection: Connection, word: str, now: datetime) -> Account | None:
    """Use a login token up."""
    token = tables.token
    mine = (token.c.hash == _hash(word), token.c.kind == "link", token.c.used.is_(None), token.c.expires > now)
    name = connection.scalar(update(token).where(*mine).values(used=now).returning(token.c.account))
    return _able(connection, name)


def open_session(connection: Connection, name: str, expires: datetime) -> str:
    """A token for a session."""
    return _token(connection, "session", name, expires)


def session(connection: Connection, word: str, now: datetime) -> Account | None:
    """The account of a running session."""
    token = tables.token
    mine = (token.c.hash == _hash(word), token.c.kind == "session", token.c.used.is_(None), token.c.expires > now)
    return _able(connection, connection.scalar(select(token.c.account).where(*mine)))


def close_session(connection: Connection, word: str, now: datetime) -> None:
    """End a session."""
    token = tables.token
    connection.execute(update(token).where(token.c.hash == _hash(word), token.c.used.is_(None)).values(used=now))


def _plain(name: str) -> str:
    return name.strip().lower()


def _fits(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (Argon2Error, InvalidHashError):
        return False


def _hash(word: str) -> str:
    # A token is as random as a key, so a plain hash keeps it; only passwords need a slow one.
    return hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()


def _token(connection: Connection, kind: str, name: str, expires: datetime) -> str:
    account = find(connection, name)
    if account is None or account.disabled:
        raise LookupError(f"no account {_plain(name)}")
    word = secrets.token_urlsafe(32)
    row = {"hash": _hash(word), "kind": kind, "account": account.name, "expires": expires}
    connection.execute(insert(tables.token).values(row))
    return word


def _able(connection: Connection, name: str | None) -> Account | None:
    account = None if name is None else find(connection, name)
    return None if account is None or account.disabled else account
