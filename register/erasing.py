"""Erasure in place: what leads to a person goes, what counts in the statistics stays, and the chain stays whole."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import array

from intake.message import Message
from register import events, tables
from register import file_tables as around
from register.chat_tables import conversation
from register.outgoing import Outgoing
from register.record import Json, restored, storable
from register.trust_tables import chain
from triage.assessment import Assessment
from triage.decision import Decision

Kind = TypeVar("Kind")
# What an event may keep: classes, numbers, days and references, and no words of people.
_KEPT = frozenset(
    {
        "uitkomst",
        "regel",
        "bevestigen_voor",
        "antwoorden_voor",
        "regeling",
        "brief",
        "sjabloon",
        "van",
        "naar",
        "velden",
    }
    | {
        "definitief",
        "grond",
        "vanaf",
        "dagen",
        "op",
        "aangekondigd",
        "deel",
        "persoon",
        "rol",
        "taak",
        "tegen",
        "bijdrage",
    }
    | {"actie", "document", "band", "ander", "wissing", "besluit", "organisator", "locatie", "was", "nu"}
)
_CLASSES = frozenset(column.name for table in (tables.dossier, around.part) for column in table.c) - frozenset(
    {"subject", "reasoning", "hold", "sender_name", "sender_address", "department"}
)
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,60}")
_STAYS = frozenset({"digest", "channel", "received", "letter", "language", "message_id_of_letter"})


def erase(connection: Connection, *, reference: str | None, digest: str | None, number: int, now: datetime) -> None:
    """Erase the persons of a dossier, or of a mail without one, on disposal `number`.

    Covers raw mail, text, search index, attachments, letters, drafts, judgements, events, parties, documents and notes.
    """
    connection.execute(text("set local klachtwijzer.erasing = 'on'"))
    mails = _mails(connection, reference, digest)
    _judgements(connection, mails, number)
    _events(connection, reference, mails, number)
    _messages(connection, mails)
    connection.execute(delete(around.draft).where(around.draft.c.digest.in_(mails)))
    _letters(connection, reference, mails, now)
    if reference is not None:
        _file(connection, reference, now)
    connection.execute(text("set local klachtwijzer.erasing = 'off'"))
    line = events.line(events.ERASED, dossier=reference, digest=digest, besluit=number)
    events.write(connection, line)


def blanked(value: Kind) -> Kind:
    """A value of the same kind without words: texts, lists and mappings empty, digests and moments as they were."""
    if not is_dataclass(value):
        return value
    emptied: dict[str, object] = {}
    for field in fields(value):
        if field.name in _STAYS:
            continue
        part = getattr(value, field.name)
        if isinstance(part, str):
            emptied[field.name] = ""
        elif isinstance(part, tuple):
            emptied[field.name] = ()
        elif isinstance(part, Mapping):
            emptied[field.name] = {}
        elif is_dataclass(part):
            emptied[field.name] = blanked(part)
    return replace(value, **emptied)  # type: ignore[type-var]


def _mails(connection: Connection, reference: str | None, digest: str | None) -> list[str]:
    if reference is None:
        return [digest or ""]
    mine = select(tables.item.c.digest).where(tables.item.c.dossier == reference)
    return list(connection.scalars(mine))


def _judgements(connection: Connection, mails: list[str], number: int) -> None:
    for table in (tables.assessment, tables.decision):
        mine = table.c.digest.in_(mails)
        rows = connection.execute(select(table.c.id, table.c.record).where(mine)).all()
        bare = _bare_assessment if table is tables.assessment else _bare_decision
        if rows:
            changed = update(table).where(table.c.id == bindparam("row_id")).values(record=bindparam("bare"))
            connection.execute(changed, [{"row_id": row.id, "bare": bare(row.record)} for row in rows])
        _unsalt(connection, table.name, [row.id for row in rows], number)


def _bare_assessment(record: Json) -> Json:
    assessment = restored(Assessment, record)
    plain = {
        name: replace(fact, evidence=())
        for name, fact in assessment.facts.items()
        if not isinstance(fact.value, str) or _SLUG.fullmatch(fact.value)
    }
    bare = {name: storable(fact) for name, fact in plain.items()}
    emptied = storable(blanked(assessment))
    return {**emptied, "facts": bare, "rulebook": assessment.rulebook, "model": assessment.model}


def _bare_decision(record: Json) -> Json:
    decision = restored(Decision, record)
    bare: Json = storable(replace(decision, reasons=(), trials=(), known=None))
    return bare


def _events(connection: Connection, reference: str | None, mails: list[str], number: int) -> None:
    event = tables.event
    mine: ColumnElement[bool] = event.c.digest.in_(mails)
    mine = mine if reference is None else or_(mine, event.c.dossier == reference)
    rows = connection.execute(select(event.c.id, event.c.detail).where(mine)).all()
    if rows:
        changed = update(event).where(event.c.id == bindparam("row_id")).values(detail=bindparam("bare"))
        connection.execute(changed, [{"row_id": row.id, "bare": _bare_event(row.detail)} for row in rows])
    _unsalt(connection, event.name, [row.id for row in rows], number)


def _bare_event(detail: Json) -> Json:
    bare = {name: value for name, value in detail.items() if name in _KEPT}
    for name in ("was", "nu"):
        if isinstance(bare.get(name), dict):
            bare[name] = {key: value for key, value in bare[name].items() if key in _CLASSES}
        else:
            # The former words of a letter.
            bare.pop(name, None)
    return {name: value for name, value in bare.items() if not isinstance(value, str) or len(value) <= 60}


def _unsalt(connection: Connection, source: str, rows: list[int], number: int) -> None:
    mine = (chain.c.source == source, chain.c.row.in_(rows))
    connection.execute(update(chain).where(*mine).values(salt=None, erased=number))


def _messages(connection: Connection, mails: list[str]) -> None:
    message, raw = tables.message, tables.raw_mail
    for row in connection.execute(select(message.c.digest, message.c.record).where(message.c.digest.in_(mails))).all():
        bare = storable(blanked(restored(Message, row.record)))
        empty = {"sender_name": "", "sender_address": "", "subject": "", "message_id": "", "record": bare}
        nothing = func.to_tsvector("simple", "")
        connection.execute(update(message).where(message.c.digest == row.digest).values(**empty, search=nothing))
    gone: dict[str, object] = {
        "raw": b"",
        "sender": "",
        "recipients": [],
        "peer": "",
        "message_id": "",
        "twin": None,
        "state": "gewist",
    }
    connection.execute(update(raw).where(raw.c.digest.in_(mails)).values(gone))
    connection.execute(delete(tables.heard).where(tables.heard.c.digest.in_(mails)))
    # A conversation that made one of these mails may still stand open for some days.
    made_by = conversation.c.record["digests"].has_any(array(mails))
    connection.execute(delete(conversation).where(made_by))


def _letters(connection: Connection, reference: str | None, mails: list[str], now: datetime) -> None:
    """What was written, the proof copy of what left with it; a letter that still waits can no longer leave."""
    letter = tables.outgoing
    mine: ColumnElement[bool] = letter.c.digest.in_(mails)
    mine = mine if reference is None else or_(mine, letter.c.dossier == reference)
    for row in connection.execute(select(letter.c.id, letter.c.record).where(mine)).all():
        former = restored(Outgoing, row.record)
        bare = replace(blanked(former), bodies=former.bodies)
        values = {"record": storable(bare), "recipient": "", "why": ""}
        connection.execute(update(letter).where(letter.c.id == row.id).values(values))
    waits = (mine, letter.c.withdrawn.is_(None), letter.c.state != "verzonden")
    connection.execute(update(letter).where(*waits).values(withdrawn=now))


def _file(connection: Connection, reference: str, now: datetime) -> None:
    blank: list[tuple[object, dict[str, object]]] = [
        (
            around.party,
            {f"{what}_{kind}": None for what in ("name", "birth", "number", "contact") for kind in ("sealed", "mark")},
        ),
        (around.task, {"what": ""}),
        (around.contribution, {"question": "", "answer": ""}),
        (around.improvement, {"what": ""}),
        (around.document, {"content": b"", "name": ""}),
        (around.part, {"subject": "", "reasoning": ""}),
        (around.conclusion, {"ground_words": "", "finding_words": "", "satisfaction_words": ""}),
    ]
    for table, empty in blank:
        mine = table.c.dossier == reference  # type: ignore[attr-defined]
        connection.execute(update(table).where(mine).values(empty))  # type: ignore[arg-type]
    connection.execute(
        update(around.party)
        .where(around.party.c.dossier == reference, around.party.c.removed.is_(None))
        .values(removed=now)
    )
    empty = {"sender_name": "", "sender_address": "", "anonymised": now}
    connection.execute(update(tables.dossier).where(tables.dossier.c.reference == reference).values(empty))
