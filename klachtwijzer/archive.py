"""Commands on the register as a whole: verify, backup, restore and the yearly report."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from klachtwijzer.serve import driver, opened
from klachtwijzer.terminal import fail, told
from register import backup as copies
from register import server
from register.backup import BackupError
from register.journal import Head, Verdict
from register.report import Period, year
from register.sheets import as_csv, as_json, as_xlsx

Form = Literal["tekst", "csv", "xlsx", "json"]


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (verify, backup, restore, report):
        app.command()(command)


def verify(
    head: Annotated[str, typer.Option(help="An end of the chain that was written down earlier, as 12:ab34….")] = "",
) -> None:
    """Check that nothing in the journal was changed or taken away behind the program's back."""
    noted = _head(head) if head else None
    with told() as settings, opened(settings) as running:
        verdict = running.book.verify_journal(noted)
    tell(verdict)


def backup(file: Annotated[Path, typer.Argument(help="The file to write; a manifest comes beside it.")]) -> None:
    """Copy the whole database into one file, while everything runs."""
    with told() as settings, opened(settings) as running:
        try:
            made = copies.backup(running.url, file, datetime.now(UTC))
        except BackupError as error:
            fail(str(error))
    print(f"{file}: {made.mails} mails, {made.dossiers} dossiers, {made.events} gebeurtenissen")
    print(f"Einde van het journaal: {made.position}:{made.link}")
    print("De sleutel van de namen zit er niet in: bewaar die apart.")


def restore(file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")]) -> None:
    """Put a copy back into an empty database, and verify it."""
    with told() as settings:
        try:
            url = driver(settings.database_url or server.embedded(settings.home))
            verdict = copies.restore(url, file)
        except (BackupError, server.ServerError) as error:
            fail(str(error))
        finally:
            if not settings.database_url:
                server.release(settings.home)
    tell(verdict)


def report(
    of: Annotated[int | None, typer.Argument(metavar="JAAR", help="Calendar year of receipt.")] = None,
    first: Annotated[datetime | None, typer.Option("--van", formats=["%Y-%m-%d"], help="First day instead.")] = None,
    last: Annotated[datetime | None, typer.Option("--tot", formats=["%Y-%m-%d"], help="Last day.")] = None,
    form: Annotated[Form, typer.Option("--vorm", help="tekst, csv, xlsx or json.")] = "tekst",
    out: Annotated[Path | None, typer.Option("--naar", help="Write to this file.")] = None,
) -> None:
    """The yearly report for the Vlaamse Ombudsdienst, with its sums checked."""
    if (first is None) != (last is None):
        fail("--van en --tot horen samen")
    if form == "xlsx" and out is None:
        fail("xlsx gaat naar een bestand: voeg --naar toe")
    chosen = year(of or date.today().year - 1)
    if first is not None and last is not None:
        chosen = Period(first.date(), last.date())
    with told() as settings, opened(settings) as running:
        made = running.book.report(chosen)
    if form == "tekst":
        lines = [f"{line.section}  {line.label:70} {_number(line.number):>8}" for line in made.lines]
        content = ("\n".join([*lines, *(f"Controle: {said}" for said in made.broken)]) + "\n").encode()
    else:
        content = {"csv": as_csv, "xlsx": as_xlsx}[form](made) if form != "json" else (as_json(made) + "\n").encode()
    if out is None:
        sys.stdout.write(content.decode())
    else:
        out.write_bytes(content)


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:g}".replace(".", ",")


def _head(words: str) -> Head:
    position, _, link = words.partition(":")
    if not position.isdigit() or not link:
        fail("--head ziet eruit als 12:ab34…, zoals `verify` en `backup` het tonen")
    return Head(int(position), link)


def tell(verdict: Verdict) -> None:
    """Print what `verify` found; ends with status 1 when something was."""
    for one in verdict.breaks:
        print(f"{one.kind}: {one.source} {one.row}")
    print(f"{verdict.rows} schakels nagekeken, {verdict.erased} gewist op besluit, {verdict.loose} nog niet geketend")
    print(f"Einde van het journaal: {verdict.head}")
    if not verdict.whole:
        raise typer.Exit(1)
