"""Does every rule ever get its turn? Dead and shadowed rules, overlaps, and what only the last line catches.

All of it is worked out over the conditions alone and is exact; a question that would take too long is told as such.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from triage.clauses import Clause, Constant, Every, Flag, Not, Plain, names
from triage.conditions import Condition, Vocabulary, flag_name
from triage.cubes import Cells, Cube, TooManyError, cells, inside, meet, outside
from triage.entries import Entry
from triage.mistakes import Mistake
from triage.shapes import OutcomeRule
from triage.vocabulary import ACUUT

# What `triage.grounds` never makes: an acute danger class that is not acute, a known dossier without a register.
_NEVER: tuple[Clause, ...] = (
    *(Every((Flag(flag_name("gevaar", danger)), Not(Flag("acuut")))) for danger in sorted(ACUUT)),
    Every((Flag("bekend_dossier"), Flag("zonder_register"))),
)
# So many others are named in one warning.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule with its condition as cubes."""

    rank: int
    entry: Entry[OutcomeRule]
    cubes: tuple[Cube, ...]

    @property
    def id(self) -> str:
        return self.entry.value.id

    def lasts(self, other: "_Rule") -> bool:
        """Whether this rule is in force on every day on which the other is."""
        mine, theirs = self.entry.value, other.entry.value
        begun = mine.geldig_van is None or (theirs.geldig_van is not None and mine.geldig_van <= theirs.geldig_van)
        return begun and (
            mine.geldig_tot is None or (theirs.geldig_tot is not None and theirs.geldig_tot <= mine.geldig_tot)
        )

    def meets(self, other: "_Rule") -> bool:
        """Whether there is a day on which both are in force."""
        mine, theirs = self.entry.value, other.entry.value
        first = max(mine.geldig_van or date.min, theirs.geldig_van or date.min)
        return first <= min(mine.geldig_tot or date.max, theirs.geldig_tot or date.max)


@dataclass(slots=True)
class Reach:
    """The rules of a rulebook before the questions that are asked of them together."""

    rules: list[_Rule] = field(default_factory=list)
    """Without the last one, and without any that always holds: that is a mistake of its own."""
    last: Entry[OutcomeRule] | None = None
    grid: Cells = field(default_factory=lambda: Cells({}, {}))
    never: tuple[Cube, ...] = ()
    unknown: list[Mistake] = field(default_factory=list)
    """Questions that would have taken too long."""
    _holders: dict[str, dict[int, int]] = field(default_factory=dict)
    _asking: dict[str, int] = field(default_factory=dict)

    def dead(self) -> Iterator[Mistake]:
        """Rules that can never win: on their own, or since earlier rules catch all that they hold of."""
        for rule in self.rules:
            live = [cube for cube in rule.cubes if not any(inside(cube, one) for one in self.never)]
            if not live:
                yield rule.entry.mistake(("als",), "dode-regel", "deze voorwaarde kan nooit waar zijn")
                continue
            earlier = [one for one in self._near(rule) if one.rank < rule.rank and one.lasts(rule)]
            try:
                covered = self._covered(live, earlier)
            except TooManyError:
                self._give_up(rule, "of ooit een mail bij deze regel komt")
                continue
            if covered:
                yield self._told_dead(rule, live, earlier)

    def overlaps(self, *, between_files: bool = False) -> Iterator[Mistake]:
        """Rules that can hold together with an earlier one that concludes something else.

        Files stand in the order of the policy, so that between files the order is meant; with `between_files` those
        pairs are told as well, and every pair on its own. A rule inside another is an exception to it, and meant.
        """
        for rule in self.rules:
            near = (one for one in self._near(rule) if one.rank < rule.rank and _differ(one, rule))
            pairs = (one for one in near if between_files or one.entry.placed.file == rule.entry.placed.file)
            met = ((one, both) for one in pairs if (both := self._shared(one, rule)) is not None)
            for one, shared in met:
                more = () if between_files else tuple(other.id for other, _ in islice(met, _NAMED))
                what = (
                    f"`{rule.id}` ({rule.entry.value.dan.uitkomst}) past soms samen met `{one.id}` "
                    f"({one.entry.value.dan.uitkomst}){', net als met ' * bool(more)}"
                    f"{', '.join(f'`{name}`' for name in more)}; de eerste wint"
                )
                hint = (
                    f"bijvoorbeeld bij: {spoken(self.grid.example(shared))}. Is dat bedoeld, zet dan `na: [{one.id}]`"
                )
                yield rule.entry.mistake(("als",), "overlap", what, hint, warning=True)
                if not between_files:
                    break

    def gaps(self) -> Iterator[Mistake]:
        """One combination per value of `soort` that only the last line catches."""
        if self.last is None:
            return
        lasting = [rule for rule in self.rules if not rule.entry.value.geldig_van and not rule.entry.value.geldig_tot]
        dated = [rule for rule in self.rules if rule.entry.value.geldig_tot is None and rule not in lasting]
        caught = [cube for rule in sorted([*lasting, *dated], key=lambda one: one.rank) for cube in rule.cubes]
        found: list[str] = []
        for place in range(len(self.grid.values.get("soort", ("",)))):
            start: Cube = {"soort": 1 << place} if "soort" in self.grid.values else {}
            try:
                left = outside(start, [*caught, *self.never], self.grid)
            except TooManyError:
                self._give_up(self.last, "welke combinaties alleen de laatste regel vangt")
                return
            if left is not None:
                found.append(spoken(self.grid.example(left)))
        if found:
            what = f"alleen de laatste regel vangt bijvoorbeeld: {'; '.join(found)}"
            yield self.last.mistake((), "gat", what, "zo niet, dan ontbreekt er een regel", warning=True)

    def _near(self, rule: _Rule) -> list[_Rule]:
        """The rules of which something lies in the same place as this one, in order."""
        found = 0
        for cube in rule.cubes:
            place = (1 << len(self.rules)) - 1
            for name, bits in cube.items():
                allowed = ~self._asking.get(name, 0)
                for bit, holders in self._holders.get(name, {}).items():
                    allowed |= holders if bits & bit else 0
                place &= allowed
            found |= place
        return [one for place, one in enumerate(self.rules) if found >> place & 1 and one is not rule]

    def _covered(self, cubes: Sequence[Cube], by: Iterable[_Rule]) -> bool:
        others = [*(cube for one in by for cube in one.cubes), *self.never]
        return all(outside(cube, others, self.grid) is None for cube in cubes)

    def _told_dead(self, rule: _Rule, live: Sequence[Cube], earlier: list[_Rule]) -> Mistake:
        for one in earlier:
            if self._covered(live, [one]):
                what = f"`{one.id}` ({one.entry.where}) komt eerst en past op alles waarop deze regel past"
                return rule.entry.mistake(("als",), "overschaduwd", what, "zet deze regel ervoor, of schrap hem")
        needed = list(earlier)
        for one in earlier:
            fewer = [other for other in needed if other is not one]
            needed = fewer if self._covered(live, fewer) else needed
        told = ", ".join(f"`{one.id}`" for one in needed)
        what = f"eerdere regels vangen samen alles waarop deze regel past: {told}"
        return rule.entry.mistake(("als",), "dode-regel", what, "zet deze regel ervoor, of schrap hem")

    def _shared(self, one: _Rule, other: _Rule) -> Cube | None:
        """What both hold of, unless one lies within the other."""
        shared = [both for a in one.cubes for b in other.cubes if (both := meet(a, b)) is not None]
        try:
            possible = (outside(cube, self.never, self.grid) for cube in shared)
            found = next((cube for cube in possible if cube is not None), None)
            within = found is None or self._covered(one.cubes, [other]) or self._covered(other.cubes, [one])
            return None if within else found
        except TooManyError:
            self._give_up(other, f"of ze samen met `{one.id}` past")
            return None

    def _give_up(self, rule: "_Rule | Entry[OutcomeRule]", what: str) -> None:
        entry = rule.entry if isinstance(rule, _Rule) else rule
        self.unknown.append(
            entry.mistake(("als",), "niet-uitgezocht", f"te ingewikkeld om uit te zoeken {what}", warning=True)
        )


