"""The register as it began: its own tables, and those of the job queue beside them in the same database."""

from pathlib import Path

import psycopg
from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make everything in one transaction.

    The queue's tables come in the shape of the installed procrastinate; a later migration that raises them must
    first look whether they have that shape already.
    """
    # Both scripts are whole files of statements, in which a percent sign is a percent sign; only the driver itself
    # takes them as they are.
    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    driver.execute(SchemaManager.get_schema())
    driver.execute(Path(__file__).with_suffix(".sql").read_bytes())
