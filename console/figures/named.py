"""What the values of a feature are called on a page."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from console import dates, words
from console.room import Room
from register.overview import directory_names

# Each feature of a dossier by which figures are made, as a heading.
FEATURES: Mapping[str, str] = {
    "sector": "Sector",
    "decreet": "Decreet",
    "organiser_kind": "Soort organisator",
    "themes": "Thema",
    "betrokkene": "Over wie",
    "organiser": "Organisator",
    "location": "Locatie",
    "severity": "Ernst",
    "reporter": "Melder",
    "form": "Afhandelingsvorm",
    "stream": "Hoe een deel behandeld wordt",
    "finding": "Eindbevinding",
    "norms": "Ombudsnorm",
    "mediation": "Bemiddeling",
    "outcomes": "Opvolging",
    "carriers": "Drager",
    "channels": "Kanaal",
    "handler": "Behandelaar",
    "month": "Maand",
    "year": "Jaar",
}
_LISTS: Mapping[str, str] = {
    "organiser_kind": "organisator",
    "themes": "thema",
    "severity": "ernst",
    "reporter": "melder",
    "form": "vorm",
    "stream": "stroom",
    "finding": "bevinding",
    "norms": "ombudsnorm",
    "mediation": "bemiddeling",
    "outcomes": "opvolging",
    "carriers": "drager",
    "channels": "kanaal",
}
AGES: Mapping[str, str] = {
    "0-10": "0 tot 10 dagen",
    "11-20": "11 tot 20 dagen",
    "21-45": "21 tot 45 dagen",
    "46-90": "46 tot 90 dagen",
    "> 90": "meer dan 90 dagen",
}
TERMS: Mapping[str, str] = {
    "in_time": "Op tijd beantwoord",
    "late": "Te laat beantwoord",
    "running": "Nog niet beantwoord",
    "acknowledged_in_time": "Op tijd bevestigd",
    "acknowledged_late": "Te laat bevestigd",
}


def namer(here: Room, feature: str, values: Iterable[str] = ()) -> Callable[[str], str]:
    """From a value of this feature to its words; `values` are those that will be asked of a directory."""
    if feature in ("sector", "decreet"):
        names = here.desk.glossary()
        field = "decreten" if feature == "decreet" else feature
        return lambda value: words.label(field, value, names) if value else _NOT_GIVEN
    if feature in ("organiser", "location"):
        with here.book.engine.connect() as connection:
            known = directory_names(connection, feature, values)
        return lambda value: known.get(value, f"nummer {value}") if value else _NOT_GIVEN
    if feature == "month":
        return month
    chosen = here.book.law.choices(_LISTS[feature]) if feature in _LISTS else {}
    return lambda value: _title(chosen.get(value) or words.readable(value)) if value else _NOT_GIVEN


def month(value: str) -> str:
    """`maart 2026` for `2026-03`."""
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        return value
    return dates.day(first).partition(" ")[2]


_NOT_GIVEN = "Niet ingevuld"


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]
