"""Rulebooks on file: every version, which one is in force, who changed it and why, and what a shadow saw.

The register names the rulebook in force, so that all workers change over at the same moment: a mail whose page began
after the change is decided by the new rules, and no mail by half of each.
"""

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from register.record import Json, storable
from register.rulebook_tables import proposal, rulebook, shade, turn

Role = Literal["geldend", "schaduw"]
Files = Mapping[str, bytes]
"""The YAML files of a rulebook by their path."""
Differences = Mapping[str, tuple[object, object]]
"""Per field of a decision what it was and what it would have been."""

# Two people who change the rulebook in force at the same moment wait for each other.
_TURNING = 0x6B6C6164


class SamePersonError(PermissionError):
    """Whoever proposed a rulebook may not publish it: a second person must."""


class ProposalGoneError(LookupError):
    """There is no such proposal, or it was published or refused before."""


class OvertakenError(RuntimeError):
    """Another rulebook came into force since this one was written; publishing it would undo that change unseen."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A rulebook took over a role."""

    at: datetime
    who: str
    second: str
    """Who published it, when that was another person."""
    why: str
    role: Role
    fingerprint: str
    """Empty when a shadow was ended."""
    changed: tuple[str, ...]
    """Paths of the files that differ from the turn before."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rulebook that waits for a second person."""

    id: int
    fingerprint: str
    parent: str
    """Fingerprint of what was in force when it was written."""
    at: datetime
    who: str
    why: str
    state: Literal["open", "gepubliceerd", "geweigerd"]
    closed_by: str = ""
    reason: str = ""
    """Why it was refused."""


@dataclass(frozen=True, slots=True)
class Shade:
    """A mail of which a shadow rulebook would have said something else."""

    digest: str
    at: datetime
    differs: Differences


def keep(connection: Connection, fingerprint: str, files: Files) -> None:
    """Have this version on file; one that is there already stays as it is."""
    row = {"fingerprint": fingerprint, "files": _packed(files)}
    connection.execute(upsert(rulebook).values(row).on_conflict_do_nothing())


def files(connection: Connection, fingerprint: str) -> dict[str, bytes] | None:
    """The files of a version, byte for byte; None when it was never kept."""
    packed = connection.scalar(select(rulebook.c.files).where(rulebook.c.fingerprint == fingerprint))
    return None if packed is None else _unpacked(packed)


def known(connection: Connection, fingerprint: str) -> bool:
    """Whether this version is on file."""
    return connection.scalar(select(rulebook.c.fingerprint).where(rulebook.c.fingerprint == fingerprint)) is not None


def current(connection: Connection, role: Role = "geldend") -> str | None:
    """The fingerprint of the rulebook that has this role now, or None."""
    last = select(turn.c.fingerprint).where(turn.c.role == role).order_by(turn.c.id.desc()).limit(1)
    return connection.scalar(last)


def give_turn(  # noqa: PLR0913
    connection: Connection,
    role: Role,
    fingerprint: str | None,
    *,
    who: str,
    why: str,
    second: str = "",
    instead_of: str | None = None,
) -> bool:
    """From the end of this page on, that version (on file already) has the role; False when it had it before.

    With `instead_of`, only when that version still has it: otherwise raises OvertakenError.
    """
    connection.execute(select(func.pg_advisory_xact_lock(_TURNING)))
    now = current(connection, role)
    if now == fingerprint:
        return False
    if instead_of is not None and now != instead_of:
        raise OvertakenError(now)
    row = {"role": role, "fingerprint": fingerprint, "who": who, "why": why, "second": second}
    connection.execute(insert(turn).values(row))
    return True


def history(connection: Connection, role: Role = "geldend", limit: int = 50) -> list[Turn]:
    """Who changed the rulebook, when, why and in which files; newest first."""
    wanted = select(turn).where(turn.c.role == role).order_by(turn.c.id.desc()).limit(limit + 1)
    rows = list(connection.execute(wanted))
    found = []
    for place, row in enumerate(rows[:limit]):
        before = rows[place + 1].fingerprint if place + 1 < len(rows) else None
        found.append(
            Turn(
                row.at, row.who, row.second, row.why, role, row.fingerprint or "",
                _changed(_files(connection, before), _files(connection, row.fingerprint)),
            )
        )  # fmt: skip
    return found


