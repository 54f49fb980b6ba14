"""One timeline of a dossier: mails in, letters out, contributions, documents, and what people and program did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, func, select

from register import events, reading, work
from register.dossier import Event
from register.tables import event as written

Kind = Literal["bericht", "brief", "bijdrage", "document", "gebeurtenis"]
# These say what a moment of another kind shows better.
_SHOWN_ELSEWHERE = frozenset({events.ENTERED, events.SENT, events.ASKED, events.CONTRIBUTED, events.DOCUMENTED})


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing on the timeline."""

    at: datetime
    kind: Kind
    who: str
    what: str
    """A subject, a name or the word of an event; never the text of a mail or a letter."""
    key: str
    """A mail's digest, or the number of a letter, contribution or document; empty for an event."""
    incoming: bool = False
    detail: Mapping[str, object] = field(default_factory=dict)
    """What an event tells; empty for another kind."""


def timeline(connection: Connection, reference: str) -> tuple[Moment, ...]:
    """Everything in a dossier in order of time; empty when there is no such dossier."""
    file = reading.file(connection, reference)
    if file is None:
        return ()
    moments = [
        Moment(item.received, "bericht", item.sender_name or item.sender_address, item.subject, item.digest, True)
        for item in file.items
    ]
    for letter in file.letters:
        who = letter.released_by or events.PROGRAM
        moments.append(Moment(letter.sent or letter.made, "brief", who, letter.outgoing.subject, str(letter.id)))
    for one in work.contributions(connection, file.dossier.reference):
        moments.append(Moment(one.asked, "bijdrage", one.asked_by, f"gevraagd aan {one.department}", str(one.id)))
        if one.answered is not None:
            told = f"antwoord van {one.department}"
            moments.append(Moment(one.answered, "bijdrage", one.answered_by, told, str(one.id), True))
    for one_ in work.documents(connection, file.dossier.reference):
        moments.append(Moment(one_.at, "document", one_.account, one_.name, str(one_.id)))
    moments += [
        Moment(event.at, "gebeurtenis", event.who, event.what, "", detail=event.detail)
        for event in file.events
        if event.what not in _SHOWN_ELSEWHERE
    ]
    return tuple(sorted(moments, key=lambda moment: (moment.at, moment.kind, moment.key)))


def version(connection: Connection, reference: str) -> int:
    """Changes with everything that happens in a dossier: the number of its last event."""
    return connection.scalar(select(func.max(written.c.id)).where(written.c.dossier == reference)) or 0


def since(connection: Connection, reference: str, seen: int) -> tuple[Event, ...]:
    """What happened in a dossier after somebody saw that version, oldest first."""
    later = select(written).where(written.c.dossier == reference, written.c.id > seen).order_by(written.c.id)
    names = ("at", "who", "what", "dossier", "digest", "detail")
    return tuple(Event(**{name: getattr(row, name) for name in names}) for row in connection.execute(later))