def reach(outcomes: Sequence[Entry[OutcomeRule]], ready: Mapping[str, Condition], words: Vocabulary) -> Reach:
    """The questions for these rules; one without a sound condition is left out, as its mistake was told."""
    asked = [ready[entry.value.id].clause for entry in outcomes if entry.value.id in ready]
    never = [clause for clause in _NEVER if names(clause) <= words.types.keys()]
    found = Reach(last=outcomes[-1] if outcomes else None, grid=cells([*asked, *never], words))
    found.never = tuple(cube for clause in never for cube in found.grid.cubes(clause))
    for rank, entry in enumerate(outcomes[:-1]):
        condition = ready.get(entry.value.id)
        if condition is None or condition.clause == Constant(True):
            continue
        try:
            rule = _Rule(rank, entry, tuple(found.grid.cubes(condition.clause)))
        except TooManyError:
            found._give_up(entry, "wat deze voorwaarde met andere regels deelt")
            continue
        place = 1 << len(found.rules)
        found.rules.append(rule)
        _shelve(found, rule, place)
    return found


def _shelve(found: Reach, rule: _Rule, place: int) -> None:
    """Remembers by every cell that a rule asks for in all its cubes which rules allow it."""
    shared = set.intersection(*(set(cube) for cube in rule.cubes)) if rule.cubes else set()
    for name in shared:
        found._asking[name] = found._asking.get(name, 0) | place
        holders = found._holders.setdefault(name, {})
        for cell in range(len(found.grid.values[name])):
            if any(cube[name] >> cell & 1 for cube in rule.cubes):
                holders[1 << cell] = holders.get(1 << cell, 0) | place


def _differ(one: _Rule, other: _Rule) -> bool:
    """Whether the two conclude different things on some day, and nobody said that the order is meant."""
    outcomes = {one.entry.value.dan.uitkomst, other.entry.value.dan.uitkomst}
    return len(outcomes) > 1 and one.id not in other.entry.value.na and one.meets(other)


def spoken(facts: Mapping[str, Plain]) -> str:
    """A combination of facts in Dutch; what is not named was not found."""
    return ", ".join(_fact(name, value) for name, value in facts.items()) or "een mail waarin niets gevonden werd"


def _fact(name: str, value: Plain) -> str:
    if isinstance(value, bool):
        return name if value else f"niet {name}"
    return f"{name} {value}" if isinstance(value, str) else f"{name} {value:.2f}".replace(".", ",")