def propose(  # noqa: PLR0913
    connection: Connection, fingerprint: str, files: Files, *, who: str, why: str, parent: str | None = None
) -> int:
    """Lay a rulebook, which must have been checked, before a second person; its number.

    `parent` is what it was written on, when that need not be what is in force at this moment.
    """
    keep(connection, fingerprint, files)
    written_on = current(connection) if parent is None else parent
    row = {"fingerprint": fingerprint, "parent": written_on or "", "who": who, "why": why}
    return int(connection.execute(insert(proposal).values(row).returning(proposal.c.id)).scalar_one())


def proposals(connection: Connection, *, open_only: bool = True) -> list[Proposal]:
    """Proposals, newest first."""
    wanted = select(proposal).order_by(proposal.c.id.desc())
    wanted = wanted.where(proposal.c.state == "open") if open_only else wanted
    return [_proposal(row) for row in connection.execute(wanted)]


def find(connection: Connection, number: int) -> Proposal | None:
    """The proposal of that number, or None."""
    row = connection.execute(select(proposal).where(proposal.c.id == number)).one_or_none()
    return None if row is None else _proposal(row)


def publish(connection: Connection, number: int, *, who: str) -> str:
    """A second person puts a proposal in force; its fingerprint. Raises the errors of this file."""
    row = connection.execute(select(proposal).where(proposal.c.id == number).with_for_update()).one_or_none()
    if row is None or row.state != "open":
        raise ProposalGoneError(number)
    if row.who == who:
        raise SamePersonError(who)
    give_turn(
        connection, "geldend", row.fingerprint, who=row.who, second=who, why=row.why, instead_of=row.parent or None
    )
    _close(connection, number, "gepubliceerd", who)
    return str(row.fingerprint)


def refuse(connection: Connection, number: int, *, who: str, why: str = "") -> None:
    """Set a proposal aside; its author may do so as well. Raises ProposalGoneError."""
    open_ = select(proposal.c.id).where(proposal.c.id == number, proposal.c.state == "open").with_for_update()
    if connection.scalar(open_) is None:
        raise ProposalGoneError(number)
    _close(connection, number, "geweigerd", who, why)


def note_shade(connection: Connection, digest: str, fingerprint: str, differs: Differences) -> None:
    """Keep what the shadow would have decided otherwise; nothing differs when it agreed."""
    row = {"digest": digest, "fingerprint": fingerprint, "differs": storable(differs)}
    connection.execute(insert(shade).values(row))


def shades(connection: Connection, fingerprint: str, limit: int = 500) -> tuple[int, list[Shade]]:
    """Of how many mails this shadow had an opinion, and those of which it differed, newest first."""
    mine = shade.c.fingerprint == fingerprint
    seen = connection.scalar(select(func.count()).select_from(shade).where(mine)) or 0
    differing = select(shade).where(mine, shade.c.differs != {}).order_by(shade.c.id.desc()).limit(limit)
    found = [Shade(row.digest, row.at, _pairs(row.differs)) for row in connection.execute(differing)]
    return seen, found


def _proposal(row: Row[*tuple[Any, ...]]) -> Proposal:
    return Proposal(row.id, row.fingerprint, row.parent, row.at, row.who, row.why, row.state, row.closed_by, row.reason)


def _pairs(differs: Json) -> Differences:
    return {name: (pair[0], pair[1]) for name, pair in differs.items()}


def _close(connection: Connection, number: int, state: str, who: str, why: str = "") -> None:
    closed = {"state": state, "closed": func.clock_timestamp(), "closed_by": who, "reason": why}
    connection.execute(update(proposal).where(proposal.c.id == number).values(closed))


def _files(connection: Connection, fingerprint: str | None) -> dict[str, bytes]:
    return (files(connection, fingerprint) if fingerprint else None) or {}


def _changed(before: Files, after: Files) -> tuple[str, ...]:
    return tuple(sorted(path for path in {*before, *after} if before.get(path) != after.get(path)))


def _packed(files: Files) -> bytes:
    return zlib.compress(json.dumps({path: base64.b85encode(text).decode() for path, text in files.items()}).encode())


def _unpacked(packed: bytes) -> dict[str, bytes]:
    def read() -> Iterator[tuple[str, bytes]]:
        for path, text_ in json.loads(zlib.decompress(packed)).items():
            yield path, base64.b85decode(text_)

    return dict(read())
