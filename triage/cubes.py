"""Conditions as sets of combinations of facts: what can be so, what lies in what, and what nothing catches.

A condition knows only booleans, choices and comparisons with constants, so each fact has a few *cells*: values that no
condition tells apart. A *cube* says for some facts which cells are allowed; a condition is a list of cubes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from triage.clauses import Clause, Compare, Constant, Either, Every, Flag, Not, Plain, holds, names
from triage.conditions import Vocabulary

Cube = Mapping[str, int]
"""Per fact the cells that are allowed, one bit each; a fact that is missing may be anything."""

# More alternatives than this in one condition are not worked out, and more steps than this in one question not taken.
MOST_CUBES = 256
MOST_STEPS = 4_000


class TooManyError(Exception):
    """The question would take too long; nothing is known about the answer."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of every fact that some condition asks for."""

    values: Mapping[str, tuple[Plain, ...]]
    """Per fact one value out of each cell."""
    rest: Mapping[str, int]
    """Per fact the bit of the cell in which it lies when nobody found it."""
    full: Mapping[str, int] = field(default_factory=dict)
    """Per fact all bits."""

    def cubes(self, clause: Clause) -> list[Cube]:
        """The cubes that together are the condition; raises TooManyError."""
        return self._cubes(clause, wanted=True)

    def _cubes(self, clause: Clause, *, wanted: bool) -> list[Cube]:
        asked = names(clause)
        match clause:
            case Constant(value):
                return [{}] if value is wanted else []
            case _ if len(asked) == 1:
                return self._single(clause, next(iter(asked)), wanted=wanted)
            case Not(part):
                return self._cubes(part, wanted=not wanted)
            case Every(parts) | Either(parts):
                several = [self._cubes(part, wanted=wanted) for part in parts]
                return _product(several) if isinstance(clause, Every) is wanted else _sum(several)
            case _:
                return []

    def _single(self, clause: Clause, name: str, *, wanted: bool) -> list[Cube]:
        bits = sum(
            1 << place for place, value in enumerate(self.values[name]) if holds(clause, {name: value}) is wanted
        )
        if bits == self.full[name]:
            return [{}]
        return [{name: bits}] if bits else []

    def example(self, cube: Cube) -> dict[str, Plain]:
        """One combination out of a cube: what nobody need have found stays as it is."""
        found = {}
        for name, bits in sorted(cube.items()):
            if not bits & self.rest[name]:
                found[name] = self.values[name][(bits & -bits).bit_length() - 1]
        return found


def cells(clauses: Iterable[Clause], words: Vocabulary) -> Cells:
    """The cells that these conditions tell apart."""
    constants: dict[str, set[Plain]] = {}
    for clause in clauses:
        for atom in _atoms(clause):
            constants.setdefault(atom.name, set()).update({atom.value} if isinstance(atom, Compare) else ())
    values = {name: _values(name, found, words) for name, found in constants.items()}
    rest = {name: 1 << _rest(found, words.defaults[name]) for name, found in values.items()}
    return Cells(values, rest, {name: (1 << len(found)) - 1 for name, found in values.items()})


def meet(one: Cube, other: Cube) -> Cube | None:
    """What lies in both cubes, or None when nothing does."""
    found = dict(one)
    for name, bits in other.items():
        left = found.get(name, -1) & bits
        if not left:
            return None
        found[name] = left
    return found


def inside(one: Cube, other: Cube) -> bool:
    """Whether all of `one` lies in `other`."""
    return all(name in one and not one[name] & ~bits for name, bits in other.items())


def outside(cube: Cube, others: Sequence[Cube], grid: Cells, *, steps: int = MOST_STEPS) -> Cube | None:
    """A part of `cube` of which nothing lies in any of `others`; None when there is none. Raises TooManyError."""
    if (point := _plainest(cube, others, grid)) is not None:
        return point
    left = [steps]
    return _search(dict(cube), others, grid, left)


def _plainest(cube: Cube, others: Sequence[Cube], grid: Cells) -> Cube | None:
    """The part in which nothing more was found than the cube asks for, when that is outside."""
    point = {name: bits & grid.rest[name] or bits & -bits for name, bits in cube.items()}
    for other in others:
        if all(point.get(name, grid.rest[name]) & bits for name, bits in other.items()):
            return None
    return {**grid.rest, **point}


def _search(cube: dict[str, int], others: Sequence[Cube], grid: Cells, left: list[int]) -> Cube | None:
    while True:
        left[0] -= 1
        if left[0] < 0:
            raise TooManyError
        live, narrow = [], None
        for other in others:
            open_ = [name for name, bits in other.items() if cube.get(name, grid.full[name]) & ~bits]
            if not open_:
                return None
            if all(cube.get(name, -1) & bits for name, bits in other.items()):
                live.append(other)
                if len(open_) == 1:
                    narrow = (open_[0], other[open_[0]])
        if not live:
            return cube
        others = live
        if narrow is None:
            break
        # Only one fact still decides whether this cube lies in the other, so it must be outside there.
        cube[narrow[0]] = cube.get(narrow[0], grid.full[narrow[0]]) & ~narrow[1]
    name, bits = _splitting(cube, live, grid)
    now = cube.get(name, grid.full[name])
    for part in (now & ~bits, now & bits):
        found = _search({**cube, name: part}, live, grid, left)
        if found is not None:
            return found
    return None


def _splitting(cube: Cube, live: Sequence[Cube], grid: Cells) -> tuple[str, int]:
    """The fact and its cells that most of the cubes depend on."""
    counted: dict[tuple[str, int], int] = {}
    for other in live:
        for name, bits in other.items():
            if cube.get(name, grid.full[name]) & ~bits:
                counted[name, bits] = counted.get((name, bits), 0) + 1
    return max(counted, key=lambda one: (counted[one], one))


def _atoms(clause: Clause) -> Iterator[Flag | Compare]:
    match clause:
        case Flag() | Compare():
            yield clause
        case Not(part):
            yield from _atoms(part)
        case Every(parts) | Either(parts):
            for part in parts:
                yield from _atoms(part)
        case Constant():
            return


def _values(name: str, constants: set[Plain], words: Vocabulary) -> tuple[Plain, ...]:
    kind = words.types[name]
    if kind == "waar":
        return (False, True)
    if kind == "keuze":
        named = {str(value) for value in constants} | {str(words.defaults[name])}
        possible = words.values.get(name)
        more = sorted(possible - named)[:1] if possible else ["iets anders"]
        return (*sorted(named), *more)
    edges = sorted({0.0, 1.0, *(float(value) for value in constants)})
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    return tuple(sorted([*edges, *between]))


def _rest(values: Sequence[Plain], default: Plain) -> int:
    return next(place for place, value in enumerate(values) if value == default)


def _product(several: Sequence[list[Cube]]) -> list[Cube]:
    found: list[Cube] = [{}]
    for cubes in several:
        found = [both for one in found for other in cubes if (both := meet(one, other)) is not None]
        if len(found) > MOST_CUBES:
            raise TooManyError
    return found


def _sum(several: Sequence[list[Cube]]) -> list[Cube]:
    found = [cube for cubes in several for cube in cubes]
    if len(found) > MOST_CUBES:
        raise TooManyError
    return found
