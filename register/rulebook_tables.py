"""The tables of the rulebooks: every version that was ever in force or proposed, and whose turn it was when."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
    text,
)
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
    # Why it was refused.
    Column("reason", Text, nullable=False, server_default=""),
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

# What one maintainer is changing, kept at every pause; it may hold mistakes, and nothing comes of it by itself.
rule_draft = Table(
    "rule_draft",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("who", Text, nullable=False),
    # What was in force when it was begun; the edits are to these files.
    Column("base", ForeignKey("rulebook.fingerprint"), nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    # By path the whole new text of a file, or null for one that goes.
    Column("edits", JSONB, nullable=False, server_default=text("'{}'")),
    # Grows with every change, so that nobody overwrites what they did not see.
    Column("version", Integer, nullable=False, server_default=text("1")),
    # open, voorgesteld, weggelegd
    Column("state", Text, nullable=False, server_default="open"),
    Column("begun", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("changed", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("proposal", ForeignKey("proposal.id")),
    Index("ix_rule_draft_open", "changed", postgresql_where=text("state = 'open'")),
)

# A rulebook tried on its examples and cases, or on the mails on file, beside the one that was then in force.
rule_run = Table(
    "rule_run",
    tables,
    Column("id", BigInteger, Identity(), primary_key=True),
    # proeven: examples and cases; gevolgen: what it changes over the mails on file
    Column("kind", Text, nullable=False),
    Column("fingerprint", ForeignKey("rulebook.fingerprint"), nullable=False),
    Column("against", ForeignKey("rulebook.fingerprint"), nullable=False),
    Column("since", _MOMENT),
    Column("who", Text, nullable=False),
    Column("asked", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    # The last sign of life of whoever does it.
    Column("beat", _MOMENT),
    # wacht, bezig, klaar, mislukt
    Column("state", Text, nullable=False, server_default="wacht"),
    Column("done", Integer, nullable=False, server_default=text("0")),
    Column("total", Integer, nullable=False, server_default=text("0")),
    Column("result", JSONB),
    Index("ix_rule_run_fingerprint", "fingerprint", "id"),
)

# Beside those of `register.tables`: rows that are never changed or removed.
APPEND_ONLY = ("rulebook", "turn")
