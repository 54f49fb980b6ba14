"""The tables of the rulebooks: every version that was ever in force or proposed, and whose turn it was when."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Identity, Index, LargeBinary, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from register.tables import tables

_MOMENT = DateTime(timezone=True)

# The files of one rulebook, packed; its fingerprint says that they are those. Never changed, never removed.
rulebook = Table(
    "rulebook",
    tables,
    Column("fingerprint", Text, primary_key=True),
    Column("files", LargeBinary, nullable=False),
    Column("kept", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
)

# The history: which rulebook took over which role, by whom and why. The last row of a role names who has it.
turn = Table(
    "turn",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    # geldend: decides on mails; schaduw: looks on without effect, and none when the fingerprint is missing
    Column("role", Text, nullable=False),
    Column("fingerprint", ForeignKey("rulebook.fingerprint")),
    Column("at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("who", Text, nullable=False),
    Column("second", Text, nullable=False, server_default=""),
    Column("why", Text, nullable=False, server_default=""),
    Index("ix_turn_role", "role", "id"),
)

# A rulebook that a maintainer wants in force: waits for a second person, who publishes or refuses it.
proposal = Table(
    "proposal",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("fingerprint", ForeignKey("rulebook.fingerprint"), nullable=False),
    # What was in force when it was written, so that nothing is overwritten unseen.
    Column("parent", Text, nullable=False, server_default=""),
    Column("at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    # open, gepubliceerd, geweigerd
    Column("state", Text, nullable=False, server_default="open"),
    Column("closed", _MOMENT),
    Column("closed_by", Text, nullable=False, server_default=""),
)

# What a shadow rulebook would have said of a mail, where that differs from what was decided.
shade = Table(
    "shade",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("digest", ForeignKey("message.digest"), nullable=False),
    Column("fingerprint", ForeignKey("rulebook.fingerprint"), nullable=False),
    Column("at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    # Per field what was decided and what would have been; empty when both say the same, so that one knows of how many.
    Column("differs", JSONB, nullable=False),
    Index("ix_shade_fingerprint", "fingerprint", "id"),
)

# Beside those of `register.tables`: rows that are never changed or removed.
APPEND_ONLY = ("rulebook", "turn")
