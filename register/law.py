"""The law as dated data, read from `rules/`: terms, holidays, lists to choose from, and how long things are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, with_config

from triage.entries import entries
from triage.mistakes import Mistake, RulebookError
from triage.placed import read
from triage.shapes import Bron

_FORBID = ConfigDict(extra="forbid")
_SHIPPED = Path(__file__).resolve().parent.parent / "rules"
Days = Annotated[int, Field(ge=1, le=3660)]


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Term:
    """One term of a regime, in days after day 0."""

    id: Literal["bevestigen", "antwoorden"]
    dagen: Days
    wat: str
    """What must be done, as the end of a sentence."""
    bron: Bron
    verlengd: Days | None = None
    """The whole length after an extension; None when it cannot be extended."""


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class PauseGround:
    """A ground on which a rule lets the clock stand still."""

    id: str
    wat: str
    bron: Bron


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Regime:
    """The terms of one kind of file, as they held in a period."""

    id: str
    naam: str
    geldig_van: date
    telling: Literal["kalenderdagen", "werkdagen"]
    verschuift: bool
    """Whether a last day on a weekend or holiday moves to the next working day."""
    bron: Bron
    termijnen: tuple[Term, ...]
    geldig_tot: date | None = None
    """The last day 0 to which it applies."""
    waarschuw: tuple[Days, ...] = (7, 3, 1)
    """How many days before the last day a warning is given."""
    regels: tuple[str, ...] = ()
    """Outcome rules whose mails come under this regime; complaints are known by the policy itself."""
    pauze: tuple[PauseGround, ...] = ()

    def term(self, name: str) -> Term | None:
        """The term of that id."""
        return next((term for term in self.termijnen if term.id == name), None)


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday, on a fixed day of the year or so many days after Easter."""

    id: str
    naam: str
    geldig_van: date
    bron: Bron
    dag: Annotated[str, Field(pattern=r"^\d\d-\d\d$")] | None = None
    na_pasen: int | None = None
    geldig_tot: date | None = None


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list."""

    id: str
    naam: str
    bron: Bron | None = None
    telt: str = ""
    """The class that the yearly report counts it in, where that differs from the value."""
    geldig_van: date = date.min
    geldig_tot: date | None = None


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Choices:
    """A list to choose from."""

    id: str
    naam: str
    waarden: tuple[Choice, ...]
    bron: Bron | None = None


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Keeping:
    """How long something is kept before its persons are erased."""

    id: str
    wat: Literal["dossier", "bericht"]
    jaren: Annotated[int, Field(ge=0, le=200)]
    vanaf: Literal["gesloten", "ontvangen"]
    geldig_van: date
    bron: Bron
    geldig_tot: date | None = None


class _Dated(Protocol):
    @property
    def geldig_van(self) -> date: ...
    @property
    def geldig_tot(self) -> date | None: ...


OneDated = TypeVar("OneDated", bound=_Dated)


def in_force(all_: Iterable[OneDated], on: date) -> tuple[OneDated, ...]:
    """Those that hold on that day."""
    return tuple(one for one in all_ if one.geldig_van <= on and (one.geldig_tot is None or on <= one.geldig_tot))


@dataclass(frozen=True, slots=True)
class Law:
    """Everything dated that the register goes by."""

    regimes: tuple[Regime, ...]
    holidays: tuple[Holiday, ...]
    lists: tuple[Choices, ...]
    keeping: tuple[Keeping, ...]

    def regime(self, name: str, day_zero: date) -> Regime | None:
        """The regime of that id in force on day 0; None when there is none."""
        return next((regime for regime in in_force(self.regimes, day_zero) if regime.id == name), None)

    def regime_of_rule(self, rule: str, day_zero: date) -> Regime | None:
        """The regime that an outcome rule puts its mails under."""
        return next((regime for regime in in_force(self.regimes, day_zero) if rule in regime.regels), None)

    def choices(self, name: str, on: date | None = None) -> dict[str, str]:
        """Ids and names of a list in its order, all or those in force on a day. Raises KeyError."""
        found = next((one for one in self.lists if one.id == name), None)
        if found is None:
            raise KeyError(name)
        values = found.waarden if on is None else in_force(found.waarden, on)
        return {value.id: value.naam for value in values}

    def founded(self) -> tuple[str, ...]:
        """The findings that count as (partly) founded."""
        return tuple(
            value.id for one in self.lists if one.id == "bevinding" for value in one.waarden if value.telt == "gegrond"
        )


_SHELVES: tuple[tuple[str, TypeAdapter[object]], ...] = (
    ("termijnen.yaml", TypeAdapter(Regime)),
    ("feestdagen.yaml", TypeAdapter(Holiday)),
    ("keuzelijsten.yaml", TypeAdapter(Choices)),
    ("bewaring.yaml", TypeAdapter(Keeping)),
)


def load(folder: Path) -> Law:
    """The law in that folder of rules; raises RulebookError with every mistake as `file:line:column`."""
    law, mistakes = _assemble(folder)
    if mistakes:
        raise RulebookError(mistakes)
    return law


def check(folder: Path) -> list[Mistake]:
    """Every mistake in the four files, sorted by place."""
    return sorted(_assemble(folder)[1])


def of(folder: Path) -> Law:
    """The law of that folder; of the checkout when the folder holds outcome rules and none of the law."""
    return load(folder) if any((folder / name).exists() for name, _ in _SHELVES) else shipped()


@cache
def shipped() -> Law:
    """The law that comes with the checkout."""
    return load(_SHIPPED)


def _assemble(folder: Path) -> tuple[Law, list[Mistake]]:
    mistakes: list[Mistake] = []
    shelves: list[tuple[object, ...]] = []
    for name, shape in _SHELVES:
        found, wrong = _shelf(folder, name, shape)
        shelves.append(found)
        mistakes += wrong
    return Law(*shelves), mistakes  # type: ignore[arg-type]  # The adapters decide what each shelf holds.


def _shelf(folder: Path, name: str, shape: TypeAdapter[object]) -> tuple[tuple[object, ...], list[Mistake]]:
    try:
        text = (folder / name).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return (), [Mistake(name, 1, 1, "ontbrekend-bestand", f"{name} ontbreekt")]
    except UnicodeDecodeError:
        return (), [Mistake(name, 1, 1, "ongeldige-yaml", "dit bestand is geen UTF-8")]
    placed, mistakes = read(name, text)
    if placed.node is None and mistakes:
        return (), mistakes
    found, wrong = entries(placed, shape, many=True)
    mistakes += wrong
    seen: dict[str, tuple[date | None, int]] = {}
    for place, entry in enumerate(found):
        one: object = entry.value
        mistakes += [entry.mistake(path, "verkeerde-waarde", what, hint) for path, what, hint in _odd(one)]
        key, until = str(getattr(one, "id", place)), getattr(one, "geldig_tot", None)
        before = seen.get(key)
        if before is not None and (before[0] is None or getattr(one, "geldig_van", date.min) <= before[0]):
            what = f"`{key}` bestaat al en geldt nog"
            hint = "sluit het eerste af met `geldig_tot`"
            mistakes.append(entry.mistake(("id",), "dubbele-id", what, hint))
        seen[key] = (until, place)
    return tuple(entry.value for entry in found), mistakes


def _odd(one: object) -> list[tuple[tuple[str | int, ...], str, str]]:
    """What no type can say: a place in the thing, what is wrong, a hint."""
    odd: list[tuple[tuple[str | int, ...], str, str]] = []
    if isinstance(one, Regime):
        if one.term("antwoorden") is None:
            odd.append((("termijnen",), "`antwoorden` ontbreekt", "elke regeling heeft een termijn om te antwoorden"))
        for place, term in enumerate(one.termijnen):
            if term.verlengd is not None and term.verlengd <= term.dagen:
                odd.append((("termijnen", place, "verlengd"), "de verlenging is niet langer dan de termijn", ""))
    if isinstance(one, Holiday):
        if (one.dag is None) == (one.na_pasen is None):
            odd.append((("id",), "een feestdag heeft `dag` of `na_pasen`, en niet beide", ""))
        elif one.dag is not None and not _is_day(one.dag):
            odd.append((("dag",), f"`{one.dag}` is geen dag van het jaar", "schrijf maand-dag, zoals 07-21"))
    return odd


def _is_day(month_day: str) -> bool:
    try:
        date.fromisoformat(f"2024-{month_day}")
    except ValueError:
        return False
    return True
