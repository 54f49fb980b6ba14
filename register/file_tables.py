"""The tables around a dossier: its parties, parts, tasks and documents, and the directory of organisers.

What names a person is sealed with a key that is not in the database (`register.sealing`) and found by its mark.
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
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

from register.tables import tables

_MOMENT = DateTime(timezone=True)


def _number() -> Column[int]:
    return Column("id", BigInteger, Identity(), primary_key=True)


def _of_dossier(*, index: bool = True) -> Column[str]:
    return Column("dossier", ForeignKey("dossier.reference"), nullable=False, index=index)


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _at(name: str = "at") -> Column[object]:
    return Column(name, _MOMENT, nullable=False, server_default=func.clock_timestamp())


organiser = Table(
    "organiser",
    tables,
    _number(),
    _words("name"),
    _words("kind"),
    _words("number"),
    _at(),
    Column("closed", Date),
    # Names it had before, and those of what was merged into it.
    Column("former", ARRAY(Text), nullable=False, server_default="{}"),
    Column("merged", ForeignKey("organiser.id")),
    Index("ix_organiser_name", func.lower(text("name"))),
    Index("ix_organiser_number", "number", unique=True, postgresql_where=text("number <> ''")),
)

location = Table(
    "location",
    tables,
    _number(),
    _words("name"),
    _words("address"),
    _words("number"),
    _at(),
    Column("closed", Date),
    # Names it had before, and those of what was merged into it.
    Column("former", ARRAY(Text), nullable=False, server_default="{}"),
    Column("merged", ForeignKey("location.id")),
    Index("ix_location_name", func.lower(text("name"))),
)

# Who ran a location when; a complaint of before a take-over stays with who ran it then, and is still shown.
running = Table(
    "running",
    tables,
    _number(),
    Column("location", ForeignKey("location.id"), nullable=False, index=True),
    Column("organiser", ForeignKey("organiser.id"), nullable=False, index=True),
    Column("since", Date),
    Column("until", Date),
)

party = Table(
    "party",
    tables,
    _number(),
    _of_dossier(),
    _words("role"),
    *(Column(f"{name}_sealed", LargeBinary) for name in ("name", "birth", "number", "contact")),
    *(Column(f"{name}_mark", LargeBinary) for name in ("name", "birth", "number", "contact")),
    _at(),
    Column("removed", _MOMENT),
    *(
        Index(f"ix_party_{name}_mark", f"{name}_mark", postgresql_where=text(f"{name}_mark is not null"))
        for name in ("name", "number", "contact")
    ),
)

part = Table(
    "part",
    tables,
    _number(),
    _of_dossier(index=False),
    Column("place", Integer, nullable=False),
    _words("stream"),
    *(_words(name) for name in ("soort", "sector", "decreet", "betrokkene", "subject")),
    Column("organiser", ForeignKey("organiser.id")),
    Column("location", ForeignKey("location.id")),
    _words("department"),
    *(_words(name) for name in ("finding", "reasoning", "solution")),
    Column("norms", ARRAY(Text), nullable=False, server_default="{}"),
    # Proposed by the program and not yet touched by a person: a correction may write it anew.
    Column("proposed", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("dossier", "place"),
    Index("ix_part_organiser", "organiser", postgresql_where=text("organiser is not null")),
    Index("ix_part_location", "location", postgresql_where=text("location is not null")),
)

pause = Table(
    "pause",
    tables,
    _number(),
    _of_dossier(),
    _words("ground"),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Index("ix_pause_open", "dossier", unique=True, postgresql_where=text("until is null")),
)

task = Table(
    "task",
    tables,
    _number(),
    _of_dossier(),
    _words("what"),
    _words("account"),
    Column("due", Date),
    _at(),
    Column("done", _MOMENT),
    _words("done_by"),
    Index("ix_task_account", "account", "due", postgresql_where=text("done is null")),
)

# What a department was asked and answered, inside the dossier.
contribution = Table(
    "contribution",
    tables,
    _number(),
    _of_dossier(),
    Column("part", ForeignKey("part.id")),
    _words("department"),
    _words("role"),
    _words("account"),
    _words("question"),
    _words("asked_by"),
    _at("asked"),
    Column("due", Date),
    _words("answer"),
    _words("answered_by"),
    Column("answered", _MOMENT),
)

# The conclusions of a dossier that are told in words; the classes stand in the dossier itself.
conclusion = Table(
    "conclusion",
    tables,
    Column("dossier", ForeignKey("dossier.reference"), primary_key=True),
    _words("ground_words"),
    _words("finding_words"),
    _words("satisfaction_words"),
)

improvement = Table(
    "improvement",
    tables,
    _number(),
    _of_dossier(),
    _words("what"),
    _words("account"),
    Column("due", Date),
    _at(),
    Column("done", _MOMENT),
)

bond = Table(
    "bond",
    tables,
    Column("one", ForeignKey("dossier.reference"), primary_key=True),
    Column("other", ForeignKey("dossier.reference"), primary_key=True, index=True),
    _words("kind"),
)

document = Table(
    "document",
    tables,
    _number(),
    _of_dossier(),
    _words("name"),
    _words("type"),
    Column("content", LargeBinary, nullable=False),
    Column("imprint", Text, nullable=False),
    _words("account"),
    _at(),
)

# What a person typed and did not yet put in a letter, or (without one) in a note on the mail. Nothing comes of it by
# itself; it goes when the words were put where they belong, and when the letter leaves.
draft = Table(
    "draft",
    tables,
    _number(),
    Column("digest", ForeignKey("message.digest"), nullable=False, index=True),
    Column("outgoing", ForeignKey("outgoing.id")),
    Column("account", Text, nullable=False),
    _words("subject"),
    _words("text"),
    # The version of the letter that the person had before them.
    _words("base"),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("begun", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("touched", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Index("ix_draft_letter", "outgoing", "account", unique=True, postgresql_where=text("outgoing is not null")),
    Index("ix_draft_note", "digest", "account", unique=True, postgresql_where=text("outgoing is null")),
)
