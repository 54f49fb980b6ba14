"""`klachtwijzer move-database`: from the PostgreSQL that the program brought along to one of the site's own."""

from pathlib import Path
from typing import Annotated

import typer

from klachtwijzer.archive import tell
from klachtwijzer.serve import driver, opened
from klachtwijzer.terminal import fail, told
from register.transfer import TransferError, transfer


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("move-database")(move)


def move(
    target: Annotated[
        str, typer.Argument(metavar="URL|FILE", help="postgresql://… of an empty database, or a file that holds it.")
    ],
) -> None:
    """Copy the register to an empty PostgreSQL 15 or newer, and verify it there; what is in use now stays as it is."""
    url = _url(target)
    with told() as settings, opened(settings) as running:
        running.engine.dispose()
        try:
            moved = transfer(running.url, driver(url))
        except TransferError as trouble:
            fail(str(trouble))
    tell(moved.verdict)
    print(f"{sum(moved.rows.values())} rijen in {len(moved.rows)} tabellen staan nu in de nieuwe databank.")
    print("Zet KLACHTWIJZER_DATABASE_URL (of _FILE) op het nieuwe adres, en laat de sleutel van de namen waar hij is.")


def _url(target: str) -> str:
    # A password on the command line can be read by every user of the machine, so a file may hold it.
    if target.startswith(("postgresql://", "postgres://")):
        return target
    try:
        return Path(target).read_text(encoding="utf-8").strip()
    except OSError as trouble:
        fail(f"{target}: {trouble.strerror}; geef een adres postgresql://… of een bestand waar het in staat")
