"""Values to JSON and back, without loss, whatever characters a mail holds."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Json = dict[str, Any]
Kind = TypeVar("Kind")

# PostgreSQL stores neither NUL nor half of a surrogate pair. Both are written as SUB and four hex digits, and a SUB
# of the writer's own likewise, so that the way back is sure.
_UNSTORABLE = re.compile("[\x00\x1a\ud800-\udfff]")
_ESCAPED = re.compile("\x1a([0-9a-f]{4})")
_LOST = re.compile("[\x00\ud800-\udfff]")


def as_text(words: str) -> str:
    """Words for a text column: what PostgreSQL cannot store becomes one replacement character each."""
    return _LOST.sub("\ufffd", words)


def storable(value: object) -> Any:
    """A value as JSON that PostgreSQL takes: dataclasses and mappings as objects, tuples as lists, moments as ISO.

    Finite numbers below 10^15 come back as they went; nothing we measure is larger.
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub(lambda found: f"\x1a{ord(found[0]):04x}", value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {storable(str(key)): storable(part) for key, part in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [storable(part) for part in value]
    if is_dataclass(value):
        return {field.name: storable(getattr(value, field.name)) for field in fields(value)}
    return value


def restored(kind: type[Kind], record: Json) -> Kind:
    """The value of that kind which `storable` wrote; fields that came later take their default."""
    hints = _hints(cast(Any, kind))
    return kind(**{name: _read(hint, record[name]) for name, hint in hints.items() if name in record})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _read(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        hint = _choose(get_args(hint), value)
    if isinstance(value, list):
        return tuple(_read(get_args(hint)[0], part) for part in value)
    if isinstance(value, dict):
        if is_dataclass(hint):
            return restored(cast(type[object], hint), value)
        return {_read(str, key): _read(get_args(hint)[1], part) for key, part in value.items()}
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    # JSON does not tell 2.0 from 2 once PostgreSQL has written it.
    return float(value) if hint is float else value


def _choose(hints: tuple[Any, ...], value: Any) -> Any:
    # One kind of JSON value fits at most one alternative of our unions: a list the tuple, an object the dataclass,
    # a string `str` or, where that is not allowed, the moment or day.
    if isinstance(value, list):
        return next(hint for hint in hints if get_origin(hint) is tuple)
    if isinstance(value, dict):
        return next(hint for hint in hints if is_dataclass(hint) or get_origin(hint) is not None)
    return next((hint for hint in (str, datetime, date) if isinstance(value, str) and hint in hints), NoneType)
