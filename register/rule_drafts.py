"""What a maintainer of the rules is changing: kept at every pause, of one person, and never overwritten unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, insert, select, update

from register.record import as_text, restored, storable
from register.rulebook_tables import rule_draft
from register.rulebooks import Files

Edits = Mapping[str, str | None]
"""By path the whole new text of a file, or None for one that goes."""


class DraftGoneError(LookupError):
    """There is no such draft, or it was proposed or put away before."""


class NotTheirsError(PermissionError):
    """The draft is of somebody else; the message is that person's name."""


class DraftChangedError(RuntimeError):
    """The draft was changed since this person saw it, for example in another window; nothing was written."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Edits to a rulebook, of one person."""

    id: int
    who: str
    base: str
    """Fingerprint of the rulebook that the edits are to."""
    why: str
    edits: Edits
    version: int
    """Grows with every change."""
    state: Literal["open", "voorgesteld", "weggelegd"]
    begun: datetime
    changed: datetime
    proposal: int | None = None
    """Number of the proposal that came of it."""


def applied(base: Files, edits: Edits) -> dict[str, bytes]:
    """The files of the base with the edits in them, sorted by path."""
    files = {path: text for path, text in base.items() if path not in edits}
    files |= {path: text.encode() for path, text in edits.items() if text is not None}
    return dict(sorted(files.items()))


def edits_between(base: Files, files: Files) -> dict[str, str | None]:
    """The edits that make `files` of the base. Raises UnicodeDecodeError when a file that differs is no UTF-8."""
    changed = {path: text.decode() for path, text in files.items() if base.get(path) != text}
    return {**changed, **{path: None for path in base if path not in files}}


def begin(connection: Connection, *, who: str, base: str, why: str = "", edits: Edits | None = None) -> int:
    """A new draft on a rulebook that is on file; its number."""
    row = {"who": who, "base": base, "why": as_text(why), "edits": storable(edits or {})}
    return int(connection.execute(insert(rule_draft).values(row).returning(rule_draft.c.id)).scalar_one())


def find(connection: Connection, number: int) -> Draft | None:
    """The draft of that number, or None."""
    row = connection.execute(select(rule_draft).where(rule_draft.c.id == number)).one_or_none()
    return None if row is None else _draft(row)


def being_written(connection: Connection) -> list[Draft]:
    """Drafts that are neither proposed nor put away, the one changed last first."""
    wanted = select(rule_draft).where(rule_draft.c.state == "open").order_by(rule_draft.c.changed.desc())
    return [_draft(row) for row in connection.execute(wanted)]


def write(  # noqa: PLR0913
    connection: Connection, number: int, *, who: str, seen: int, edits: Edits, base: str | None = None
) -> int:
    """Replace the edits (and the base) of a draft that this person saw in that version; its new version.

    Raises DraftGoneError, NotTheirsError or DraftChangedError.
    """
    draft = _held(connection, number)
    if draft.who != who:
        raise NotTheirsError(draft.who)
    if draft.version != seen:
        raise DraftChangedError(number)
    row = {"edits": storable(edits), "base": base or draft.base}
    return _change(connection, draft, row)


def hand_over(connection: Connection, number: int, *, to: str) -> int:
    """From now on the draft is of this person; its new version. Raises DraftGoneError."""
    return _change(connection, _held(connection, number), {"who": to})


def close(connection: Connection, number: int, *, who: str, proposal: int | None = None) -> None:
    """The draft became a proposal or, without one, is put away. Raises DraftGoneError or NotTheirsError."""
    draft = _held(connection, number)
    if draft.who != who:
        raise NotTheirsError(draft.who)
    _change(connection, draft, {"state": "voorgesteld" if proposal else "weggelegd", "proposal": proposal})


def _held(connection: Connection, number: int) -> Draft:
    wanted = select(rule_draft).where(rule_draft.c.id == number, rule_draft.c.state == "open").with_for_update()
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise DraftGoneError(number)
    return _draft(row)


def _change(connection: Connection, draft: Draft, row: Mapping[str, object]) -> int:
    now = {"version": draft.version + 1, "changed": func.clock_timestamp()}
    connection.execute(update(rule_draft).where(rule_draft.c.id == draft.id).values(now | dict(row)))
    return draft.version + 1


def _draft(row: Row[*tuple[Any, ...]]) -> Draft:
    kept = dict(row._mapping)
    return restored(Draft, kept | {name: kept[name].isoformat() for name in ("begun", "changed")})
