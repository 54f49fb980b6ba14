"""Conversations with complainants: found by a secret token alone, wiped when their days are over."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from intake.chat import Enclosure, Turn
from register.chat_tables import conversation, enclosure
from register.record import as_text, restored, storable

KEPT_FOR = timedelta(days=7)
"""How long a conversation can be taken up again after its last words."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said and asked in a conversation, and what the person told of themselves."""

    turns: tuple[Turn, ...] = ()
    asked: tuple[str, ...] = ()
    """Questions that were answered or skipped."""
    name: str = ""
    mail: str = ""
    language: str = "nl"
    chosen: bool = False
    """Whether the person chose the language; otherwise it follows their words."""
    young: bool = False
    copy: bool = False
    """Whether the person wants a copy by mail."""
    copied: bool = False
    """Whether that copy lies ready."""
    told: tuple[int, ...] = ()
    """Places of the turns that a kept mail holds already."""
    dangers: tuple[str, ...] = ()
    """Danger classes that staff were alarmed about."""
    digests: tuple[str, ...] = ()
    """The mails that were made of it, oldest first."""

    @property
    def pending(self) -> tuple[int, ...]:
        """Places of the turns that no mail holds yet."""
        return tuple(place for place in range(len(self.turns)) if place not in self.told)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation on file."""

    number: int
    key: str
    """What names it outside the register; of no use to find it."""
    talk: Talk
    begun: datetime
    expires: datetime
    danger: datetime | None = None
    """When a sign of danger was first seen."""
    urgent: bool = False
    """Whether a person must see it today, though nothing says acute danger."""
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Enclosed:
    """An attachment of a conversation, without its content."""

    number: int
    name: str
    size: int
    told: bool
    """Whether a kept mail holds it, so that it cannot be taken back."""


def begin(connection: Connection, talk: Talk, token: str, now: datetime) -> bool:
    """Keep a new conversation that this token alone finds again; False when the token has one already."""
    row = {"hash": _hash(token), "record": storable(talk), "begun": now, "touched": now, "expires": now + KEPT_FOR}
    once = upsert(conversation).values(row | {"pending": bool(talk.turns)}).on_conflict_do_nothing(
        index_elements=["hash"]
    )  # fmt: skip
    return connection.execute(once).rowcount == 1


def find(connection: Connection, token: str, now: datetime) -> Conversation | None:
    """The conversation of that token, unless its days are over."""
    mine = (conversation.c.hash == _hash(token), conversation.c.expires > now)
    row = connection.execute(select(conversation).where(*mine)).one_or_none()
    return None if row is None else _read(row)


def take(connection: Connection, number: int) -> Conversation | None:
    """The conversation, locked until the page is closed; None when it was wiped."""
    row = connection.execute(select(conversation).where(conversation.c.id == number).with_for_update()).one_or_none()
    return None if row is None else _read(row)


def write(connection: Connection, one: Conversation, now: datetime, *, spoken: bool = True) -> None:
    """Keep what became of it; with `spoken` its days begin anew."""
    loose = connection.scalar(
        select(func.count()).where(enclosure.c.conversation == one.number, enclosure.c.told.is_(False))
    )
    values: dict[str, object] = {"record": storable(one.talk), "danger": one.danger, "urgent": one.urgent}
    values |= {"ended": one.ended, "pending": bool(one.talk.pending or loose)}
    values |= {"touched": now, "expires": now + KEPT_FOR} if spoken else {}
    connection.execute(update(conversation).where(conversation.c.id == one.number).values(values))


def forget(connection: Connection, number: int) -> None:
    """Wipe it at once."""
    connection.execute(delete(conversation).where(conversation.c.id == number))


def enclose(connection: Connection, number: int, one: Enclosure) -> int:
    """Add an attachment; its number."""
    row = {"conversation": number, "name": as_text(one.name), "type": one.media_type, "content": one.content}
    added = insert(enclosure).values(row | {"size": len(one.content)}).returning(enclosure.c.id)
    made = int(connection.execute(added).scalar_one())
    connection.execute(update(conversation).where(conversation.c.id == number).values(pending=True))
    return made


def withdraw(connection: Connection, number: int, which: int) -> None:
    """Take an attachment back that no mail holds yet."""
    mine = (enclosure.c.id == which, enclosure.c.conversation == number, enclosure.c.told.is_(False))
    connection.execute(delete(enclosure).where(*mine))


def enclosed(connection: Connection, number: int) -> tuple[Enclosed, ...]:
    """The attachments, in the order in which they came."""
    columns = (enclosure.c.id, enclosure.c.name, enclosure.c.size, enclosure.c.told)
    rows = connection.execute(select(*columns).where(enclosure.c.conversation == number).order_by(enclosure.c.id))
    return tuple(Enclosed(row.id, row.name, row.size, row.told) for row in rows)


def hand_over(connection: Connection, number: int) -> tuple[Enclosure, ...]:
    """The attachments that no mail holds yet, which from now on count as told."""
    mine = (enclosure.c.conversation == number, enclosure.c.told.is_(False))
    rows = connection.execute(select(enclosure).where(*mine).order_by(enclosure.c.id)).all()
    connection.execute(update(enclosure).where(*mine).values(told=True, content=b""))
    return tuple(Enclosure(row.name, row.type, row.content) for row in rows)


def waiting(connection: Connection, *, in_danger: datetime, others: datetime) -> tuple[int, ...]:
    """Conversations with words that must reach a person and fell silent: before `in_danger` or ended, or `others`."""
    touched = conversation.c.touched
    loud = or_(conversation.c.danger.is_not(None), conversation.c.ended.is_not(None))
    silent = or_(and_(loud, touched < in_danger), and_(conversation.c.urgent, touched < others))
    wanted = select(conversation.c.id).where(conversation.c.pending, silent).order_by(touched)
    return tuple(connection.scalars(wanted))


def uncopied(connection: Connection) -> tuple[Conversation, ...]:
    """Ended conversations of which the person wants a copy that does not lie ready yet."""
    wish = conversation.c.record.contains({"copy": True, "copied": False})
    rows = connection.execute(select(conversation).where(conversation.c.ended.is_not(None), wish))
    return tuple(_read(row) for row in rows)


def wipe(connection: Connection, now: datetime) -> int:
    """Wipe what can no longer be taken up again; how many. What must still reach a person stays until it did."""
    weighty = or_(conversation.c.danger.is_not(None), conversation.c.urgent, conversation.c.ended.is_not(None))
    over = conversation.c.expires <= now
    return connection.execute(delete(conversation).where(over, ~(conversation.c.pending & weighty))).rowcount


def _read(row: Row[tuple[object, ...]]) -> Conversation:
    talk = restored(Talk, row.record)
    moments = {"begun": row.begun, "expires": row.expires, "danger": row.danger, "ended": row.ended}
    return Conversation(row.id, row.hash[:24], talk, urgent=row.urgent, **moments)


def _hash(word: str) -> str:
    # A token is as random as a key, so a plain hash keeps it.
    return hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()


def said(talk: Talk, *turns: Turn, question: str = "") -> Talk:
    """The talk with these turns added, and the question that they belong to put aside."""
    asked = (*talk.asked, question) if question and question not in talk.asked else talk.asked
    return replace(talk, turns=(*talk.turns, *turns), asked=asked)
