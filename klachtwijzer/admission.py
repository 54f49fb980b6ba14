"""`klachtwijzer login-link`: a way in for who runs the program, or for a colleague who lost theirs."""

from typing import Annotated

import typer

from klachtwijzer import first
from klachtwijzer.serve import opened
from klachtwijzer.settings import Settings, address
from klachtwijzer.terminal import fail, told


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("login-link")(login_link)


def login_link(
    account: Annotated[str, typer.Argument(help="Name of the account; the first one is made when missing.")] = (
        first.ACCOUNT
    ),
) -> None:
    """Give a link that logs this account in, once and within the hour; also while the program runs."""
    with told() as settings, opened(settings) as running:
        if running.book.account(account) is None and account == first.ACCOUNT:
            running.book.create_account(account, None, first.ROLES)
        try:
            word = running.book.login_link(account)
        except LookupError:
            fail(f"er is geen account {account} dat open is")
    print(f"{_console(settings)}/inloggen/{word}")
    print("Dit adres werkt één keer, en binnen het uur.")


def _console(settings: Settings) -> str:
    """Where people reach the console, as far as the settings tell."""
    host, port = address(settings.console_listen)
    if settings.https or not port:
        # The name that people use, and a port that the system chose, are known to the site alone.
        return "https://ADRES-VAN-DE-CONSOLE" if settings.https else "http://ADRES-VAN-DE-CONSOLE"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
