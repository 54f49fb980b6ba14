"""The tables of who comes in and who is told: second factors, identities, tokens and webhooks."""

from sqlalchemy import (
    ARRAY,
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
    UniqueConstraint,
    func,
    text,
)

from register.tables import tables

_MOMENT = DateTime(timezone=True)


def _number() -> Column[int]:
    return Column("id", BigInteger, Identity(), primary_key=True)


def _now(name: str) -> Column[object]:
    return Column(name, _MOMENT, nullable=False, server_default=func.clock_timestamp())


# The secret is sealed; `step` is the last moment whose code was used, so that no code works twice. Recovery codes are
# kept as hashes and leave the list when used. Without `proven` it was begun and never finished.
second_factor = Table(
    "second_factor",
    tables,
    Column("account", ForeignKey("account.name"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("proven", _MOMENT),
    Column("step", BigInteger, nullable=False, server_default="0"),
    Column("codes", ARRAY(Text), nullable=False, server_default="{}"),
)

# Who a person is at the provider of the organisation; name and address there may change, this never does.
identity = Table(
    "identity",
    tables,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("account", ForeignKey("account.name"), nullable=False, index=True),
    _now("made"),
)

# What other programs show to the API. Only the hash of a token is kept.
api_token = Table(
    "api_token",
    tables,
    _number(),
    Column("name", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    _now("made"),
    Column("made_by", Text, nullable=False),
    Column("expires", _MOMENT, nullable=False),
    Column("revoked", _MOMENT),
    Column("used", _MOMENT),
    UniqueConstraint("hash"),
)

# `wanted` are words of `register.events`; a trigger on `event` writes a delivery for each.
webhook = Table(
    "webhook",
    tables,
    _number(),
    Column("url", Text, nullable=False),
    Column("wanted", ARRAY(Text), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    _now("made"),
    Column("made_by", Text, nullable=False),
    Column("stopped", _MOMENT),
)

# Whatever has not ended is told at `next_try`, or tried again then.
webhook_delivery = Table(
    "webhook_delivery",
    tables,
    _number(),
    Column("webhook", ForeignKey("webhook.id"), nullable=False),
    Column("what", Text, nullable=False),
    _now("at"),
    Column("dossier", Text),
    Column("digest", Text),
    _now("next_try"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("ended", _MOMENT),
    Column("delivered", Boolean, nullable=False, server_default=text("false")),
    Column("said", Text, nullable=False, server_default=""),
    Index("ix_webhook_delivery_waiting", "next_try", postgresql_where=text("ended is null")),
    Index("ix_webhook_delivery_webhook", "webhook", "id"),
)
