"""Letters on file: held, revised, released, claimed for one try, sent, failed or come back."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Row, and_, bindparam, exists, func, insert, not_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from intake.message import Report
from register import events, jobs, tables
from register.clock import set_clock
from register.halt import halted
from register.law import Law
from register.outgoing import Dispatch, Outgoing, State, Wording
from register.record import as_text, restored, storable

UNCERTAIN = "Het versturen werd onderbroken; het is niet zeker of deze brief vertrok."
TWICE = "Deze persoon kreeg onlangs al een brief die vanzelf vertrok: een medewerker beslist over de volgende."
APART = timedelta(days=14)
WAITING: tuple[State, ...] = ("concept", "vastgehouden", "mislukt")
"""The states in which a letter can still be reworded, taken back or released."""
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
_GIVE_UP = timedelta(days=5)
_letter = tables.outgoing


class LetterGoneError(LookupError):
    """There is no such letter, or it left, is leaving, or was taken back."""


# The moment, the state and the guard are what the caller alone knows.
def hold(  # noqa: PLR0913
    connection: Connection,
    reference: str | None,
    outgoing: Outgoing,
    *,
    state: State,
    now: datetime,
    apart: timedelta = APART,
) -> int:
    """Keep a letter once per mail and template; a released one gets its job in this transaction.

    Within `apart` nobody gets a second letter that left by itself: that one waits for a person.
    """
    if state == "vrijgegeven" and _had_one(connection, outgoing, now - apart):
        state, outgoing = "vastgehouden", replace(outgoing, automatic=False, held_because=TWICE)
    leaves = state == "vrijgegeven"
    if not outgoing.message_id:
        domain = outgoing.sender.address.rpartition("@")[2] or "localhost"
        number = f"{(reference or 'kw').lower()}.{secrets.token_hex(10)}@{domain}"
        outgoing = replace(outgoing, message_id=number)
    row: dict[str, object] = {
        "digest": outgoing.digest,
        "letter": outgoing.letter,
        "dossier": reference,
        "automatic": leaves,
    }
    row |= {"recipient": as_text(outgoing.to.address).strip().lower(), "message_id": as_text(outgoing.message_id)}
    row |= {"record": storable(outgoing), "why": as_text(outgoing.held_because)}
    row |= {"state": state}
    row |= {"released": now, "released_by": events.PROGRAM} if leaves else {}
    once = upsert(_letter).values(row).on_conflict_do_nothing(
        index_elements=["digest", "letter"], index_where=_letter.c.withdrawn.is_(None)
    )  # fmt: skip
    number_of_letter: int | None = connection.scalar(once.returning(_letter.c.id))
    if number_of_letter is None:
        same = (_letter.c.digest == outgoing.digest, _letter.c.letter == outgoing.letter)
        return int(connection.execute(select(_letter.c.id).where(*same, _letter.c.withdrawn.is_(None))).scalar_one())
    _note(connection, events.COMPOSED, reference, outgoing.digest, brief=number_of_letter, sjabloon=outgoing.letter)
    if leaves:
        _note(connection, events.RELEASED, reference, outgoing.digest, brief=number_of_letter)
        jobs.defer(connection, jobs.POST, [{"outgoing": number_of_letter}])
    return number_of_letter


def _had_one(connection: Connection, outgoing: Outgoing, since: datetime) -> bool:
    """Whether a letter left by itself to this address since then; locks the address until the page is closed.

    `decide` looks as well, but two mails of one writer may be decided at the same moment.
    """
    recipient = as_text(outgoing.to.address).strip().lower()
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(recipient, 0))))
    same = (_letter.c.digest == outgoing.digest, _letter.c.letter == outgoing.letter)
    other = exists().where(
        _letter.c.automatic,
        _letter.c.recipient == recipient,
        _letter.c.withdrawn.is_(None),
        _letter.c.state.in_(("vrijgegeven", "verzonden")),
        _letter.c.released > since,
        not_(and_(*same)),
    )
    return bool(connection.scalar(select(other)))


def revise(connection: Connection, outgoing_id: int, account: str, words: Wording) -> None:
    """New words for a letter that waits; the former ones go into the event."""
    row = _waiting(connection, outgoing_id)
    former = restored(Outgoing, row.record)
    changed = replace(former, subject=words.subject, text=words.text, html=words.html)
    _change(
        connection, outgoing_id, record=storable(changed), state="vastgehouden" if row.state == "concept" else row.state
    )
    was = {"onderwerp": former.subject, "tekst": former.text, "html": former.html}
    _note(connection, events.REVISED, row.dossier, row.digest, who=account, brief=outgoing_id, was=was)


def release(connection: Connection, outgoing_id: int, account: str, *, now: datetime) -> None:
    """A person lets the letter leave."""
    row = _waiting(connection, outgoing_id)
    _change(
        connection,
        outgoing_id,
        state="vrijgegeven",
        released=now,
        released_by=account,
        automatic=False,
        why="",
        tries=0,
    )
    _note(connection, events.RELEASED, row.dossier, row.digest, who=account, brief=outgoing_id)
    jobs.defer(connection, jobs.POST, [{"outgoing": outgoing_id}])


def withdraw(connection: Connection, outgoing_id: int, account: str, *, now: datetime) -> None:
    """A person takes the letter back before it left."""
    row = _waiting(connection, outgoing_id)
    _change(connection, outgoing_id, withdrawn=now)
    _note(connection, events.WITHDRAWN, row.dossier, row.digest, who=account, brief=outgoing_id)


def withdraw_waiting(connection: Connection, digest: str, account: str, *, now: datetime) -> None:
    """Take back what was composed for this mail and waits for release; a failed letter may have left, and stays."""
    of_mail = (_letter.c.digest == digest, _letter.c.withdrawn.is_(None))
    waiting = select(_letter.c.id).where(*of_mail, _letter.c.state.in_(("concept", "vastgehouden")))
    for outgoing_id in connection.scalars(waiting).all():
        withdraw(connection, outgoing_id, account, now=now)


def claim(connection: Connection, engine: Engine, outgoing_id: int, *, now: datetime) -> Dispatch | None:
    """Lock a released letter and record that a try begins, before anything is sent."""
    if halted(connection) is not None:
        return None
    wanted = select(_letter).where(
        _letter.c.id == outgoing_id, _letter.c.state == "vrijgegeven", _letter.c.withdrawn.is_(None)
    )
    # A letter that another worker is posting right now is not ours to wait for.
    row = connection.execute(wanted.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    running = exists().where(tables.attempt.c.outgoing == outgoing_id, tables.attempt.c.ended.is_(None))
    if connection.scalar(select(running)):
        # We hold the letter's lock, so nobody is posting it: the process that began this try died.
        failed(connection, outgoing_id, UNCERTAIN, permanent=True, now=now)
        return None
    with engine.begin() as apart:
        apart.execute(insert(tables.attempt).values(outgoing=outgoing_id))
    return _as_dispatch(row)


# What the relay said and what it took belong to the same moment.
def sent(  # noqa: PLR0913
    connection: Connection,
    outgoing_id: int,
    message_id: str,
    *,
    now: datetime,
    law: Law,
    copy: str = "",
    answer: str = "",
) -> None:
    """The letter left, as `copy` shows; the first one that does acknowledges the dossier."""
    _end_attempt(connection, outgoing_id, now)
    left = connection.execute(select(_letter.c.record).where(_letter.c.id == outgoing_id)).scalar_one()
    changed: dict[str, object] = {
        "record": storable(replace(restored(Outgoing, left), copy=as_text(copy), answer=as_text(answer)))
    }
    changed |= {"message_id": as_text(message_id)} if message_id else {}
    row = _change(connection, outgoing_id, state="verzonden", sent=now, why="", **changed)
    _note(connection, events.SENT, row.dossier, row.digest, brief=outgoing_id)
    dossier = tables.dossier
    if row.dossier is not None:
        first = update(dossier).where(dossier.c.reference == row.dossier, dossier.c.acknowledged.is_(None))
        connection.execute(first.values(acknowledged=now))
        set_clock(connection, row.dossier, law)


def failed(connection: Connection, outgoing_id: int, why: str, *, permanent: bool, now: datetime) -> None:
    """The letter did not leave; plan the next try, unless it makes no sense or five days went by."""
    _end_attempt(connection, outgoing_id, now)
    row = connection.execute(select(_letter).where(_letter.c.id == outgoing_id)).one()
    permanent = permanent or now - (row.released or row.made) > _GIVE_UP
    state: State = "mislukt" if permanent else "vrijgegeven"
    _change(connection, outgoing_id, state=state, why=as_text(why), tries=row.tries + 1)
    _note(connection, events.FAILED, row.dossier, row.digest, brief=outgoing_id, waarom=why, definitief=permanent)
    if not permanent:
        pause = _PAUSES[min(row.tries, len(_PAUSES) - 1)]
        jobs.defer(connection, jobs.POST, [{"outgoing": outgoing_id}], at=now + pause)


def came_back(connection: Connection, reports: Iterable[Report]) -> tuple[int, ...]:
    """Show as failed each letter of ours that a report says could not be delivered; their ids.

    Only who had the letter knows its Message-ID, so that nobody can fail a letter of somebody else.
    """
    found: list[int] = []
    for report in reports:
        if report.kind != "bezorging" or report.action != "failed" or not report.original_id:
            continue
        ours = select(_letter).where(_letter.c.message_id == report.original_id, _letter.c.state == "verzonden")
        row = connection.execute(ours.with_for_update()).one_or_none()
        if row is None:
            continue
        why = f"De brief kwam terug: hij kon niet bezorgd worden ({report.status or 'zonder code'})."
        _change(connection, row.id, state="mislukt", why=why)
        _note(connection, events.FAILED, row.dossier, row.digest, brief=row.id, waarom=why, definitief=True)
        found.append(row.id)
    return tuple(found)


def sweep(connection: Connection, *, older_than: timedelta) -> int:
    """Defer again each released letter without a waiting or running job; how many. None while letters are halted."""
    if halted(connection) is not None:
        return 0
    lost = connection.scalars(
        text(
            """
            select id from outgoing where state = 'vrijgegeven' and withdrawn is null
            and released < clock_timestamp() - :age and not exists (
                select 1 from procrastinate_jobs where status in ('todo', 'doing')
                and task_name = :task and args ->> 'outgoing' = outgoing.id::text
            ) order by id
            """
        ).bindparams(bindparam("age", older_than), task=jobs.POST)
    ).all()
    jobs.defer(connection, jobs.POST, [{"outgoing": number} for number in lost])
    return len(lost)


def listed(connection: Connection, states: Sequence[State], *, limit: int) -> list[Dispatch]:
    """Letters in these states, or in any, newest first; without those taken back."""
    wanted = select(_letter).where(_letter.c.withdrawn.is_(None)).order_by(_letter.c.id.desc()).limit(limit)
    if states:
        wanted = wanted.where(_letter.c.state.in_(states))
    return [_as_dispatch(row) for row in connection.execute(wanted)]


def of(connection: Connection, *, digest: str | None = None, reference: str | None = None) -> tuple[Dispatch, ...]:
    """Letters of a mail or of a dossier, oldest first, those taken back among them."""
    mine = _letter.c.digest == digest if reference is None else _letter.c.dossier == reference
    return tuple(_as_dispatch(row) for row in connection.execute(select(_letter).where(mine).order_by(_letter.c.id)))


def one(connection: Connection, outgoing_id: int, *, lock: bool = False) -> Dispatch | None:
    """One letter; with `lock` nobody else changes it until the page is closed."""
    wanted = select(_letter).where(_letter.c.id == outgoing_id)
    row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    return None if row is None else _as_dispatch(row)


def _as_dispatch(row: Row[*tuple[object, ...]]) -> Dispatch:
    names = ("id", "state", "made", "released", "released_by", "sent", "why", "tries", "withdrawn")
    values = {name: getattr(row, name) for name in names}
    # A letter that a person released is that person's, whatever was thought of it when it was composed.
    outgoing = replace(restored(Outgoing, row.record), message_id=row.message_id, automatic=row.automatic)
    return Dispatch(reference=row.dossier, outgoing=outgoing, **values)


def _waiting(connection: Connection, outgoing_id: int) -> Row[*tuple[object, ...]]:
    wanted = select(_letter).where(_letter.c.id == outgoing_id, _letter.c.withdrawn.is_(None))
    row = connection.execute(wanted.where(_letter.c.state.in_(WAITING)).with_for_update()).one_or_none()
    if row is None:
        raise LetterGoneError(outgoing_id)
    return row


def _change(connection: Connection, outgoing_id: int, **values: object) -> Row[*tuple[object, ...]]:
    changed = update(_letter).where(_letter.c.id == outgoing_id).values(**values).returning(_letter)
    return connection.execute(changed).one()


def _end_attempt(connection: Connection, outgoing_id: int, now: datetime) -> None:
    running = (tables.attempt.c.outgoing == outgoing_id, tables.attempt.c.ended.is_(None))
    connection.execute(update(tables.attempt).where(*running).values(ended=now))


def _note(
    connection: Connection,
    what: str,
    reference: str | None,
    digest: str,
    *,
    who: str = events.PROGRAM,
    **detail: object,
) -> None:
    events.write(connection, events.line(what, who=who, dossier=reference, digest=digest, **detail))
