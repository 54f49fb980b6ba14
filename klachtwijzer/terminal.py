"""What all commands share: the settings, and how a user is told what is wrong."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from klachtwijzer import logs
from klachtwijzer.labelled import LabelledError
from klachtwijzer.serve import ServeError
from klachtwijzer.settings import Settings, SettingsError, read
from triage.mistakes import RulebookError

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for other programs.")]


def wide() -> Console:
    """The terminal; where there is none, wide enough for a table."""
    screen = Console()
    return screen if screen.is_terminal else Console(width=170)


def fail(message: str) -> NoReturn:
    """One clear line, and exit status 2."""
    print(f"klachtwijzer: {message}", file=sys.stderr)
    raise typer.Exit(2)


@contextmanager
def told() -> Iterator[Settings]:
    """The settings; what a user can mend is told in one line, without a traceback."""
    logs.configure(level="error")
    try:
        yield read(dict(os.environ))
    except (SettingsError, ServeError, LabelledError) as error:
        fail(str(error))
    except RulebookError as error:
        for mistake in error.mistakes:
            print(mistake, file=sys.stderr)
        fail(f"{len(error.mistakes)} mistake(s) in the rules; nothing was loaded")
