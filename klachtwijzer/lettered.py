"""The command `klachtwijzer letters`: what those who write letters want to know before anybody gets one."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from klachtwijzer.terminal import fail, told, wide
from register.deadlines import day_of_receipt
from responder.letter import FOLDER, LettersError, load
from responder.specimen import reviewed, unchecked
from triage import rulebook

app = typer.Typer(no_args_is_help=True, help="The letters that maintainers edit.")


@app.callback()
def letters() -> None:
    """The letters that maintainers edit."""


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Default: the letters of this installation.")] = None,
) -> None:
    """Show every mistake in the letters, and how plainly each one reads."""
    with told() as settings:
        bodies = rulebook.load(settings.rules).bodies
    try:
        found = load(folder or FOLDER)
    except LettersError as error:
        for mistake in error.mistakes:
            print(f"fout: {mistake}", file=sys.stderr)
        fail(f"{len(error.mistakes)} mistake(s) in the letters; nothing was checked for plain language")
    on = day_of_receipt(datetime.now(UTC))
    reviews = [(letter, reviewed(letter, found, bodies, on)) for letter in found.ours]
    table = Table("brief", "Flesch-Douma", "woorden per zin", "woorden", "aanspreking", "nagekeken op")
    for letter, one in reviews:
        figures = (f"{one.figures.flesch_douma:.0f}", f"{one.figures.words_per_sentence:.1f}", str(one.figures.words))
        table.add_row(letter.id, *figures, letter.heading.aanspreking, str(letter.heading.nagekeken_op))
    wide().print(table)
    remarks = [remark for _, one in reviews for remark in one.remarks] + unchecked(bodies, on)
    for remark in remarks:
        print(f"{'waarschuwing' if remark.warning else 'fout'}: {remark}")
    wrong = sum(not remark.warning for remark in remarks)
    print(f"{wrong} fout(en), {len(remarks) - wrong} waarschuwing(en) in {len(reviews)} brieven")
    if wrong:
        raise typer.Exit(1)
