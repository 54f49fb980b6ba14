"""From placed YAML to the shapes, with every mistake told in words of the maintainers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from triage.mistakes import Mistake, nearest
from triage.placed import Placed, Plain
from triage.shapes import Body, Contact, Danger, Decree, FactKind, OutcomeRule, Sector, Settings, Source, Then
from triage.terms import Cue, Signal, Voorbeelden

T = TypeVar("T")

_SHAPES = (
    Body,
    Contact,
    Danger,
    Decree,
    FactKind,
    OutcomeRule,
    Sector,
    Settings,
    Source,
    Then,
    Cue,
    Signal,
    Voorbeelden,
)
# Those of a case come by name, since `triage.cases` stands above this file.
_OF_A_CASE = frozenset({"naam", "mail", "op", "feiten", "delen", "bekend", "besluit"})
_KEYS = _OF_A_CASE | {field.name for shape in _SHAPES for field in fields(shape)}

# The library's own words are English; these are the slips that maintainers make.
_SAID = {
    "float_parsing": "hier hoort een getal, met een punt als komma",
    "int_parsing": "hier hoort een geheel getal",
    "bool_parsing": "hier hoort `true` of `false`",
    "bool_type": "hier hoort `true` of `false`",
    "date_parsing": "hier hoort een datum als 2026-11-23",
    "date_from_datetime_parsing": "hier hoort een datum als 2026-11-23",
    "date_type": "hier hoort een datum als 2026-11-23",
    "string_type": "hier hoort een tekst",
    "string_too_short": "hier staat een lege tekst",
    "tuple_type": "hier hoort een lijst",
    "mapping_type": "hier horen sleutels met waarden",
    "dict_type": "hier horen sleutels met waarden",
    "dataclass_type": "hier horen sleutels met waarden",
}


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One thing that was read, and where it stands."""

    value: T
    placed: Placed
    path: tuple[str | int, ...] = ()

    def mistake(  # noqa: PLR0913
        self,
        path: Sequence[str | int],
        name: str,
        what: str,
        hint: str = "",
        *,
        key: bool = False,
        warning: bool = False,
    ) -> Mistake:
        """A mistake somewhere inside this thing."""
        return self.placed.mistake((*self.path, *path), name, what, hint, key=key, warning=warning)

    @property
    def where(self) -> str:
        """The `file:line` of this thing."""
        return f"{self.placed.file}:{self.placed.place(self.path)[0]}"


@dataclass(frozen=True, slots=True)
class Written:
    """One thing as it stands in a file, whether or not it has the right shape."""

    id: str
    plain: dict[str, Plain]
    placed: Placed
    path: tuple[str | int, ...] = ()


def written(placed: Placed, *, many: bool) -> list[Written]:
    """The things of a file that at least say who they are."""
    parts = placed.plain if many and isinstance(placed.plain, list) else [placed.plain]
    found: list[Written] = []
    for place, part in enumerate(parts):
        if isinstance(part, dict) and isinstance(name := part.get("id"), str):
            found.append(Written(name, part, placed, (place,) if many else ()))
    return found


def entries(placed: Placed, shape: TypeAdapter[T], *, many: bool) -> tuple[list[Entry[T]], list[Mistake]]:
    """What the file holds (a list of things when `many`, else one thing) and its mistakes."""
    plain = placed.plain
    if many and plain is None:
        return [], []
    if not many:
        return _entry(placed, shape, ())
    if not isinstance(plain, list):
        return [], [
            placed.mistake((), "verkeerde-waarde", "dit bestand moet een lijst zijn", "begin elk stuk met `- `")
        ]
    found: list[Entry[T]] = []
    mistakes: list[Mistake] = []
    for place in range(len(plain)):
        more, wrong = _entry(placed, shape, (place,))
        found += more
        mistakes += wrong
    return found, mistakes


def _entry(placed: Placed, shape: TypeAdapter[T], path: tuple[int, ...]) -> tuple[list[Entry[T]], list[Mistake]]:
    plain = placed.plain[path[0]] if path and isinstance(placed.plain, list) else placed.plain
    try:
        return [Entry(shape.validate_python(plain), placed, path)], []
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
        return [], [_mistake(placed, path, detail) for detail in details]


def _mistake(placed: Placed, path: tuple[int, ...], detail: ErrorDetails) -> Mistake:
    loc: tuple[str | int, ...] = (*path, *detail["loc"])
    kind, last = detail["type"], str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "missing":
        return placed.mistake(loc[:-1], "ontbrekende-sleutel", f"`{last}` ontbreekt")
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        what = f"`{last}` is hier geen sleutel"
        return placed.mistake(loc, "onbekende-sleutel", what, nearest(last, _KEYS), key=True)
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))
        given = str(detail["input"])
        hint = nearest(given, allowed) or "kies uit " + ", ".join(allowed)
        key = last == "[key]"
        loc = loc[:-1] if key else loc
        return placed.mistake(loc, "onbekende-waarde", f"`{given}` kan hier niet staan", hint, key=key)
    if "-" in kind:
        return placed.mistake(loc, kind, detail["msg"])
    return placed.mistake(loc, "verkeerde-waarde", _SAID.get(kind, detail["msg"]))
