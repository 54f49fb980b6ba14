"""The commands under `klachtwijzer rules`: check, test, compare and put in force what maintainers edit."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from klachtwijzer import exchange, shown_rules
from klachtwijzer.impact import impact
from klachtwijzer.labelled import BRUSSELS
from klachtwijzer.rehearsal import rehearse
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.serve import opened
from klachtwijzer.settings import CHECKOUT, Settings
from klachtwijzer.terminal import AsJson, fail, told, wide
from register import law
from register.versions import Versions
from responder import letter as letters
from triage import rulebook
from triage.mistakes import RulebookError

app = typer.Typer(no_args_is_help=True, help="The rules that maintainers edit.")
CASES = CHECKOUT / "tests" / "cases"

Folder = Annotated[Path | None, typer.Argument(help="Default: the folder of KLACHTWIJZER_RULES.")]
Who = Annotated[str, typer.Option(help="Who does this, for the history.")]
Why = Annotated[str, typer.Option(help="Why, for the history.")]


@app.command()
def check(
    folder: Folder = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As seen on that day; today.")] = None,
    overlaps: Annotated[bool, typer.Option("--overlaps", help="Every pair of rules that can hold together.")] = False,
) -> None:
    """Show every mistake in the rules at once."""
    with told() as settings:
        place = _folder(settings, folder)
        day = on.date() if on else _today()
        mistakes = sorted([*rulebook.check(place, letters=letters.load().ids, on=day), *law.check(place)])
        if overlaps:
            mistakes = [one for one in mistakes if one.name != "overlap"]
            mistakes = sorted([*mistakes, *rulebook.overlaps(rulebook.files(place))])
    for mistake in mistakes:
        print(f"{'waarschuwing' if mistake.warning else 'fout'}: {mistake}")
    wrong = sum(not mistake.warning for mistake in mistakes)
    print(f"{wrong} fout(en), {len(mistakes) - wrong} waarschuwing(en) in {place}")
    if wrong:
        raise typer.Exit(1)


@app.command()
def test(
    folder: Folder = None,
    cases: Annotated[Path, typer.Option(help="Folder with cases as YAML.")] = CASES,
) -> None:
    """Run the examples in the rules and the cases beside them."""
    with told() as settings:
        pipeline = Ruleset(_folder(settings, folder)).now().pipeline
        result = rehearse(pipeline, cases if cases.is_dir() else None, _today())
    for mistake in result.mistakes:
        print(f"fout: {mistake}")
    for failure in result.failures:
        print(f"anders: {failure}")
    wrong = len(result.failures) + len(result.mistakes)
    found = f"{wrong} niet zoals het hoort" if wrong else "alles zoals het hoort"
    print(f"{result.examples} voorbeelden en {result.cases} gevallen: {found}")
    if wrong:
        raise typer.Exit(1)


@app.command("impact")
def impact_(
    folder: Folder = None,
    since: Annotated[str, typer.Option(help="So long ago, as 90d or 12w, or a day as 2026-01-31; empty: all.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what the edited rules would change over the mails on file, beside the rules in force."""
    start = _since(since)
    with told() as settings, opened(settings) as running:
        versions = Versions(running.engine)
        place = _folder(settings, folder)
        _expect_sound(place)
        live = versions.files(versions.current() or "") or rulebook.files(settings.rules)
        screen = Console(stderr=True)
        with Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=screen) as bar:
            task = bar.add_task("mails", total=versions.count(start))
            result = impact(
                versions, live, rulebook.files(place), since=start, progress=lambda more: bar.advance(task, more)
            )
        console = f"http://{settings.console_listen}"
    if as_json:
        for line in shown_rules.lines(result, console):
            print(json.dumps(line, ensure_ascii=False))
    else:
        shown_rules.impact(wide(), result, console)


