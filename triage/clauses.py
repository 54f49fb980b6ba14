"""A condition as a small tree, so that we can say which part of it failed.

rule-engine says whether a condition holds; this tree says why it does not. A test keeps both in step.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Plain = bool | str | float


@dataclass(frozen=True, slots=True)
class Flag:
    """A fact that must be true."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A fact against a constant."""

    name: str
    sign: str
    """One of == != < <= > >=."""
    value: Plain


@dataclass(frozen=True, slots=True)
class Constant:
    value: bool


@dataclass(frozen=True, slots=True)
class Not:
    part: "Clause"


@dataclass(frozen=True, slots=True)
class Every:
    parts: "tuple[Clause, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    parts: "tuple[Clause, ...]"


Clause = Flag | Compare | Constant | Not | Every | Either


def holds(clause: Clause, facts: Mapping[str, Plain]) -> bool:
    """Whether the clause is true of the facts."""
    match clause:
        case Flag(name):
            return bool(facts[name])
        case Compare():
            return _compare(clause, facts[clause.name])
        case Constant(value):
            return value
        case Not(part):
            return not holds(part, facts)
        case Every(parts):
            return all(holds(part, facts) for part in parts)
        case Either(parts):
            return any(holds(part, facts) for part in parts)


def first_failure(clause: Clause, facts: Mapping[str, Plain]) -> Clause | None:
    """The first conjunct that is false of the facts, or None when the clause holds."""
    for part in clause.parts if isinstance(clause, Every) else (clause,):
        if isinstance(part, Every):
            inner = first_failure(part, facts)
            if inner is not None:
                return inner
        elif not holds(part, facts):
            return part
    return None


def carriers(clause: Clause, facts: Mapping[str, Plain] | None = None) -> tuple[str, ...]:
    """The names of the facts that make a holding clause true, in order, each once; without facts, those that could.

    Facts that count by their absence (`not x`) are left out: nothing in the mail carries them.
    """
    return tuple(dict.fromkeys(_carriers(clause, facts)))


def names(clause: Clause) -> frozenset[str]:
    """Every fact that the clause asks for."""
    match clause:
        case Flag(name) | Compare(name):
            return frozenset({name})
        case Not(part):
            return names(part)
        case Every(parts) | Either(parts):
            return frozenset().union(*(names(part) for part in parts))
        case Constant():
            return frozenset()


def spoken(clause: Clause) -> str:
    """The clause as its author could have written it."""
    match clause:
        case Flag(name):
            return name
        case Compare(name, sign, value):
            return f'{name} {sign} "{value}"' if isinstance(value, str) else f"{name} {sign} {value}"
        case Constant(value):
            return "altijd" if value else "nooit"
        case Not(part):
            inner = spoken(part)
            return f"niet ({inner})" if isinstance(part, Every | Either) else f"niet {inner}"
        case Every(parts):
            return " en ".join(f"({spoken(part)})" if isinstance(part, Either) else spoken(part) for part in parts)
        case Either(parts):
            return " of ".join(spoken(part) for part in parts)


def _compare(clause: Compare, found: Plain) -> bool:
    if clause.sign == "==":
        return found == clause.value
    if clause.sign == "!=":
        return found != clause.value
    if isinstance(found, str) or isinstance(clause.value, str):
        return False
    left, right = float(found), float(clause.value)
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[clause.sign]


def _carriers(clause: Clause, facts: Mapping[str, Plain] | None) -> Iterator[str]:
    match clause:
        case Flag(name):
            yield name
        case Compare(name, sign):
            if sign != "!=":
                yield name
        case Every(parts):
            for part in parts:
                yield from _carriers(part, facts)
        case Either(parts):
            for part in parts:
                if facts is None or holds(part, facts):
                    yield from _carriers(part, facts)
        case Not() | Constant():
            return


def lacking(clause: Clause, facts: Mapping[str, Plain]) -> str:
    """In Dutch, why a clause that is false of the facts is false."""
    match clause:
        case Flag(name):
            said = f"`{name}` staat niet vast"
        case Not(Flag(name)):
            said = f"`{name}` staat wel vast"
        case Compare(name, sign, value):
            tail = {"==": f", niet {_dutch(value)}", "!=": ""}.get(sign, f", dus niet {sign} {_dutch(value)}")
            said = f"`{name}` is {_dutch(facts[name])}{tail}"
        case Either(parts):
            said = "niets hiervan geldt: " + "; ".join(spoken(part) for part in parts)
        case _:
            said = f"dit geldt niet: {spoken(clause)}"
    return said


def _dutch(value: Plain) -> str:
    if isinstance(value, bool):
        return "waar" if value else "niet waar"
    return value if isinstance(value, str) else f"{value:.2f}".replace(".", ",")
