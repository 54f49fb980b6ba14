"""How far each mailbox was read, and the refresh tokens that their servers renewed."""

from sqlalchemy import Engine, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from intake.imap import Mark
from register import events
from register.tables import event, mailbox


class Marks:
    """The marks of all mailboxes: an `intake.imap.Marks`. Safe to share between threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, name: str) -> Mark | None:
        """The mark of this mailbox; None before anything was read."""
        with self._engine.connect() as connection:
            row = connection.execute(
                select(mailbox.c.validity, mailbox.c.uid).where(mailbox.c.name == name, mailbox.c.validity.is_not(None))
            ).one_or_none()
        return None if row is None else Mark(row.validity, row.uid)

    def advance(self, name: str, mark: Mark) -> None:
        """Remember this mark; one of the same validity never goes back, whichever of two pollers is ahead."""
        row = upsert(mailbox).values(name=name, validity=mark.validity, uid=mark.uid)
        farther = (mailbox.c.validity.is_distinct_from(mark.validity)) | (mailbox.c.uid < mark.uid)
        moved = row.on_conflict_do_update(
            index_elements=["name"], set_={"validity": mark.validity, "uid": mark.uid}, where=farther
        )
        with self._engine.begin() as connection:
            connection.execute(moved)

    def note(self, digest: str, words: str) -> None:
        """Write a remark of the program on a mail, once however often the mail is fetched."""
        line = events.line(events.NOTED, digest=digest, tekst=words)
        with self._engine.begin() as connection:
            written = exists().where(
                event.c.digest == digest, event.c.what == events.NOTED, event.c.detail["tekst"].astext == words
            )
            if not connection.scalar(select(written)):
                connection.execute(insert(event).values(line))

    def refresh_token(self, name: str) -> str:
        """The newest refresh token of this mailbox; empty while the one of the settings is good."""
        with self._engine.connect() as connection:
            return connection.scalar(select(mailbox.c.refresh_token).where(mailbox.c.name == name)) or ""

    def renew(self, name: str, refresh_token: str) -> None:
        """Remember a refresh token that the server gave in place of the former one."""
        with self._engine.begin() as connection:
            connection.execute(upsert(mailbox).values(name=name).on_conflict_do_nothing())
            connection.execute(update(mailbox).where(mailbox.c.name == name).values(refresh_token=refresh_token))
