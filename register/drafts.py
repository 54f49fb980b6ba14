"""Words that a person typed and did not yet put in a letter or a note: kept at every pause, and shown to colleagues."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from register.file_tables import draft
from register.letters import WAITING, LetterGoneError
from register.outgoing import Wording
from register.record import as_text
from register.tables import outgoing, reading


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words are meant for: a letter, or (without one) a note on the mail."""

    digest: str
    """The mail, or the mail that the letter answers."""
    outgoing: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The words of one person for one place; everybody has their own."""

    id: int
    account: str
    digest: str
    outgoing: int | None
    subject: str
    text: str
    base: str
    """The version of the letter that the person had before them when they last wrote; empty for a note."""
    version: int
    """Grows with every change, so that two windows of one person do not overwrite each other."""
    begun: datetime
    touched: datetime

    @property
    def words(self) -> Wording:
        """What it would make of the letter."""
        return Wording(self.subject, self.text)


class DraftChangedError(RuntimeError):
    """The person's draft is not the version that they saw; `kept` is what stands there now, or None when it is gone."""

    def __init__(self, kept: Draft | None) -> None:
        super().__init__("the draft was changed in another window")
        self.kept = kept


def keep(  # noqa: PLR0913
    connection: Connection, place: Place, account: str, words: Wording, *, seen: int, base: str = ""
) -> int:
    """Keep these words in place of those of version `seen` (0 for none); the new version.

    The HTML of the wording is not kept. Raises DraftChangedError when another version is on file, and LetterGoneError
    when the letter does not wait any more.
    """
    if place.outgoing is not None:
        _expect_waiting(connection, place.outgoing)
    row = {"subject": as_text(words.subject), "text": as_text(words.text), "base": base}
    former = _find(connection, place, account)
    if former is None and seen == 0:
        mine = {"digest": place.digest, "outgoing": place.outgoing, "account": account}
        # Another window of the same person may begin at the same moment; that one then stands.
        begun = insert(draft).values(row | mine).on_conflict_do_nothing().returning(draft.c.version)
        if (version := connection.scalar(begun)) is not None:
            return int(version)
        former = _find(connection, place, account)
    if former is None or former.version != seen:
        raise DraftChangedError(former)
    now = {"version": seen + 1, "touched": func.clock_timestamp()}
    connection.execute(update(draft).where(draft.c.id == former.id).values(row | now))
    return seen + 1


def of_mail(connection: Connection, digest: str) -> tuple[Draft, ...]:
    """All drafts of a mail's letters and of notes on it, the one touched last first."""
    wanted = select(draft).where(draft.c.digest == digest).order_by(draft.c.touched.desc(), draft.c.id)
    return tuple(_draft(row) for row in connection.execute(wanted))


def drop(connection: Connection, place: Place, account: str) -> None:
    """Throw away the draft of this person; one that is not there is no mistake."""
    connection.execute(delete(draft).where(*_theirs(place, account)))


def drop_all(connection: Connection, outgoing_id: int) -> None:
    """Throw away everybody's drafts of a letter, because it leaves."""
    connection.execute(delete(draft).where(draft.c.outgoing == outgoing_id))


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody who has, or lately had, a mail before them."""

    account: str
    since: datetime
    """When they last opened it."""


def looking(connection: Connection, digest: str, *, now: datetime, within: timedelta) -> tuple[Onlooker, ...]:
    """Who opened the mail no longer ago than that, the latest first, each once."""
    last = func.max(reading.c.at)
    wanted = select(reading.c.account, last.label("at")).where(reading.c.digest == digest, reading.c.at > now - within)
    rows = connection.execute(wanted.group_by(reading.c.account).order_by(last.desc(), reading.c.account))
    return tuple(Onlooker(row.account, row.at) for row in rows)


def _expect_waiting(connection: Connection, outgoing_id: int) -> None:
    # A shared lock until the page is closed: nobody releases the letter, and throws its drafts away, in between.
    waits = (outgoing.c.id == outgoing_id, outgoing.c.withdrawn.is_(None), outgoing.c.state.in_(WAITING))
    if connection.scalar(select(outgoing.c.id).where(*waits).with_for_update(read=True)) is None:
        raise LetterGoneError(outgoing_id)


def _find(connection: Connection, place: Place, account: str) -> Draft | None:
    row = connection.execute(select(draft).where(*_theirs(place, account)).with_for_update()).one_or_none()
    return None if row is None else _draft(row)


def _theirs(place: Place, account: str) -> tuple[ColumnElement[bool], ...]:
    letter = draft.c.outgoing.is_not_distinct_from(place.outgoing)
    return draft.c.digest == place.digest, draft.c.account == account, letter


def _draft(row: Row[*tuple[object, ...]]) -> Draft:
    return Draft(**{name: getattr(row, name) for name in Draft.__slots__})
