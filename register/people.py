"""What an administrator does with accounts, and what people do with their own; each act is in the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, any_, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from register import accounts, events
from register.access_tables import identity, second_factor
from register.accounts import Account
from register.tables import account as people
from register.tables import token

MADE = "account gemaakt"
ROLES = "rollen gewijzigd"
LOCKED = "account op slot"
UNLOCKED = "account open"
RESET = "toegang vernieuwd"
ENDED = "zittingen beëindigd"
PASSWORD = "wachtwoord gewijzigd"  # noqa: S105 — the word of an event.
KEEPER = "beheerder"
SHORTEST = 12
_LINK = timedelta(hours=24)


class LastKeeperError(ValueError):
    """Without this person nobody could administer the accounts any more."""


class WeakPasswordError(ValueError):
    """The password is too easy to guess; the message says why, in Dutch."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account as its administrator sees it."""

    name: str
    roles: tuple[str, ...]
    disabled: bool
    locked_until: datetime | None
    """Until when wrong passwords keep it shut."""
    created: datetime
    password: bool
    second: bool
    provider: bool
    """Whether a person of the provider comes in with it."""
    sessions: int
    last: datetime | None
    """When the newest session began."""


@dataclass(frozen=True, slots=True)
class Session:
    """A running session of somebody; `key` names it and opens nothing."""

    key: str
    made: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person as the provider of the organisation tells of them."""

    issuer: str
    subject: str
    """What never changes about them there."""
    name: str
    roles: tuple[str, ...]


def everybody(connection: Connection, now: datetime) -> tuple[Person, ...]:
    """All accounts, in order of name."""
    return tuple(_person(row) for row in connection.execute(_wanted(now).order_by(people.c.name)))


def person(connection: Connection, name: str, now: datetime) -> Person | None:
    """One account, or None."""
    row = connection.execute(_wanted(now).where(people.c.name == name)).one_or_none()
    return None if row is None else _person(row)


def make(connection: Connection, name: str, roles: Iterable[str], who: str, now: datetime) -> str:
    """Add an account; the link that opens it once, within a day. Raises NameTakenError, or ValueError without name."""
    made = accounts.create(connection, name, None, roles)
    events.write(connection, events.line(MADE, who=who, account=made.name, rollen=made.roles))
    return accounts.login_link(connection, made.name, now + _LINK)


def set_roles(connection: Connection, name: str, roles: Iterable[str], who: str, now: datetime) -> bool:
    """Give these roles and no others, and end the sessions that had the former ones; False when nothing changes.

    Raises LookupError, and LastKeeperError.
    """
    before, after = _locked_row(connection, name), sorted(set(roles))
    if sorted(before.roles) == after:
        return False
    if KEEPER not in after:
        _others_keep(connection, name)
    connection.execute(update(people).where(people.c.name == name).values(roles=after))
    events.write(connection, events.line(ROLES, who=who, account=name, was=before.roles, nu=after))
    end_sessions(connection, name, now)
    return True


def lock(connection: Connection, name: str, who: str, now: datetime) -> None:
    """Nobody comes in with this account, and whoever is in goes out. Raises LookupError, and LastKeeperError."""
    _locked_row(connection, name)
    _others_keep(connection, name)
    connection.execute(update(people).where(people.c.name == name).values(disabled=True))
    end_sessions(connection, name, now)
    events.write(connection, events.line(LOCKED, who=who, account=name))


def unlock(connection: Connection, name: str, who: str) -> None:
    """The account opens again, also after wrong passwords. Raises LookupError."""
    _locked_row(connection, name)
    connection.execute(update(people).where(people.c.name == name).values(disabled=False, misses=0, locked_until=None))
    events.write(connection, events.line(UNLOCKED, who=who, account=name))


def reset(connection: Connection, name: str, who: str, now: datetime) -> str:
    """Forget password and second factor, end all sessions, and make a link that opens the account once, within a day.

    Raises LookupError, also for an account that is shut.
    """
    _locked_row(connection, name)
    connection.execute(
        update(people).where(people.c.name == name).values(password_hash="", misses=0, locked_until=None)
    )
    connection.execute(second_factor.delete().where(second_factor.c.account == name))
    end_sessions(connection, name, now)
    events.write(connection, events.line(RESET, who=who, account=name))
    return accounts.login_link(connection, name, now + _LINK)


def set_password(connection: Connection, name: str, password: str) -> None:
    """A new password of this person's own choice. Raises WeakPasswordError."""
    if len(password) < SHORTEST:
        raise WeakPasswordError(f"Kies een wachtwoord van minstens {SHORTEST} tekens, bijvoorbeeld enkele woorden.")
    if name.lower() in password.lower() or len(set(password)) < 5:
        raise WeakPasswordError("Dit wachtwoord is te makkelijk te raden. Gebruik geen naam en geen herhaling.")
    accounts.set_password(connection, name, password)
    events.write(connection, events.line(PASSWORD, who=name, account=name))


