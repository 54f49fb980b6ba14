"""How far each mailbox was read, and a mark of the words of each message, by which a loop is heard."""

from pathlib import Path

import psycopg
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    driver.execute(Path(__file__).with_suffix(".sql").read_bytes())
