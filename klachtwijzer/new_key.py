"""`klachtwijzer new-key`: what is sealed gets a new key, for instance after somebody left who knew the old one."""

from pathlib import Path
from typing import Annotated

import typer

from klachtwijzer.serve import opened
from klachtwijzer.terminal import fail, told
from register import sealing
from register.rotation import InUseError, rotate


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("new-key")(new_key)


def new_key(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the new key goes; a new file.")],
) -> None:
    """Seal all names and secrets anew with a fresh key, in one transaction, while nothing else runs."""
    if file.exists():
        fail(f"{file}: bestaat al; kies een nieuw bestand")
    with told() as settings, opened(settings) as running:
        running.engine.dispose()
        assert running.book.key is not None
        try:
            # The key is on disk before anything is sealed with it.
            fresh = sealing.at(file)
            with running.engine.begin() as connection:
                number = rotate(connection, running.book.key, fresh)
        except InUseError as trouble:
            file.unlink()
            fail(str(trouble))
        except OSError as trouble:
            fail(f"{file}: {trouble.strerror}")
    old = "KLACHTWIJZER_KEY (of _FILE)" if settings.key else str(settings.home / "sleutel")
    print(f"{number} velden zijn opnieuw verzegeld. De nieuwe sleutel staat in {file}.")
    print(f"Zet hem nu in de plaats van {old}, en start daarna alles. Oude back-ups lezen alleen met de oude sleutel.")
