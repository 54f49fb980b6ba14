"""An index over rules, so that a mail is held against those alone that could apply to it.

For each rule it is known beforehand what must be so, whatever else holds. Sets of rules are whole numbers with one
bit a rule, so that ten thousand rules cost hardly more than a hundred.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from triage.clauses import Clause, Compare, Either, Every, Flag, Not, Plain, holds, names

# No value that a choice can have, so that it stands for every value that a condition does not name.
_OTHER = "\0"


@dataclass(frozen=True, slots=True)
class Index:
    """Which rules could hold, by what must be so for each of them. A rule is named by its rank."""

    always: int = 0
    """Rules that may hold although nothing was found."""
    wanted: Mapping[str, int] = field(default_factory=dict)
    """Per boolean or number the rules that could hold only now that it is true or above zero."""
    barred: Mapping[str, int] = field(default_factory=dict)
    """Per boolean the rules that cannot hold when it is true."""
    choices: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Per choice and value the rules that allow it."""

    def candidates(self, facts: Mapping[str, Plain], found: Iterable[str]) -> list[int]:
        """The ranks, in order, of all rules that could hold; no rule that does hold is missing.

        `found` names every fact that may differ from its default, and may name more.
        """
        rules, out = self.always, 0
        for name in found:
            if facts.get(name):
                rules |= self.wanted.get(name, 0)
                out |= self.barred.get(name, 0)
        rules &= ~out
        for name, allowed in self.choices.items():
            value = str(facts[name])
            rules &= allowed[value] if value in allowed else allowed[_OTHER]
        return list(_ranks(rules))


def index(clauses: Sequence[Clause], types: Mapping[str, str]) -> Index:
    """The index over conditions in the order of their rules; `types` gives the type of each name."""
    needs = [tuple(_conjuncts(clause)) for clause in clauses]
    keys = [[key for part in parts if (key := _key(part, types)) is not None] for parts in needs]
    common = Counter(name for several in keys for key in several for name in key)
    always: list[int] = []
    wanted: dict[str, list[int]] = {}
    barred: dict[str, list[int]] = {}
    for rank, (parts, several) in enumerate(zip(needs, keys, strict=True)):
        if several:
            for name in min(several, key=lambda key: (sum(common[name] for name in key), sorted(key))):
                wanted.setdefault(name, []).append(rank)
        else:
            always.append(rank)
        for name in _bars(parts, types):
            barred.setdefault(name, []).append(rank)
    return Index(
        always=_bits(always),
        wanted={name: _bits(ranks) for name, ranks in wanted.items()},
        barred={name: _bits(ranks) for name, ranks in barred.items()},
        choices=_choices(needs, types),
    )


def _conjuncts(clause: Clause) -> Iterator[Clause]:
    """Clauses that must all hold for this one to hold."""
    match clause:
        case Every(parts):
            for part in parts:
                yield from _conjuncts(part)
        case Not(Either(parts)):
            for part in parts:
                yield from _conjuncts(Not(part))
        case Not(Not(part)):
            yield from _conjuncts(part)
        case _:
            yield clause


def _key(clause: Clause, types: Mapping[str, str]) -> frozenset[str] | None:
    """Names of which one must be true or above zero for the clause to hold; None when it may hold without."""
    match clause:
        case Flag(name):
            return frozenset({name})
        case Compare(name) if types[name] != "keuze":
            rest: Plain = False if types[name] == "waar" else 0.0
            return None if holds(clause, {name: rest}) else frozenset({name})
        case Either(parts):
            keys = [_key(part, types) for part in parts]
            return None if None in keys else frozenset().union(*(key for key in keys if key is not None))
        case Every(parts):
            return next((key for part in parts if (key := _key(part, types)) is not None), None)
        case _:
            return None


def _bars(parts: Iterable[Clause], types: Mapping[str, str]) -> Iterator[str]:
    for part in parts:
        asked = names(part)
        if len(asked) == 1 and types[name := next(iter(asked))] == "waar" and not holds(part, {name: True}):
            yield name


def _choices(needs: Sequence[Sequence[Clause]], types: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Per choice that a rule depends on, and per value that one names, the rules that allow it."""
    asking: dict[str, list[tuple[int, Clause]]] = {}
    for rank, parts in enumerate(needs):
        for part in parts:
            asked = names(part)
            if len(asked) == 1 and types[name := next(iter(asked))] == "keuze":
                asking.setdefault(name, []).append((rank, part))
    every = (1 << len(needs)) - 1
    found: dict[str, dict[str, int]] = {}
    for name, asked_by in asking.items():
        values = {value for _, part in asked_by for value in _values(part)} | {_OTHER}
        refused: dict[str, list[int]] = {value: [] for value in values}
        for rank, part in asked_by:
            mine = {*_values(part), _OTHER}
            allowed = {value for value in mine if holds(part, {name: value})}
            for value in mine - allowed if _OTHER in allowed else values - allowed:
                refused[value].append(rank)
        found[name] = {value: every & ~_bits(ranks) for value, ranks in refused.items()}
    return found


def _values(clause: Clause) -> Iterator[str]:
    match clause:
        case Compare(_, _, value):
            yield str(value)
        case Not(part):
            yield from _values(part)
        case Every(parts) | Either(parts):
            for part in parts:
                yield from _values(part)
        case _:
            return


def _bits(ranks: Sequence[int]) -> int:
    """Ranks as one number, made of bytes so that long lists stay quick."""
    if not ranks:
        return 0
    found = bytearray(max(ranks) // 8 + 1)
    for rank in ranks:
        found[rank // 8] |= 1 << rank % 8
    return int.from_bytes(found, "little")


def _ranks(rules: int) -> Iterator[int]:
    while rules:
        lowest = rules & -rules
        yield lowest.bit_length() - 1
        rules ^= lowest
