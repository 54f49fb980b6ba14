"""The tables of conversations with complainants: kept for some days, then wiped; what was entered stays as a mail."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from register.tables import tables

_MOMENT = DateTime(timezone=True)


def _no(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("false"))


conversation = Table(
    "conversation",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("hash", Text, nullable=False, unique=True),
    Column("record", JSONB, nullable=False),
    Column("begun", _MOMENT, nullable=False),
    Column("touched", _MOMENT, nullable=False),
    Column("expires", _MOMENT, nullable=False, index=True),
    Column("danger", _MOMENT),
    _no("urgent"),
    # Words that no mail holds yet.
    _no("pending"),
    Column("ended", _MOMENT),
    Index(
        "ix_conversation_touched",
        "touched",
        postgresql_where=text("pending and (danger is not null or urgent or ended is not null)"),
    ),
)

enclosure = Table(
    "enclosure",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("conversation", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    _no("told"),
)
