"""How a letter shows another body: its checked contacts as lines, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

# A body that nobody looked at for so long is named in a warning; twice as long, and letters to it wait.
GROWS_OLD = timedelta(days=365)
TOO_OLD = 2 * GROWS_OLD


class Referable(Protocol):
    """What a letter needs to know of a body; `triage.shapes.Body` has it."""

    @property
    def id(self) -> str: ...
    @property
    def naam(self) -> str: ...
    @property
    def wat(self) -> str: ...
    @property
    def niet(self) -> str: ...
    @property
    def eerst(self) -> str: ...
    @property
    def checked(self) -> Mapping[str, str]: ...
    @property
    def nagekeken_op(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Listing:
    """A body as a letter may show it. The names are those that letters use."""

    id: str
    naam: str
    wat: str
    niet: str
    eerst: str
    telefoon: str
    """The bare number, or empty."""
    regels: tuple[str, ...]
    """One line per checked way to reach it; empty when nobody has checked one."""


def listing(body: Referable, labels: Mapping[str, str]) -> Listing:
    """The body with its checked contacts only; what is unchecked does not exist for a letter."""
    ways = body.checked
    hours = f" ({ways['uren']})" if "uren" in ways else ""
    lines: list[str] = []
    if number := ways.get("telefoon"):
        lines.append(f"{labels['telefoon']}: [{number}](tel:{number.replace(' ', '').replace('/', '')}){hours}")
    if chat := ways.get("chat"):
        lines.append(f"{labels['chat']}: {chat}")
    if site := ways.get("web"):
        lines.append(f"{labels['web']}: [{site}](https://{site})")
    if mail := ways.get("mail"):
        lines.append(f"{labels['mail']}: [{mail}](mailto:{mail})")
    if place := ways.get("adres"):
        lines.append(f"{labels['adres']}: {place}")
    if way := ways.get("vindplaats"):
        lines.append(way)
    return Listing(body.id, body.naam, body.wat, body.niet, body.eerst, ways.get("telefoon", ""), tuple(lines))


def grows_old(body: Referable, on: date) -> bool:
    """Whether somebody should look at its contacts again."""
    return on - body.nagekeken_op > GROWS_OLD


def too_old(body: Referable, on: date) -> bool:
    """Whether its contacts may no longer leave without a person having looked."""
    return on - body.nagekeken_op > TOO_OLD