@app.command()
def shadow(
    folder: Annotated[Path | None, typer.Argument(help="Rules that look on from now; without, what they saw.")] = None,
    stop: Annotated[bool, typer.Option("--stop", help="No rules look on any more.")] = False,
    who: Who = "opdrachtregel",
    why: Why = "",
) -> None:
    """Let a second rulebook look on at incoming mail without effect, and list what it would decide otherwise."""
    with told() as settings, opened(settings) as running:
        versions = Versions(running.engine)
        if stop:
            print("de schaduwregels kijken niet meer mee" if versions.end_shadow(who=who, why=why) else _NO_SHADOW)
        elif folder is not None:
            book = _expect_sound(_folder(settings, folder))
            versions.take_over(book.fingerprint, rulebook.files(folder), who=who, why=why, role="schaduw")
            print(f"regels {book.short} kijken mee vanaf de volgende mail, zonder gevolg")
        elif (named := versions.current("schaduw")) is None:
            print(_NO_SHADOW)
        else:
            shown_rules.shades(wide(), named, *versions.shades(named), f"http://{settings.console_listen}")


@app.command()
def history(limit: Annotated[int, typer.Option(min=1, help="So many changes.")] = 20, as_json: AsJson = False) -> None:
    """Show who changed the rules in force, when, why and in which files."""
    with told() as settings, opened(settings) as running:
        turns = Versions(running.engine).history(limit=limit)
    for turn in turns:
        if as_json:
            print(json.dumps(shown_rules.turn(turn), ensure_ascii=False))
        else:
            shown_rules.told_turn(wide(), turn)


@app.command("export")
def export_(
    folder: Folder = None,
    version: Annotated[str, typer.Option(help="Fingerprint or its beginning; default: what is in force.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Also over edits that are nowhere else.")] = False,
) -> None:
    """Write the rules in force, or an earlier version, to a folder."""
    with told() as settings, opened(settings) as running:
        try:
            written = exchange.write_out(Versions(running.engine), folder or settings.rules, version, force=force)
        except exchange.ExchangeError as trouble:
            fail(str(trouble))
    print(f"regels {written[:12]} staan in {folder or settings.rules}")


@app.command("import")
def import_(
    why: Annotated[str, typer.Option(help="Why, for the history.")],
    folder: Folder = None,
    who: Who = "opdrachtregel",
    force: Annotated[bool, typer.Option("--force", help="Also over a change that was not made in a folder.")] = False,
) -> None:
    """Put the rules of a folder in force, for all workers at once."""
    with told() as settings, opened(settings) as running:
        place = _folder(settings, folder)
        book = _expect_sound(place)
        try:
            changed = exchange.take_in(Versions(running.engine), place, book.fingerprint, who, why, force=force)
        except exchange.ExchangeError as trouble:
            fail(str(trouble))
    print(f"regels {book.short} gelden {'vanaf de volgende mail' if changed else 'al'}")


_NO_SHADOW = "er kijken geen schaduwregels mee"


def _today() -> date:
    return datetime.now(BRUSSELS).date()


def _folder(settings: Settings, folder: Path | None) -> Path:
    place = folder or settings.rules
    if not place.is_dir():
        fail(f"{place}: no such folder")
    return place


def _expect_sound(place: Path) -> rulebook.Rulebook:
    """The rulebook of a folder; raises RulebookError with every mistake, those in the terms included."""
    if amiss := law.check(place):
        raise RulebookError(amiss)
    return rulebook.load(place, letters=letters.load().ids)


def _since(text: str) -> datetime | None:
    """The moment from which on mails count. Ends the command when it cannot be understood."""
    if not text:
        return None
    if found := re.fullmatch(r"(\d+)([dw])", text):
        days = int(found[1]) * (7 if found[2] == "w" else 1)
        try:
            return datetime.now(UTC) - timedelta(days=days)
        except OverflowError:
            return None
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), BRUSSELS)
    except ValueError:
        fail(f"--since {text}: write 90d, 12w or a day as 2026-01-31")
