"""Everything on one mail or one dossier, as a person reads it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from intake.message import Message
from register import entering, letters, listing, tables
from register.dossier import Dossier, Event
from register.listing import Item
from register.outgoing import Dispatch
from register.record import restored
from triage.assessment import Assessment
from triage.decision import Decision


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was understood and concluded at one moment, by the program or by a person."""

    at: datetime
    who: str
    assessment: Assessment
    decision: Decision


@dataclass(frozen=True, slots=True)
class Record:
    """One message with all that was ever held about it."""

    item: Item
    message: Message
    judgements: tuple[Judgement, ...]
    """Oldest first; the last one is in force."""
    dossier: Dossier | None
    linked: str | None
    """A dossier that it surely belongs to as well, though it was not added to it."""
    suggestion: str | None
    """A dossier that it cites without proof."""
    letters: tuple[Dispatch, ...]
    events: tuple[Event, ...]
    shunted: bool
    """Whether it could not be treated by the program."""

    @property
    def assessment(self) -> Assessment:
        """The assessment in force."""
        return self.judgements[-1].assessment

    @property
    def decision(self) -> Decision:
        """The decision in force."""
        return self.judgements[-1].decision


@dataclass(frozen=True, slots=True)
class File:
    """One dossier with its messages, letters and events."""

    dossier: Dossier
    items: tuple[Item, ...]
    letters: tuple[Dispatch, ...]
    events: tuple[Event, ...]


def record(connection: Connection, digest: str) -> Record | None:
    """The record of a message, or None."""
    shown = listing.items_of(connection, tables.item.c.digest == digest)
    if not shown:
        return None
    row = connection.execute(select(tables.message).where(tables.message.c.digest == digest)).one()
    state = connection.scalar(select(tables.raw_mail.c.state).where(tables.raw_mail.c.digest == digest))
    return Record(
        item=shown[0],
        message=restored(Message, row.record),
        judgements=_judgements(connection, digest),
        dossier=entering.dossier_of(connection, digest),
        linked=row.linked,
        suggestion=row.suggestion,
        letters=letters.of(connection, digest=digest),
        events=tuple(events(connection, digest=digest)),
        shunted=state == "vastgelopen",
    )


def file(connection: Connection, reference: str) -> File | None:
    """The file of a dossier, or None."""
    reference = reference.strip().upper()
    row = connection.execute(select(tables.dossier).where(tables.dossier.c.reference == reference)).one_or_none()
    if row is None:
        return None
    return File(
        dossier=entering.as_dossier(row),
        items=listing.items_of(connection, tables.item.c.dossier == reference),
        letters=letters.of(connection, reference=reference),
        events=tuple(events(connection, reference=reference)),
    )


def events(connection: Connection, *, digest: str | None = None, reference: str | None = None) -> list[Event]:
    """What happened to a mail or a dossier, oldest first."""
    table = tables.event
    wanted = select(table).order_by(table.c.id)
    wanted = wanted.where(table.c.digest == digest) if digest is not None else wanted
    wanted = wanted.where(table.c.dossier == reference) if reference is not None else wanted
    names = ("at", "who", "what", "dossier", "digest", "detail")
    return [Event(**{name: getattr(row, name) for name in names}) for row in connection.execute(wanted)]


def _judgements(connection: Connection, digest: str) -> tuple[Judgement, ...]:
    seen, judged = tables.assessment, tables.decision
    rows = connection.execute(
        select(judged.c.at, judged.c.who, seen.c.record.label("seen"), judged.c.record.label("judged"))
        .join_from(judged, seen, seen.c.id == judged.c.assessment)
        .where(judged.c.digest == digest)
        .order_by(judged.c.id)
    )
    return tuple(
        Judgement(row.at, row.who, restored(Assessment, row.seen), restored(Decision, row.judged)) for row in rows
    )