def sessions(connection: Connection, name: str, now: datetime) -> tuple[Session, ...]:
    """The running sessions of a person, newest first."""
    wanted = select(token).where(token.c.account == name, *_running(now)).order_by(token.c.made.desc())
    return tuple(Session(row.hash[:16], row.made, row.expires) for row in connection.execute(wanted))


def end_session(connection: Connection, name: str, key: str, now: datetime) -> bool:
    """End one session of this person; False when they have none of that key."""
    mine = (token.c.account == name, func.left(token.c.hash, 16) == key, *_running(now))
    return bool(connection.execute(update(token).where(*mine).values(used=now)).rowcount)


def end_sessions(connection: Connection, name: str, now: datetime, *, who: str = "", but: str = "") -> int:
    """End all sessions of a person and use up their links; `but` is the token of one that goes on. How many."""
    kinds = token.c.kind.in_(("session", "half", "link"))
    mine = (token.c.account == name, kinds, token.c.used.is_(None), token.c.hash != accounts.hashed(but))
    ended = connection.execute(update(token).where(*mine).values(used=now)).rowcount
    if who:
        events.write(connection, events.line(ENDED, who=who, account=name))
    return ended


def of_provider(connection: Connection, one: Newcomer, now: datetime) -> Account | None:
    """The account of a person of the provider, with the roles that the provider tells; made when there is none.

    An account is never taken over because the name is the same: then the new one gets a number behind it. None when
    the account is shut here.
    """
    mine = (identity.c.issuer == one.issuer, identity.c.subject == one.subject)
    known = connection.scalar(select(identity.c.account).where(*mine).with_for_update())
    if known is None:
        known = _fresh_name(connection, one.name)
        accounts.create(connection, known, None, one.roles)
        connection.execute(insert(identity).values(issuer=one.issuer, subject=one.subject, account=known))
        events.write(connection, events.line(MADE, who=known, account=known, rollen=sorted(one.roles), via=one.issuer))
    else:
        set_roles(connection, known, one.roles, known, now)
    found = accounts.find(connection, known)
    return None if found is None or found.disabled else found


def _fresh_name(connection: Connection, name: str) -> str:
    plain = name.strip().lower()[:100] or "medewerker"
    taken = set(connection.scalars(select(people.c.name).where(people.c.name.startswith(plain, autoescape=True))))
    return next(one for one in (plain, *(f"{plain}-{number}" for number in range(2, 10_000))) if one not in taken)


def _others_keep(connection: Connection, name: str) -> None:
    # All keepers are locked together, so that two of them cannot remove each other at the same moment.
    wanted = select(people.c.name).where(literal(KEEPER) == any_(people.c.roles), people.c.disabled.is_(False))
    keepers = set(connection.scalars(wanted.order_by(people.c.name).with_for_update()))
    if keepers == {name}:
        raise LastKeeperError(name)


def _locked_row(connection: Connection, name: str) -> Row[*tuple[Any, ...]]:
    row = connection.execute(select(people).where(people.c.name == name).with_for_update()).one_or_none()
    if row is None:
        raise LookupError(name)
    return row


def _running(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (token.c.kind == "session", token.c.used.is_(None), token.c.expires > now)


def _wanted(now: datetime) -> Select[*tuple[Any, ...]]:
    mine = (token.c.account == people.c.name, *_running(now))
    return select(
        people,
        select(func.count()).where(*mine).scalar_subquery().label("sessions"),
        select(func.max(token.c.made))
        .where(token.c.account == people.c.name, token.c.kind == "session")
        .scalar_subquery()
        .label("last"),
        select(second_factor.c.account)
        .where(second_factor.c.account == people.c.name, second_factor.c.proven.is_not(None))
        .exists()
        .label("second"),
        select(identity.c.account).where(identity.c.account == people.c.name).exists().label("provider"),
    )


def _person(row: Row[*tuple[Any, ...]]) -> Person:
    given = row._mapping
    return Person(
        name=row.name,
        roles=tuple(row.roles),
        disabled=row.disabled,
        locked_until=row.locked_until,
        created=row.created,
        password=bool(row.password_hash),
        second=given["second"],
        provider=given["provider"],
        sessions=given["sessions"],
        last=given["last"],
    )
