"""What maintainers of the rules have under their hands: drafts, runs of examples and of history, reasons of refusal."""

from pathlib import Path

import psycopg
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    driver.execute(Path(__file__).with_suffix(".sql").read_bytes())
