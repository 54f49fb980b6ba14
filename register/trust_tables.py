"""The tables of the journal, of erasure, and of the numbers that outlive a dossier."""

from sqlalchemy import BigInteger, Column, Date, DateTime, Identity, Index, LargeBinary, Table, Text, func, text

from register.tables import tables

_MOMENT = DateTime(timezone=True)

# One link a row of the append-only tables: a trigger writes salt and imprint with the row itself, `journal.seal`
# then gives it its position and chains it. Erasure takes the salt away, and nobody can guess from the imprint.
chain = Table(
    "chain",
    tables,
    Column("source", Text, primary_key=True),
    Column("row", BigInteger, primary_key=True),
    Column("salt", LargeBinary),
    Column("imprint", LargeBinary, nullable=False),
    Column("position", BigInteger),
    Column("link", LargeBinary),
    Column("erased", BigInteger),
    Index("ix_chain_position", "position", unique=True),
    Index("ix_chain_loose", "source", "row", postgresql_where=text("position is null")),
)

# A dossier (or a mail without one) whose persons are to be erased: proposed, approved by two people, done.
disposal = Table(
    "disposal",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("dossier", Text),
    Column("digest", Text),
    Column("kind", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    Column("proposed", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("proposed_by", Text, nullable=False),
    Column("first_by", Text),
    Column("first_at", _MOMENT),
    Column("second_by", Text),
    Column("second_at", _MOMENT),
    Column("done", _MOMENT),
    Column("refused", _MOMENT),
    Index("ix_disposal_dossier", "dossier", unique=True, postgresql_where=text("done is null and refused is null")),
    Index("ix_disposal_digest", "digest", unique=True, postgresql_where=text("done is null and refused is null")),
)

# How many, per month of receipt, field and value of the yearly report. A change of a dossier adds rows with what it
# takes away and what it brings, so that nobody waits for anybody; `report.fold` sums them up now and then.
tally = Table(
    "tally",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("month", Date, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Index("ix_tally_month", "month", "field", "value"),
)
