"""The secret address of a handler's calendar: whoever has it reads references and days, until it is taken back."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Connection, exists, insert, select, update

from register.tables import account, token

_KIND = "agenda"
# It ends when its owner takes it back or the account is disabled; a calendar cannot ask anybody to log in.
_NEVER = datetime.max.replace(microsecond=0)


def open_feed(connection: Connection, name: str, now: datetime) -> str:
    """A new secret for this account's calendar; the former one ends. Only its hash is kept."""
    close_feed(connection, name, now)
    word = secrets.token_urlsafe(32)
    row = {"hash": _hash(word), "kind": _KIND, "account": name, "expires": _NEVER.replace(tzinfo=now.tzinfo)}
    connection.execute(insert(token).values(row))
    return word


def close_feed(connection: Connection, name: str, now: datetime) -> None:
    """Take the secret back; calendars that have it get nothing any more."""
    mine = (token.c.account == name, token.c.kind == _KIND, token.c.used.is_(None))
    connection.execute(update(token).where(*mine).values(used=now))


def has_feed(connection: Connection, name: str) -> bool:
    """Whether this account has a calendar address now."""
    mine = exists().where(token.c.account == name, token.c.kind == _KIND, token.c.used.is_(None))
    return bool(connection.scalar(select(mine)))


def owner(connection: Connection, word: str) -> str | None:
    """The account whose secret this is; None for an unknown one, one taken back, or a disabled account."""
    known = select(token.c.account).join(account, account.c.name == token.c.account)
    mine = (token.c.hash == _hash(word), token.c.kind == _KIND, token.c.used.is_(None), account.c.disabled.is_(False))
    return connection.scalar(known.where(*mine))


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()
