"""Raw mail: kept before anything else happens, taken once, and never forgotten."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import Connection, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from intake.message import Envelope, Receipt
from register import imprint, jobs
from register.record import as_text
from register.tables import raw_mail
from register.tables import setting as settings

_SWEEPING = 0x6B6C6162


def keep(connection: Connection, mails: Sequence[tuple[bytes, Envelope]]) -> list[Receipt]:
    """Store each mail that is new, with its job; what is known, within the batch or on file, is only acknowledged."""
    if not mails:
        return []
    rows = [_row(raw, envelope) for raw, envelope in mails]
    fresh: dict[object, dict[str, object]] = {}
    twins: set[object] = set()
    for row in rows:
        if row["digest"] not in fresh and row["twin"] not in twins:
            fresh[row["digest"]] = row
            twins |= {row["twin"]} - {None}
    # The same order in every process, so that two batches with the same mails cannot wait for each other.
    statement = insert(raw_mail).on_conflict_do_nothing().returning(raw_mail.c.digest)
    stored = set(connection.scalars(statement, sorted(fresh.values(), key=lambda row: str(row["digest"]))))
    jobs.defer(connection, jobs.TRIAGE, [{"digest": digest} for digest in stored])
    receipts = []
    for row in rows:
        digest = str(row["digest"])
        receipts.append(Receipt(digest, known=digest not in stored))
        # The second of two equal mails in one batch is known by the first.
        stored.discard(digest)
    return receipts


def _row(raw: bytes, envelope: Envelope) -> dict[str, object]:
    return {
        "digest": imprint.digest(raw),
        "raw": raw,
        "channel": envelope.channel,
        "sender": as_text(envelope.sender),
        "recipients": [as_text(recipient) for recipient in envelope.recipients],
        "received": envelope.received,
        "peer": as_text(envelope.peer),
        "message_id": as_text(imprint.message_id(raw)),
        "twin": imprint.twin(raw),
    }


def take(connection: Connection, digest: str) -> tuple[bytes, Envelope] | None:
    """The mail and its envelope, locked; None when it is not on file or was entered."""
    wanted = select(raw_mail).where(raw_mail.c.digest == digest, raw_mail.c.state == "bewaard").with_for_update()
    row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    return row.raw, Envelope(row.channel, row.sender, tuple(row.recipients), row.received, row.peer)


def envelope(connection: Connection, digest: str) -> Envelope | None:
    """How a kept mail arrived."""
    row = connection.execute(
        select(
            raw_mail.c.channel, raw_mail.c.sender, raw_mail.c.recipients, raw_mail.c.received, raw_mail.c.peer
        ).where(raw_mail.c.digest == digest)
    ).one_or_none()
    return None if row is None else Envelope(row.channel, row.sender, tuple(row.recipients), row.received, row.peer)


def raw(connection: Connection, digest: str) -> bytes | None:
    """The bytes of a kept mail."""
    return connection.scalar(select(raw_mail.c.raw).where(raw_mail.c.digest == digest))


def advance(connection: Connection, digest: str) -> bool:
    """Mark a kept mail as entered; False when it was before, or is not on file."""
    moved = update(raw_mail).where(raw_mail.c.digest == digest, raw_mail.c.state == "bewaard")
    return connection.execute(moved.values(state="ingeschreven")).rowcount == 1


def mark_shunted(connection: Connection, digest: str) -> None:
    """Remember that a mail was entered without having been understood."""
    connection.execute(update(raw_mail).where(raw_mail.c.digest == digest).values(state="vastgelopen"))


def sweep(connection: Connection, *, older_than: timedelta) -> int:
    """Defer again each kept mail without a waiting or running job; how many."""
    # Two workers that sweep at once would both defer; the second finds the first's jobs once it may look.
    connection.execute(select(func.pg_advisory_xact_lock(_SWEEPING)))
    lost = connection.scalars(
        text(
            """
            select digest from raw_mail where state = 'bewaard' and kept < clock_timestamp() - :age
            and digest not in (
                select args ->> 'digest' from procrastinate_jobs
                where status in ('todo', 'doing') and task_name = :task and args ->> 'digest' is not null
            ) order by kept
            """
        ).bindparams(bindparam("age", older_than), task=jobs.TRIAGE)
    ).all()
    jobs.defer(connection, jobs.TRIAGE, [{"digest": digest} for digest in lost])
    return len(lost)


def setting(connection: Connection, name: str, make: Callable[[], str]) -> str:
    """A value that is made once per database, however many processes ask for it first."""
    connection.execute(insert(settings).values(name=name, value=make()).on_conflict_do_nothing())
    return str(connection.scalar(select(settings.c.value).where(settings.c.name == name)))
