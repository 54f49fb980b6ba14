"""Alembic's entry: the migrations run on the connection, and inside the transaction, that `migrate` brings."""

from alembic import context

from register import (  # noqa: F401 — all add their tables to the same list.
    access_tables,
    chat_tables,
    file_tables,
    rulebook_tables,
    trust_tables,
)
from register.tables import tables

context.configure(connection=context.config.attributes["connection"], target_metadata=tables)
with context.begin_transaction():
    context.run_migrations()
