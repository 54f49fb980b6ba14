"""The tables. What was judged, decided or done is added to, never changed; `item` and `dossier` are the picture of now.

Each change of that picture is an `event`. See also `register.file_tables` and `register.trust_tables`.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

tables = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_MOMENT = DateTime(timezone=True)


def _words(name: str, *, default: str | None = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def _now(name: str) -> Column[object]:
    # The clock, not the start of the transaction: two events of one page keep their order in time.
    return Column(name, _MOMENT, nullable=False, server_default=func.clock_timestamp())


setting = Table("setting", tables, Column("name", Text, primary_key=True), _words("value", default=None))

raw_mail = Table(
    "raw_mail",
    tables,
    Column("digest", Text, primary_key=True),
    Column("raw", LargeBinary, nullable=False),
    _words("channel", default=None),
    _words("sender"),
    Column("recipients", ARRAY(Text), nullable=False),
    Column("received", _MOMENT, nullable=False),
    _words("peer"),
    _words("message_id"),
    # The same mail by another way (`register.imprint`); empty mails and mails without Message-ID have none.
    Column("twin", Text, unique=True),
    # bewaard, ingeschreven, vastgelopen, gewist
    _words("state", default="bewaard"),
    _now("kept"),
    Index("ix_raw_mail_waiting", "kept", postgresql_where=text("state = 'bewaard'")),
)

year_counter = Table(
    "year_counter",
    tables,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

dossier = Table(
    "dossier",
    tables,
    Column("reference", Text, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    _words("sender_name"),
    _words("sender_address"),
    Column("opened", Date, nullable=False),
    Column("due_ack", Date),
    Column("due_answer", Date),
    Column("acknowledged", _MOMENT),
    _words("status", default="open"),
    # Which regime of `rules/termijnen.yaml` runs since which day, and what changed its length.
    _words("regime"),
    Column("day_zero", Date),
    Column("extended", Date),
    Column("paused", Integer, nullable=False, server_default="0"),
    Column("answered", _MOMENT),
    Column("closed", _MOMENT),
    # Who treats it and is not involved (II.86); then what people concluded, in words of `rules/keuzelijsten.yaml`.
    Column("handler", Text),
    Column("uninvolved", _MOMENT),
    _words("qualification"),
    *(
        _words(name)
        for name in ("sector", "decreet", "betrokkene", "reporter", "form", "ground", "finding", "solution")
    ),
    # `hold`: why it may not be erased now (a court case, an inquiry).
    *(_words(name) for name in ("mediation", "satisfaction", "hold")),
    _words("severity", default="gewoon"),
    Column("admissible", Boolean),
    Column("mediation_until", Date),
    *(
        Column(name, ARRAY(Text), nullable=False, server_default="{}")
        for name in ("norms", "carriers", "channels", "themes", "outcomes")
    ),
    Column("anonymised", _MOMENT),
    UniqueConstraint("year", "number"),
    Index("ix_dossier_sender_address", "sender_address", "opened"),
    Index("ix_dossier_due_ack", "due_ack", postgresql_where=text("acknowledged is null and status = 'open'")),
    Index("ix_dossier_due_answer", "due_answer", postgresql_where=text("answered is null and status = 'open'")),
    Index("ix_dossier_day_zero", "day_zero", "reference", postgresql_where=text("qualification <> ''")),
    Index("ix_dossier_opened", "opened"),
    Index("ix_dossier_closed", "closed", postgresql_where=text("anonymised is null")),
    Index("ix_dossier_handler", "handler", postgresql_where=text("handler is not null")),
)

message = Table(
    "message",
    tables,
    Column("digest", ForeignKey("raw_mail.digest"), primary_key=True),
    _words("message_id"),
    Column("sent", _MOMENT),
    Column("received", _MOMENT, nullable=False),
    _words("sender_name"),
    _words("sender_address"),
    _words("subject"),
    Column("linked", ForeignKey("dossier.reference")),
    Column("suggestion", ForeignKey("dossier.reference")),
    Column("record", JSONB, nullable=False),
    Column("search", TSVECTOR, nullable=False),
    _now("entered"),
    Index("ix_message_message_id", "message_id", postgresql_where=text("message_id <> ''")),
    Index("ix_message_sender_address", "sender_address"),
    Index("ix_message_search", "search", postgresql_using="gin"),
)

assessment = Table(
    "assessment",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("digest", ForeignKey("message.digest"), nullable=False, index=True),
    _now("at"),
    _words("who", default=None),
    Column("record", JSONB, nullable=False),
)

decision = Table(
    "decision",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("digest", ForeignKey("message.digest"), nullable=False, index=True),
    Column("assessment", ForeignKey("assessment.id"), nullable=False),
    _now("at"),
    _words("who", default=None),
    _words("uitkomst", default=None),
    Column("record", JSONB, nullable=False),
)

# The decision in force of each message with what the work list sorts and filters by, in narrow rows.
item = Table(
    "item",
    tables,
    Column("digest", ForeignKey("message.digest"), primary_key=True),
    Column("decision", ForeignKey("decision.id"), nullable=False),
    Column("dossier", ForeignKey("dossier.reference"), index=True),
    Column("open", Boolean, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    # The last day of the calendar stands for "no term", so that the order needs no rule for NULL.
    Column("due", Date, nullable=False),
    Column("received", _MOMENT, nullable=False),
    # Whether terms run from this mail, and which: the id of a regime, or empty.
    Column("clocked", Boolean, nullable=False),
    _words("regime"),
    # Whether it was added to a dossier that existed, and did not open one.
    Column("joined", Boolean, nullable=False),
    *(_words(name, default=None) for name in ("uitkomst", "soort", "sector", "dringendheid", "betrokkene", "taal")),
    Index("ix_item_order", "rank", "due", "received", "digest", postgresql_where=text("open")),
    Index("ix_item_uitkomst", "uitkomst", "rank", "due", "received", "digest", postgresql_where=text("open")),
    Index("ix_item_sector", "sector", "rank", "due", "received", "digest", postgresql_where=text("open")),
    Index("ix_item_received", "received", "digest"),
    Index("ix_item_homeless", "received", postgresql_where=text("dossier is null")),
)

event = Table(
    "event",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    _now("at"),
    _words("who", default=None),
    _words("what", default=None),
    Column("dossier", ForeignKey("dossier.reference")),
    # Without a foreign key: a mail can have events (a failed try) before it is a message.
    Column("digest", Text),
    Column("detail", JSONB, nullable=False, server_default="{}"),
    Index("ix_event_dossier", "dossier", "id"),
    Index("ix_event_digest", "digest", "id"),
)

reading = Table(
    "reading",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    _now("at"),
    _words("account", default=None),
    Column("digest", Text, nullable=False, index=True, server_default=""),
    _words("dossier"),
    Index("ix_reading_dossier", "dossier", postgresql_where=text("dossier <> ''")),
)

outgoing = Table(
    "outgoing",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("digest", ForeignKey("message.digest"), nullable=False),
    _words("letter", default=None),
    Column("dossier", ForeignKey("dossier.reference"), index=True),
    _words("recipient"),
    Column("automatic", Boolean, nullable=False),
    Column("record", JSONB, nullable=False),
    _words("state", default=None),
    _words("message_id", default=None),
    _now("made"),
    Column("released", _MOMENT),
    _words("released_by"),
    Column("sent", _MOMENT),
    _words("why"),
    Column("tries", Integer, nullable=False, server_default="0"),
    # A letter that a correction or a person took back; it stays on file and never leaves.
    Column("withdrawn", _MOMENT),
    Index("ix_outgoing_once", "digest", "letter", unique=True, postgresql_where=text("withdrawn is null")),
    Index("ix_outgoing_message_id", "message_id"),
    Index("ix_outgoing_state", "state", "id"),
    Index("ix_outgoing_recipient", "recipient", postgresql_where=text("automatic")),
)

# A try to post a letter. Written before the relay is called, outside the page, and ended with it; one that was never
# ended tells that a process died in between. No foreign key, for that check would wait for the page's own lock.
attempt = Table(
    "attempt",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("outgoing", BigInteger, nullable=False),
    _now("begun"),
    Column("ended", _MOMENT),
    Index("ix_attempt_running", "outgoing", unique=True, postgresql_where=text("ended is null")),
)

# How far a mailbox was read: every UID up to `uid` is kept, as long as the mailbox has this UIDVALIDITY.
mailbox = Table(
    "mailbox",
    tables,
    Column("name", Text, primary_key=True),
    Column("validity", BigInteger),
    Column("uid", BigInteger),
    _words("refresh_token"),
)

# A mark of the writer's own words, by which the guard against loops hears the same thing said again.
heard = Table(
    "heard",
    tables,
    Column("digest", ForeignKey("message.digest"), primary_key=True),
    _words("words", default=None),
    _now("at"),
    Index("ix_heard_words", "words", "at"),
)

account = Table(
    "account",
    tables,
    Column("name", Text, primary_key=True),
    _words("password_hash"),
    Column("roles", ARRAY(Text), nullable=False),
    _now("created"),
    Column("misses", Integer, nullable=False, server_default="0"),
    Column("locked_until", _MOMENT),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
)

# One-time links and sessions alike: `kind` is link or session. Only the hash of a token is kept.
token = Table(
    "token",
    tables,
    Column("hash", Text, primary_key=True),
    _words("kind", default=None),
    Column("account", ForeignKey("account.name"), nullable=False, index=True),
    _now("made"),
    Column("expires", _MOMENT, nullable=False),
    Column("used", _MOMENT),
)

# Tables whose rows are never changed or removed; a trigger holds that (`migrations/`).
APPEND_ONLY = ("assessment", "decision", "event", "reading")
