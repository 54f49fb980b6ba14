"""The second factor: codes of a telephone that change every thirty seconds (RFC 6238), and recovery codes."""

import hmac
import secrets
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from register import accounts, events
from register.access_tables import second_factor
from register.sealing import Key

SET = "tweede stap ingesteld"
GONE = "tweede stap verwijderd"
RENEWED = "herstelcodes vernieuwd"
SPENT = "herstelcode gebruikt"
_WHAT = "tweede stap"
_SECONDS = 30
# Letters and digits that nobody takes for another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODES = 10
ISSUER = "klachtwijzer"


def codes_left(connection: Connection, name: str) -> int:
    """How many recovery codes were not used yet."""
    codes = connection.scalar(select(second_factor.c.codes).where(second_factor.c.account == name))
    return len(codes or ())


def begin(connection: Connection, name: str, key: Key) -> str:
    """The `otpauth:` address for the telephone. A secret that waits for its first code stays the same when asked again.

    Raises ValueError when the account has a second factor already.
    """
    row = _row(connection, name)
    if row is not None and row.proven is not None:
        raise ValueError("the account has a second factor")
    if row is None:
        secret = pyotp.random_base32()
        connection.execute(insert(second_factor).values(account=name, sealed=key.seal(secret, _WHAT)))
    else:
        secret = key.open(bytes(row.sealed), _WHAT)
    return pyotp.TOTP(secret, interval=_SECONDS).provisioning_uri(name=name, issuer_name=ISSUER)


def prove(connection: Connection, name: str, code: str, key: Key, now: datetime) -> tuple[str, ...]:
    """Finish with a first code; the recovery codes, which are told this once. Empty when the code is wrong."""
    row = _row(connection, name)
    if row is None or row.proven is not None or not _fits(connection, row, code, key, now):
        return ()
    connection.execute(update(second_factor).where(second_factor.c.account == name).values(proven=now))
    events.write(connection, events.line(SET, who=name, account=name))
    return _new_codes(connection, name)


def check(connection: Connection, name: str, code: str, key: Key, now: datetime) -> bool:
    """Whether the code of this moment, or a recovery code, is right; neither works twice. A wrong one is counted."""
    row = _row(connection, name)
    if row is None or row.proven is None or accounts.locked(connection, name, now):
        return False
    if _fits(connection, row, code, key, now) or _spent(connection, row, code):
        accounts.forgive(connection, name)
        return True
    accounts.miss(connection, name, now)
    return False


def renew_codes(connection: Connection, name: str) -> tuple[str, ...]:
    """New recovery codes in place of the former ones."""
    events.write(connection, events.line(RENEWED, who=name, account=name))
    return _new_codes(connection, name)


def remove(connection: Connection, name: str) -> None:
    """The account asks for no second step any more."""
    if connection.execute(second_factor.delete().where(second_factor.c.account == name)).rowcount:
        events.write(connection, events.line(GONE, who=name, account=name))


def _row(connection: Connection, name: str) -> Row[*tuple[Any, ...]] | None:
    wanted = select(second_factor).where(second_factor.c.account == name).with_for_update()
    return connection.execute(wanted).one_or_none()


def _fits(connection: Connection, row: Row[*tuple[Any, ...]], code: str, key: Key, now: datetime) -> bool:
    plain = "".join(code.split())
    if not (plain.isascii() and plain.isdigit()):
        return False
    codes = pyotp.TOTP(key.open(bytes(row.sealed), _WHAT), interval=_SECONDS)
    step = int(now.timestamp()) // _SECONDS
    # Clocks of telephones go half a minute wrong; more would only give guessers more to guess at.
    for one in (step, step - 1, step + 1):
        if one > row.step and hmac.compare_digest(codes.at(one * _SECONDS), plain):
            connection.execute(update(second_factor).where(second_factor.c.account == row.account).values(step=one))
            return True
    return False


def _spent(connection: Connection, row: Row[*tuple[Any, ...]], code: str) -> bool:
    mark, codes = _mark(code), list(row.codes)
    if mark not in codes:
        return False
    codes.remove(mark)
    connection.execute(update(second_factor).where(second_factor.c.account == row.account).values(codes=codes))
    events.write(connection, events.line(SPENT, who=str(row.account), account=row.account, over=len(codes)))
    return True


def _new_codes(connection: Connection, name: str) -> tuple[str, ...]:
    drawn = ("".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(_CODES))
    codes = tuple(f"{one[:4]}-{one[4:8]}-{one[8:]}" for one in drawn)
    marks = [_mark(one) for one in codes]
    connection.execute(update(second_factor).where(second_factor.c.account == name).values(codes=marks))
    return codes


def _mark(code: str) -> str:
    # Sixty bits drawn at random: a plain hash keeps them.
    return accounts.hashed("".join(letter for letter in code.lower() if letter.isalnum()))
