"""What people see of results in a terminal: tables and sentences."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from klachtwijzer.backlog import Tally, take_in
from klachtwijzer.evaluate import Evaluation
from klachtwijzer.said import Judged, Line
from register.book import Book


def judged(console: Console, file: str, one: Judged, sentences: Iterable[str]) -> None:
    """One mail: the proposal, and why."""
    decision = one.decision
    console.rule(file)
    console.print(
        f"{decision.soort} · {decision.sector} · {decision.betrokkene} → [bold]{decision.uitkomst}[/bold] "
        f"{', '.join(decision.instanties)} · {decision.dringendheid}"
        + (f" · [red]{', '.join(decision.gevaar)}[/red]" if decision.gevaar else "")
    )
    for sentence in sentences:
        console.print(f"  {sentence}", markup=False, highlight=False)


def registered(console: Console, files: Mapping[str, str], lines: Iterable[Mapping[str, object]]) -> None:
    """What became of mails that came in: a row each. `files` gives the file name per Message-ID."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("mail", "sector", "decreet", "uitkomst", "brief en dossier", "bevestigen\nvoor", "antwoorden\nvoor"):
        table.add_column(name, overflow="fold", no_wrap=name in ("mail", "uitkomst"))
    by_file = sorted((files.get(str(line["message_id"]), "?"), line) for line in lines)
    for file, line in by_file:
        table.add_row(
            file,
            str(line["sector"]),
            _first(line["decreten"]),
            str(line["uitkomst"]) + (" !" if line["dringendheid"] == "nu" else ""),
            _letter(line),
            str(line["bevestigen_voor"] or "–"),
            str(line["antwoorden_voor"] or "–"),
        )
    console.print(table)


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, list) and value else "–"


def _letter(line: Mapping[str, object]) -> str:
    letters = line["brieven"]
    written = letters[0]["sjabloon"] if isinstance(letters, list) and letters else ""
    return " · ".join(str(part) for part in (line["referentie"], written) if part) or "–"


def evaluation(console: Console, one: Evaluation) -> None:
    """Scores, confusion tables, the curve, and the worst errors with their explanation."""
    for name, value in one.scores.items():
        console.print(f"{name:24} {value:.3f}" if isinstance(value, float) else f"{name:24} {value}", highlight=False)
    for field in ("sector", "uitkomst"):
        _confusion(console, one, field)
    table = Table("drempel", "dekking", "foute brieven", title="dekking en fouten", box=box.SIMPLE_HEAD)
    for threshold, coverage, wrong in one.curve():
        table.add_row(f"{threshold:.2f}", f"{coverage:.3f}", f"{wrong:.3f}")
    console.print(table)
    for file, sentences in one.worst:
        label, said = one.gold[file], one.said[file]
        console.rule(file)
        console.print(f"gewenst: {_brief(label)}\nkreeg:   {_brief(said)}\n{label.get('waarom', '')}", markup=False)
        for sentence in sentences:
            console.print(f"  {sentence}", markup=False, highlight=False)


def _brief(values: Mapping[str, object] | Line) -> str:
    return f"{values['soort']} {values['sector']} {values['betrokkene']} {values['uitkomst']} {values['instanties']}"


def _confusion(console: Console, one: Evaluation, field: str) -> None:
    counted = one.confusion(field)
    values = sorted({value for pair in counted for value in pair})
    table = Table(title=f"{field}: gewenst (rij) en gekregen (kolom)", box=box.SIMPLE_HEAD)
    table.add_column("")
    for value in values:
        table.add_column(value[:6], justify="right")
    for wanted in values:
        table.add_row(wanted, *(str(counted[wanted, got] or "·") for got in values))
    console.print(table)


def taken_in(console: Console, book: Book, listed: Sequence[Path], size_limit: int) -> bool:
    """Takes in these files under a bar that grows, and tells what became of them; False when not all could be read."""
    tally = Tally()
    total = sum(path.stat().st_size for path in listed)
    columns = (TextColumn("inlezen"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            reading = bar.add_task("inlezen", total=total)
            take_in(book, listed, size_limit, tally, lambda octets: bar.advance(reading, octets))
    except KeyboardInterrupt:
        tally.troubles.append("Onderbroken. Geef hetzelfde commando opnieuw om verder te gaan.")
    except Exception as trouble:
        # The words of a database error may hold words of a mail.
        tally.troubles.append(f"Gestopt ({type(trouble).__name__}). Geef hetzelfde commando opnieuw om verder te gaan.")
    for line in tally.troubles:
        print(f"klachtwijzer: {line}", file=sys.stderr)
    large = f", {tally.cut} te groot en maar voor een deel gelezen" if tally.cut else ""
    print(f"{tally.new + tally.known} berichten gelezen: {tally.new} nieuw, {tally.known} al bekend{large}")
    return not tally.troubles
