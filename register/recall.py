"""A person keeps a released letter back before it left."""

from sqlalchemy import Connection, select, update

from register import events, tables
from register.letters import LetterGoneError

HELD = "brief vastgehouden"


def recall(connection: Connection, outgoing_id: int, account: str) -> None:
    """Put a released letter back among those that wait; `LetterGoneError` when it left or is leaving right now."""
    letter = tables.outgoing
    wanted = select(letter).where(
        letter.c.id == outgoing_id, letter.c.state == "vrijgegeven", letter.c.withdrawn.is_(None)
    )
    # Whoever holds the lock is posting the letter at this moment.
    row = connection.execute(wanted.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        raise LetterGoneError(outgoing_id)
    waiting = update(letter).where(letter.c.id == outgoing_id).values(state="vastgehouden")
    connection.execute(waiting)
    events.write(connection, events.line(HELD, who=account, dossier=row.dossier, digest=row.digest, brief=outgoing_id))
