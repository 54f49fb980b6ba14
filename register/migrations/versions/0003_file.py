"""The clock of each dossier, what people concluded, and the tables around it."""

from pathlib import Path

import psycopg
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables and carry over what stands in them."""
    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    driver.execute(Path(__file__).with_suffix(".sql").read_bytes())
