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
from register.access_tables import second_factor

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
    if fits:
        # Where a code must follow, wrong codes count on: whoever knows the password would else guess without end.
        if not in_two_steps(connection, row.name):
            forgive(connection, row.name)
        return Account(row.name, tuple(row.roles))
    _count(connection, row.name, row.misses, now)
    return None


def miss(connection: Connection, name: str, now: datetime) -> None:
    """Count a wrong code as a wrong password: the fifth locks the account."""
    account = tables.account
    row = connection.execute(select(account).where(account.c.name == name).with_for_update()).one_or_none()
    if row is not None:
        _count(connection, row.name, row.misses, now)


def forgive(connection: Connection, name: str) -> None:
    """Forget the wrong passwords and codes of somebody who proved who they are."""
    change = update(tables.account).where(tables.account.c.name == name)
    connection.execute(change.values(misses=0, locked_until=None))


def set_password(connection: Connection, name: str, password: str) -> None:
    """Replace the password."""
    change = update(tables.account).where(tables.account.c.name == name)
    connection.execute(change.values(password_hash=_hasher.hash(password), misses=0, locked_until=None))


def locked(connection: Connection, name: str, now: datetime) -> bool:
    """Whether wrong passwords or codes keep this account shut."""
    until = connection.scalar(select(tables.account.c.locked_until).where(tables.account.c.name == name))
    return until is not None and until > now


def in_two_steps(connection: Connection, name: str) -> bool:
    """Whether this account asks for a code after the password."""
    mine = (second_factor.c.account == name, second_factor.c.proven.is_not(None))
    return connection.scalar(select(second_factor.c.account).where(*mine)) is not None


def login_link(connection: Connection, name: str, expires: datetime) -> str:
    """A token for one login."""
    return _token(connection, "link", name, expires)


def redeem(connection: Connection, word: str, now: datetime) -> Account | None:
    """Use a login token up."""
    token = tables.token
    mine = (token.c.hash == hashed(word), token.c.kind == "link", token.c.used.is_(None), token.c.expires > now)
    name = connection.scalar(update(token).where(*mine).values(used=now).returning(token.c.account))
    return _able(connection, name)


def open_session(connection: Connection, name: str, expires: datetime) -> str:
    """A token for a session."""
    return _token(connection, "session", name, expires)


def halfway(connection: Connection, name: str, expires: datetime) -> str:
    """A token for somebody who gave the password and not yet the code."""
    return _token(connection, "half", name, expires)


def of_halfway(connection: Connection, word: str, now: datetime) -> Account | None:
    """The account of somebody halfway."""
    token = tables.token
    mine = (token.c.hash == hashed(word), token.c.kind == "half", token.c.used.is_(None), token.c.expires > now)
    return _able(connection, connection.scalar(select(token.c.account).where(*mine)))


def session(connection: Connection, word: str, now: datetime) -> Account | None:
    """The account of a running session."""
    token = tables.token
    mine = (token.c.hash == hashed(word), token.c.kind == "session", token.c.used.is_(None), token.c.expires > now)
    return _able(connection, connection.scalar(select(token.c.account).where(*mine)))


def close_session(connection: Connection, word: str, now: datetime) -> None:
    """End a session."""
    token = tables.token
    connection.execute(update(token).where(token.c.hash == hashed(word), token.c.used.is_(None)).values(used=now))


def _count(connection: Connection, name: str, misses: int, now: datetime) -> None:
    locks = misses + 1 >= _MISSES
    values = {"misses": 0 if locks else misses + 1, "locked_until": now + _LOCKED if locks else None}
    connection.execute(update(tables.account).where(tables.account.c.name == name).values(values))


def _plain(name: str) -> str:
    return name.strip().lower()


def _fits(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (Argon2Error, InvalidHashError):
        return False


def hashed(word: str) -> str:
    """What is kept of a token."""
    # A token is as random as a key, so a plain hash keeps it; only passwords need a slow one.
    return hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()


def _token(connection: Connection, kind: str, name: str, expires: datetime) -> str:
    account = find(connection, name)
    if account is None or account.disabled:
        raise LookupError(f"no account {_plain(name)}")
    word = secrets.token_urlsafe(32)
    row = {"hash": hashed(word), "kind": kind, "account": account.name, "expires": expires}
    connection.execute(insert(tables.token).values(row))
    return word


def _able(connection: Connection, name: str | None) -> Account | None:
    account = None if name is None else find(connection, name)
    return None if account is None or account.disabled else account
