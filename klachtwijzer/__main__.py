"""The command `klachtwijzer`."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from typer.exceptions import TyperException

from klachtwijzer import (
    __version__,
    admission,
    archive,
    backlog,
    first,
    init,
    lettered,
    logs,
    move,
    new_key,
    rules,
    said,
    shown,
)
from klachtwijzer.evaluate import evaluate as evaluated
from klachtwijzer.ruleset import EAR, MODEL, Ruleset
from klachtwijzer.serve import ROLES, Running, opened
from klachtwijzer.serve import serve as serving
from klachtwijzer.terminal import AsJson, fail, told, wide
from triage.explain import explain as explained

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(rules.app, name="rules")
admission.add(app)
archive.add(app)
init.add(app)
move.add(app)
new_key.add(app)
app.add_typer(lettered.app, name="letters")


@app.command()
def serve(
    role: Annotated[
        list[str] | None, typer.Option(help=f"Only this role: {', '.join(ROLES)}. May be repeated.")
    ] = None,
) -> None:
    """Run the doors, the worker and the console until Ctrl-C."""
    roles = _roles(role)
    with told() as settings, opened(settings) as running:
        logs.configure()
        asyncio.run(serving(running, roles))


def _roles(chosen: list[str] | None) -> tuple[str, ...]:
    wrong = [role for role in chosen or () if role not in ROLES]
    if wrong:
        fail(f"unknown role {wrong[0]!r}; choose from {', '.join(ROLES)}")
    return tuple(dict.fromkeys(chosen or ROLES))


@app.command()
def run() -> None:
    """Everything in one process; on a first start the sample mails come in through the SMTP door."""
    screen = wide()
    with told() as settings, opened(settings) as running:
        new = first.is_first(running)

        def ready(started: Running) -> None:
            if new:
                screen.print(f"SMTP door open on {started.addresses['smtp']}; sending the sample mails …")
                files = {message_id: file for file, message_id in first.send_samples(started)}
                first.wait(started)
                shown.registered(screen, files, started.book.export())
            screen.print(f"Public page:   http://{started.addresses['chat']}/")
            screen.print(f"Staff console: {first.login_link(started)}   (works once)", soft_wrap=True)
            screen.print("Ctrl-C stops everything.")

        asyncio.run(serving(running, ROLES, ready))


@app.command()
def triage(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Mails as .eml files.")], as_json: AsJson = False
) -> None:
    """Say what each mail is about and what follows, without any database."""
    with told() as settings:
        pipeline = Ruleset(settings.rules).now().pipeline
    screen = wide()
    unread = False
    for path in files:
        line, judged = said.triage(path, pipeline)
        unread |= judged is None
        if as_json:
            print(json.dumps(line, ensure_ascii=False))
        elif judged is None:
            print(f"klachtwijzer: {path}: {line['fout']}", file=sys.stderr)
        else:
            shown.judged(screen, path.name, judged, explained(judged.assessment, judged.decision, pipeline.rulebook))
    if unread:
        raise typer.Exit(1)


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="A labelled set: .eml files and labels.jsonl.")],
    as_json: AsJson = False,
) -> None:
    """Score the triage on a labelled set."""
    with told() as settings:
        result = evaluated(folder, Ruleset(settings.rules).now().pipeline)
    if not result.gold:
        fail(f"{folder}: no labelled mail in it")
    if as_json:
        confusion = {
            field: [[wanted, got, number] for (wanted, got), number in sorted(result.confusion(field).items())]
            for field in ("sector", "uitkomst")
        }
        curve = [dict(zip(("drempel", "dekking", "fout"), point, strict=True)) for point in result.curve()]
        print(json.dumps({**result.scores, "verwarring": confusion, "curve": curve}, ensure_ascii=False))
    else:
        shown.evaluation(wide(), result)


@app.command()
def train(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER…", help="Labelled sets to learn from.")],
    sentences: Annotated[
        list[Path] | None, typer.Option(help="JSON lines of single sentences with their danger; may be repeated.")
    ] = None,
    target: Annotated[Path, typer.Option(help="Where the trained part is written.")] = MODEL,
    ear: Annotated[Path, typer.Option(help="Where the ear for danger is written.")] = EAR,
) -> None:
    """Learn from labelled mails; needs what `make test` installs."""
    # Only this command needs scikit-learn, which is no part of what runs in service.
    try:
        from klachtwijzer.learn import learn  # noqa: PLC0415
    except ModuleNotFoundError as error:
        fail(f"{error.name} is missing; run `make install-dev` first")
    with told() as settings:
        pipeline = Ruleset(settings.rules, trained=False).now().pipeline
        learned = learn(folders, sentences or (), pipeline, target, ear)
    print(f"learned from {len(learned.mails)} mails; written to {target} and {ear}")


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files .eml and .mbox, Maildirs, folders.")],
) -> None:
    """Take in back-mail; run it again after an interruption, and each mail is still there once."""
    with told() as settings:
        try:
            listed = backlog.files(paths)
        except OSError as error:
            fail(str(error))
        if not listed:
            fail("no mail in these folders: looked for .eml, .mbox and Maildir files")
        with opened(settings) as running:
            whole = shown.taken_in(Console(stderr=True), running.book, listed, settings.size_limit)
    if not whole:
        raise typer.Exit(1)


@app.command()
def explain(reference: Annotated[str, typer.Argument(help="A dossier, as KW-2026-00001.")]) -> None:
    """Say why the mails of a dossier were decided as they were."""
    with told() as settings, opened(settings) as running:
        found = running.book.file(reference)
        if found is None:
            fail(f"no dossier {reference}")
        for item in found.items:
            print(f"{item.reference or reference} · {item.received:%Y-%m-%d %H:%M} · {item.sender_address}")
            for sentence in running.story.why(item.digest):
                print(f"  {sentence}")


@app.command()
def export(as_json: AsJson = False) -> None:
    """Write every message on file, one JSON object a line."""
    if not as_json:
        fail("export writes JSON only: add --json")
    with told() as settings, opened(settings) as running:
        for line in running.book.export():
            print(json.dumps(line, ensure_ascii=False))


@app.callback(invoke_without_command=True)
def version(show: Annotated[bool, typer.Option("--version", help="Show the version.")] = False) -> None:
    """Takes in complaints, says what they are about, and registers, answers or hands them to a person."""
    if show:
        print(f"klachtwijzer {__version__} (model: {'yes' if MODEL.exists() else 'none'})")
        raise typer.Exit


def main() -> None:
    """Entry point: an error of use is one line and exit status 2; a closed pipe and Ctrl-C are no errors of ours."""
    try:
        status = app(standalone_mode=False)
    except TyperException as misuse:
        # Where help was asked for by saying nothing, it was printed and no message is left.
        if line := misuse.format_message():
            print(f"klachtwijzer: {line}", file=sys.stderr)
        status = 2
    except typer.Abort:
        status = 130
    except BrokenPipeError:
        sys.stdout = None
        status = 0
    sys.exit(status)


if __name__ == "__main__":
    main()
