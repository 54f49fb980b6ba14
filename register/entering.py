"""A mail becomes a message on file: judged, numbered, with its terms set."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from intake.message import Message, Party
from register import clock, events, file, imprint, mail, parties, parts, tables
from register.clock import NO_TERM
from register.deadlines import day_of_receipt
from register.dossier import Dossier
from register.law import Law
from register.lookup import correspondent
from register.record import as_text, storable
from register.sealing import Key
from triage.assessment import Assessment
from triage.decision import Decision, Known, Reason
from triage.vocabulary import DRINGENDHEDEN

_SEARCHED = 100_000


class AlreadyEnteredError(RuntimeError):
    """The mail was never kept, or was entered before: writing it again would make two of one."""


def enter(  # noqa: PLR0913
    connection: Connection,
    message: Message,
    assessment: Assessment,
    decision: Decision,
    *,
    known: Known,
    law: Law,
    key: Key | None = None,
) -> Dossier | None:
    """Store message, assessment and decision, and give the message its dossier."""
    if not mail.advance(connection, message.digest):
        raise AlreadyEnteredError(message.digest)
    regime = clock.regime_of(law, decision.soort, decision.uitkomst, decision.regel, decision.on)
    _store(connection, message, decision, known)
    judgement = judge(connection, assessment, decision, who=events.PROGRAM)
    opened, joined = None, place(connection, message.digest, decision)
    if joined is None and decision.uitkomst != "negeren":
        opened = open_dossier(connection, correspondent(message), message.envelope.received, regime, law)
        parts.propose(connection, opened.reference, decision, regime, channel=message.envelope.channel)
    reference = joined or (opened.reference if opened else None)
    events.write(connection, *_story(message.digest, decision, known, opened, reference))
    if opened is not None:
        parties.add_writer(connection, opened.reference, opened.sender, regime, key=key, law=law)
    row = {"digest": message.digest, "open": decision.uitkomst != "negeren", "received": message.envelope.received}
    row |= {
        "due": opened.next_due or NO_TERM if opened else NO_TERM,
        "clocked": regime != "",
        "joined": joined is not None,
    }
    row |= {"dossier": reference, "decision": judgement, "regime": regime}
    connection.execute(insert(tables.item).values(row | picture(decision)))
    if joined is None:
        return opened
    clock.set_clock(connection, joined, law)
    return dossier_of(connection, message.digest)


def shunt(  # noqa: PLR0913, PLR0917
    connection: Connection, digest: str, why: str, message: Message | None, law: Law, key: Key | None = None
) -> Dossier | None:
    """Enter a mail nobody could treat, so that a person sees it today."""
    envelope = mail.envelope(connection, digest)
    if envelope is None or mail.take(connection, digest) is None:
        return None
    if message is None:
        number = imprint.message_id(mail.raw(connection, digest) or b"")
        message = Message(
            digest, envelope, number, None, Party("", envelope.sender), None, (), "", "", (), faults=(why,)
        )
    told = Reason("Dit bericht kon niet automatisch behandeld worden. Een medewerker moet het zelf lezen.")
    decision = Decision(
        soort="overig", sector="buiten", decreten=(), betrokkene="onbekend", uitkomst="beoordelen", instanties=(),
        gevaar=(), dringendheid="vandaag", ontbreekt=(), ontvankelijkheid=(), taal="", reasons=(told,),
        on=day_of_receipt(envelope.received),
    )  # fmt: skip
    events.write(connection, events.line(events.SHUNTED, digest=digest, waarom=why))
    opened = enter(connection, message, Assessment(digest, {}), decision, known=Known(register=True), law=law, key=key)
    mail.mark_shunted(connection, digest)
    # It may well be a complaint, and a term that runs in vain harms nobody.
    started = update(tables.item).where(tables.item.c.digest == digest)
    connection.execute(started.values(clocked=True, regime=clock.COMPLAINT))
    if opened is not None:
        parts.count(connection, opened.reference)
        clock.set_clock(connection, opened.reference, law)
    return dossier_of(connection, digest)


def judge(connection: Connection, assessment: Assessment, decision: Decision, *, who: str) -> int:
    """Add an assessment and the decision that followed; returns the number of the decision."""
    digest = assessment.digest
    seen = insert(tables.assessment).values(digest=digest, who=who, record=storable(assessment))
    judged = insert(tables.decision).values(
        digest=digest,
        assessment=connection.scalar(seen.returning(tables.assessment.c.id)),
        who=who,
        uitkomst=decision.uitkomst,
        record=storable(decision),
    )
    return int(connection.execute(judged.returning(tables.decision.c.id)).scalar_one())


def picture(decision: Decision) -> dict[str, object]:
    """What the work list sorts and filters by."""
    names = ("uitkomst", "soort", "sector", "dringendheid", "betrokkene", "taal")
    shown: dict[str, object] = {name: as_text(getattr(decision, name)) for name in names}
    return shown | {"rank": DRINGENDHEDEN.index(decision.dringendheid)}


def place(connection: Connection, digest: str, decision: Decision) -> str | None:
    """The dossier that a decision `toevoegen` names, when it exists; the mail is noted on it."""
    if decision.uitkomst != "toevoegen" or decision.dossier is None:
        return None
    named = select(tables.dossier.c.reference).where(tables.dossier.c.reference == decision.dossier)
    reference = connection.scalar(named.with_for_update())
    if reference is not None:
        # A closed file that gets mail is work again.
        file.turn(connection, reference, "open", events.PROGRAM)
        events.write(connection, events.line(events.ADDED, dossier=reference, digest=digest))
    return reference


def open_dossier(connection: Connection, writer: Party, received: datetime, regime: str, law: Law) -> Dossier:
    """A new dossier with the next number of the year of receipt; an undone page gives its number back."""
    day = day_of_receipt(received)
    counter = upsert(tables.year_counter).values(year=day.year, last=1)
    raised = counter.on_conflict_do_update(index_elements=["year"], set_={"last": tables.year_counter.c.last + 1})
    number = connection.execute(raised.returning(tables.year_counter.c.last)).scalar_one()
    terms = clock.terms(law, regime, day)
    opened = Dossier(f"KW-{day.year}-{number:05d}", day, writer, *terms)
    row = {"reference": opened.reference, "year": day.year, "number": number, "opened": day}
    row |= {"sender_name": writer.name, "sender_address": writer.address}
    row |= {"due_ack": opened.due_ack, "due_answer": opened.due_answer}
    row |= {"regime": regime, "day_zero": day if regime else None}
    connection.execute(insert(tables.dossier).values(row))
    return opened


def opening(opened: Dossier, digest: str | None) -> list[dict[str, object]]:
    """The events of a new dossier."""
    lines = [events.line(events.OPENED, dossier=opened.reference, digest=digest)]
    if opened.next_due is not None:
        terms = {"bevestigen_voor": opened.due_ack, "antwoorden_voor": opened.due_answer}
        lines.append(events.told(events.CLOCK_SET, events.PROGRAM, opened.reference, terms))
    return lines


def dossier_of(connection: Connection, digest: str) -> Dossier | None:
    """The dossier that a message belongs to."""
    joined = tables.dossier.join(tables.item, tables.item.c.dossier == tables.dossier.c.reference)
    row = connection.execute(select(tables.dossier).select_from(joined).where(tables.item.c.digest == digest))
    return next((as_dossier(found) for found in row), None)


def as_dossier(row: object) -> Dossier:
    """The value of a row of `dossier`."""
    names = ("reference", "opened", "due_ack", "due_answer", "acknowledged", "status", "answered", "handler")
    sender = Party(getattr(row, "sender_name"), getattr(row, "sender_address"))  # noqa: B009
    return Dossier(sender=sender, **{name: getattr(row, name) for name in names})


def _store(connection: Connection, message: Message, decision: Decision, known: Known) -> None:
    writer = correspondent(message)
    dutch, plain = "dutch", "simple"
    subject, body = as_text(message.subject), as_text(message.text)[:_SEARCHED]
    search = func.to_tsvector(dutch, subject[:_SEARCHED]).op("||")(
        func.to_tsvector(plain, f"{writer.name} {writer.address}").op("||")(func.to_tsvector(dutch, body))
    )
    row: dict[str, object] = {"digest": message.digest, "message_id": as_text(message.message_id), "sent": message.sent}
    row |= {"received": message.envelope.received, "sender_name": writer.name, "sender_address": writer.address}
    row |= {"subject": subject, "record": storable(message), "search": search}
    row |= {"linked": _other(decision, known), "suggestion": known.suggestion}
    connection.execute(insert(tables.message).values(row))


def _other(decision: Decision, known: Known) -> str | None:
    # The mail belongs to that dossier as well, but asks for more than adding: a danger, a new matter, an answer of
    # a machine. Whoever works on either must see that.
    added = decision.uitkomst == "toevoegen" and decision.dossier == known.dossier
    return None if added else known.dossier


def _story(
    digest: str, decision: Decision, known: Known, opened: Dossier | None, reference: str | None
) -> list[dict[str, object]]:
    lines = [events.line(events.ENTERED, digest=digest, uitkomst=decision.uitkomst, regel=decision.regel)]
    lines += opening(opened, digest) if opened else []
    if known.suggestion:
        lines.append(events.line(events.SUGGESTED, dossier=reference, digest=digest, ander=known.suggestion))
    if other := _other(decision, known):
        what = events.RETURNED if reference is None else events.LINKED
        lines.append(events.line(what, dossier=other, digest=digest, ander=reference))
    return lines
