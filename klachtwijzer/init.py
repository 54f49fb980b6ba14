"""`klachtwijzer init`: writes the settings in force down for a service, makes the register and its first account."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from klachtwijzer import first
from klachtwijzer.serve import Running, opened
from klachtwijzer.settings import Settings
from klachtwijzer.terminal import fail, told
from register import sealing

FILE = "klachtwijzer.env"
FOLDER = "geheim"
SECRETS = ("database_url", "key", "smtp_login", "imap", "imap_oauth", "relay", "dkim_key", "openid")
"""Settings that hold a password or a key: each stands in a file of its own, that the owner alone may read."""


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("init")(init)


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where settings and secrets go, as /etc/klachtwijzer.")
    ],
    account: Annotated[str, typer.Option(help="Name of the first account.")] = first.ACCOUNT,
) -> None:
    """Write the settings in force and the secrets to a folder, make the register, and give a first login link."""
    if (folder / FILE).exists():
        fail(f"{folder / FILE}: bestaat al; pas dat bestand aan, of kies een andere map")
    with told() as settings:
        try:
            chosen = _with_key(settings, folder)
            with opened(chosen) as running:
                link = _first_link(running, account)
            _write(chosen, folder)
        except OSError as trouble:
            fail(f"{trouble.filename or folder}: {trouble.strerror}")
    print(f"Instellingen: {folder / FILE} (geheimen in {folder / FOLDER})")
    print("Bewaar een kopie van de sleutel apart van de back-ups: zonder sleutel zijn namen niet meer te lezen.")
    print(f"Start het programma en open daarna, een keer en binnen het uur: http://{chosen.console_listen}{link}")


def _with_key(settings: Settings, folder: Path) -> Settings:
    """The settings with the key of names in hand; a key that lies in HOME stays the one."""
    secrets = folder / FOLDER
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    secrets.mkdir(mode=0o700, exist_ok=True)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.key:
        return settings
    lying = settings.home / "sleutel"
    key = sealing.at(lying if lying.exists() else secrets / "key")
    return settings.model_copy(update={"key": base64.b64encode(key.secret).decode()})


def _first_link(running: Running, account: str) -> str:
    if running.book.account(account) is None:
        running.book.create_account(account, None, first.ROLES)
    return f"/inloggen/{running.book.login_link(account)}"


def _write(settings: Settings, folder: Path) -> None:
    for name in SECRETS:
        if value := str(getattr(settings, name)):
            _put(folder / FOLDER / name, f"{value}\n", 0o600)
    # Written last and whole: a folder without it can be begun anew.
    aside = folder / f"{FILE}.nieuw"
    _put(aside, "\n".join(_lines(settings, folder)) + "\n", 0o640)
    aside.rename(folder / FILE)


def _put(file: Path, words: str, mode: int) -> None:
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as out:  # noqa: PTH123
        out.write(words)
    file.chmod(mode)


def _lines(settings: Settings, folder: Path) -> Iterator[str]:
    yield "# The settings of klachtwijzer, for systemd (EnvironmentFile) and for a shell (set -a; . FILE; set +a)."
    yield "# A line with # before its name holds the default. A secret stands in the file that NAME_FILE names."
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        variable = f"KLACHTWIJZER_{name.upper()}"
        yield f"\n# {field.description}"
        if name in SECRETS:
            secret = folder.absolute() / FOLDER / name
            yield f"{'' if value else '#'}{variable}_FILE={_quoted(str(secret))}"
        else:
            words = ",".join(value) if isinstance(value, tuple) else str(value)
            # What depends on who runs the program or from where is written down, lest it changes with them.
            same = value == field.default and not isinstance(value, Path)
            yield f"{'#' if same else ''}{variable}={_quoted(words)}"


def _quoted(words: str) -> str:
    """As systemd and a shell both read it back."""
    for sign in '\\"$`':
        words = words.replace(sign, f"\\{sign}")
    return f'"{words}"'
