"""What people change: they correct a judgement, finish work, or take it up again."""

from sqlalchemy import ColumnElement, Connection, Row, case, exists, select, update

from intake.message import Party
from register import clock, entering, events, file, file_tables, parties, parts, tables
from register.deadlines import day_of_receipt
from register.law import Law
from register.sealing import Key
from triage.assessment import Assessment
from triage.decision import Decision


class NotEnteredError(LookupError):
    """There is no message of that digest."""


def redecide(  # noqa: PLR0913
    connection: Connection,
    digest: str,
    assessment: Assessment,
    decision: Decision,
    *,
    account: str,
    law: Law,
    key: Key | None = None,
) -> bool:
    """Add the judgement and move the message where it belongs; whether letters that wait lost their ground."""
    item = tables.item
    before = connection.execute(select(item).where(item.c.digest == digest).with_for_update()).one_or_none()
    if before is None:
        raise NotEnteredError(digest)
    former = connection.scalar(select(tables.decision.c.record).where(tables.decision.c.id == before.decision)) or {}
    judgement = entering.judge(connection, assessment, decision, who=account)
    reference, joined = _destination(connection, before, decision, law, key)
    corrected = [name for name, fact in assessment.facts.items() if fact.found_by == f"persoon:{account}"]
    change = {"van": before.uitkomst, "naar": decision.uitkomst, "velden": corrected}
    where = {"dossier": reference or before.dossier, "digest": digest}
    events.write(connection, events.line(events.CORRECTED, who=account, **where, **change))
    now = entering.picture(decision) | {"decision": judgement, "dossier": reference, "joined": joined}
    regime = _regime(before, decision, law)
    now |= {"clocked": regime != "", "regime": regime, "due": clock.NO_TERM}
    now |= {"open": decision.uitkomst != "negeren" and (before.open or before.uitkomst == "negeren")}
    connection.execute(update(item).where(item.c.digest == digest).values(now))
    if before.dossier is not None and before.dossier != reference:
        _leave(connection, before.dossier, digest, reference, account, law)
    if reference is not None:
        if not joined:
            parts.propose(connection, reference, decision, regime)
        clock.set_clock(connection, reference, law)
    now_said = (decision.uitkomst, decision.brief, list(decision.instanties))
    return now_said != (former.get("uitkomst"), former.get("brief"), former.get("instanties"))


def settle(connection: Connection, digest: str, account: str) -> None:
    """Take a message off the list of open work."""
    _turn(connection, digest, account, open_=False, what=events.SETTLED)


def reopen(connection: Connection, digest: str, account: str) -> None:
    """Put a message back on the list of open work."""
    _turn(connection, digest, account, open_=True, what=events.REOPENED)


def _turn(connection: Connection, digest: str, account: str, *, open_: bool, what: str) -> None:
    item = tables.item
    turned = update(item).where(item.c.digest == digest, item.c.open != open_).values(open=open_)
    row = connection.execute(turned.returning(item.c.dossier)).one_or_none()
    if row is not None:
        events.write(connection, events.line(what, who=account, dossier=row.dossier, digest=digest))
        _close_or_open(connection, row.dossier, account)
        return
    if connection.scalar(select(item.c.digest).where(item.c.digest == digest)) is None:
        raise NotEnteredError(digest)


def _close_or_open(connection: Connection, reference: str | None, account: str) -> None:
    # A dossier closes with the last mail of it that is open work. A complaint that we must still answer stays open
    # until somebody closes it, or its terms would run out of sight.
    item = tables.item
    at_work = exists().where(item.c.dossier == reference, item.c.open) | _to_answer(reference)
    status = connection.scalar(select(case((at_work, "open"), else_="gesloten")))
    file.turn(connection, reference, status, account)


def _to_answer(reference: str | None) -> ColumnElement[bool]:
    one, part = tables.dossier, file_tables.part
    # A complaint that was refused gets its reasons and no further answer.
    waits = (one.c.reference == reference, one.c.answered.is_(None), one.c.admissible.is_distinct_from(False))
    mine = exists().where(*waits, one.c.handler.is_not(None))
    running = exists().where(*waits, one.c.day_zero.is_not(None))
    # A part that was referred or was a question ends with its letter.
    ours = exists().where(part.c.dossier == reference, part.c.stream.not_in(("doorverwezen", "beantwoord")))
    return mine | (running & ours)


def _destination(
    connection: Connection, before: Row[*tuple[object, ...]], decision: Decision, law: Law, key: Key | None
) -> tuple[str | None, bool]:
    """The dossier after the correction, and whether the message was added to it."""
    if decision.uitkomst == "negeren":
        return None, False
    if decision.uitkomst == "toevoegen":
        if decision.dossier is not None and decision.dossier == before.dossier:
            return before.dossier, before.joined
        if (reference := entering.place(connection, before.digest, decision)) is not None:
            return reference, True
        if before.dossier is not None:
            return before.dossier, before.joined
    elif before.dossier is not None and not before.joined:
        return before.dossier, False
    row = connection.execute(select(tables.message).where(tables.message.c.digest == before.digest)).one()
    writer = Party(row.sender_name, row.sender_address)
    regime = _regime(before, decision, law)
    opened = entering.open_dossier(connection, writer, row.received, regime, law)
    events.write(connection, *entering.opening(opened, before.digest))
    parties.add_writer(connection, opened.reference, writer, regime, key=key, law=law)
    return opened.reference, False


def _regime(before: Row[*tuple[object, ...]], decision: Decision, law: Law) -> str:
    day = day_of_receipt(before.received)
    return clock.regime_of(law, decision.soort, decision.uitkomst, decision.regel, day)


def _leave(connection: Connection, reference: str, digest: str, now: str | None, account: str, law: Law) -> None:  # noqa: PLR0913, PLR0917
    events.write(connection, events.line(events.LEFT, who=account, dossier=reference, digest=digest, ander=now))
    clock.set_clock(connection, reference, law)
    if not connection.scalar(select(exists().where(tables.item.c.dossier == reference))):
        lapsed = update(tables.dossier).where(tables.dossier.c.reference == reference).values(status="vervallen")
        connection.execute(lapsed)
        events.write(connection, events.line(events.LAPSED, who=account, dossier=reference))
