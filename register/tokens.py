"""Tokens by which other programs come in: made by an administrator, shown once, for named scopes, until a day."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from register import events
from register.access_tables import api_token
from register.accounts import hashed

MADE = "token gemaakt"
REVOKED = "token ingetrokken"
SCOPES = {
    "berichten:schrijven": "Berichten binnenbrengen",
    "beoordelen": "Een tekst laten beoordelen, zonder hem te bewaren",
    "dossiers:lezen": "Dossiers lezen, met de naam van de klager",
    "beslissingen:lezen": "Beslissingen lezen",
    "verslagen:lezen": "Jaarverslagen lezen",
}
LONGEST = timedelta(days=366)
_PREFIX = "kw_"


@dataclass(frozen=True, slots=True)
class Token:
    """What a program may do, and until when."""

    id: int
    name: str
    scopes: tuple[str, ...]
    made: datetime
    made_by: str
    expires: datetime
    revoked: datetime | None
    used: datetime | None
    """When it was last shown, to the minute."""

    @property
    def who(self) -> str:
        """How the journal names it."""
        return f"token:{self.name}"


def make(connection: Connection, name: str, scopes: Iterable[str], expires: datetime, who: str) -> str:
    """Add a token; its word, which is kept nowhere. Raises ValueError for an unknown scope, or without name or scope.

    The time that it may last is for the caller to bound.
    """
    chosen = sorted(set(scopes))
    if not name or not chosen or set(chosen) - SCOPES.keys():
        raise ValueError("a token needs a name and known scopes")
    word = _PREFIX + secrets.token_urlsafe(32)
    row = {"name": name, "hash": hashed(word), "scopes": chosen, "made_by": who, "expires": expires}
    connection.execute(insert(api_token).values(row))
    events.write(connection, events.line(MADE, who=who, naam=name, rechten=chosen, tot=expires))
    return word


def check(connection: Connection, word: str, now: datetime) -> Token | None:
    """The token of this word; None when it is unknown, revoked or over."""
    good = (api_token.c.hash == hashed(word), api_token.c.revoked.is_(None), api_token.c.expires > now)
    row = connection.execute(select(api_token).where(*good)).one_or_none()
    if row is None:
        return None
    if row.used is None or now - row.used > timedelta(minutes=1):
        connection.execute(update(api_token).where(api_token.c.id == row.id).values(used=now))
    return _token(row)


def listed(connection: Connection) -> tuple[Token, ...]:
    """All tokens, the newest first."""
    return tuple(_token(row) for row in connection.execute(select(api_token).order_by(api_token.c.id.desc())))


def revoke(connection: Connection, number: int, who: str, now: datetime) -> bool:
    """The token opens nothing any more; False when there is none that did."""
    mine = (api_token.c.id == number, api_token.c.revoked.is_(None))
    name = connection.scalar(update(api_token).where(*mine).values(revoked=now).returning(api_token.c.name))
    if name is None:
        return False
    events.write(connection, events.line(REVOKED, who=who, naam=name))
    return True


def _token(row: object) -> Token:
    names = ("id", "name", "made", "made_by", "expires", "revoked", "used")
    return Token(**{name: getattr(row, name) for name in names}, scopes=tuple(row.scopes))  # type: ignore[attr-defined]
