"""Do the parts of the rules fit together? Every name that points somewhere must arrive."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from triage.conditions import Condition, Vocabulary, compiled
from triage.entries import Entry, Written
from triage.mistakes import Mistake, nearest
from triage.patterns import blind
from triage.shapes import Body, Danger, Decree, FactKind, OutcomeRule, Sector, Settings
from triage.terms import Cue, Signal
from triage.vocabulary import GEVAREN

# Stand among the bodies of a rule for the body that the facts name, and for those of the dangers found.
BODY_OF_FACTS = "$instantie"
BODIES_OF_DANGERS = "$gevaren"
DOUBTFUL = frozenset({"soort", "sector", "betrokkene", "instantie"})


@dataclass(slots=True)
class Draft:
    """What was read from the files, before anybody looked whether it fits together."""

    facts: list[Entry[FactKind]] = field(default_factory=list)
    outcomes: list[Entry[OutcomeRule]] = field(default_factory=list)
    signals: list[Entry[Signal]] = field(default_factory=list)
    cues: list[Entry[Cue]] = field(default_factory=list)
    bodies: list[Entry[Body]] = field(default_factory=list)
    sectors: list[Entry[Sector]] = field(default_factory=list)
    decrees: list[Entry[Decree]] = field(default_factory=list)
    dangers: list[Entry[Danger]] = field(default_factory=list)
    settings: list[Entry[Settings]] = field(default_factory=list)
    written: dict[str, list[Written]] = field(default_factory=dict)
    """By the name of the list above, also what could not be read."""

    def ids(self, kind: str) -> frozenset[str]:
        """The ids that the files name, also those of things with a mistake, so that one mistake is told once."""
        return frozenset(one.id for one in self.written.get(kind, ()))


def filled_in(draft: Draft) -> dict[str, FactKind]:
    """The facts, with `$sectoren` and the like replaced by the names in those folders."""
    lists = {"$instanties": "bodies", "$sectoren": "sectors", "$decreten": "decrees", "$gevaren": "dangers"}
    facts: dict[str, FactKind] = {}
    for entry in draft.facts:
        values: list[str] = []
        for value in entry.value.waarden:
            values += [one.id for one in draft.written.get(lists[value], ())] if value in lists else [value]
        facts[entry.value.id] = replace(entry.value, waarden=tuple(values))
    return facts


def conditions(found: Sequence[Written], words: Vocabulary) -> tuple[dict[str, Condition], list[Mistake]]:
    """The compiled condition per rule or decree that has one, and every mistake in them at its own column.

    Reads what was written, so that a rule with another mistake has its condition checked as well.
    """
    ready: dict[str, Condition] = {}
    mistakes: list[Mistake] = []
    for one in found:
        text = one.plain.get("als")
        if not isinstance(text, str):
            continue
        condition, faults = compiled(text, words)
        if condition is not None:
            ready[one.id] = condition
        for fault in faults:
            line, column = one.placed.place_inside((*one.path, "als"), fault.offset)
            mistakes.append(Mistake(one.placed.file, line, column, fault.name, fault.what, fault.hint))
    return ready, mistakes


def unfit(draft: Draft, facts: Mapping[str, FactKind], letters: Iterable[str] | None) -> Iterator[Mistake]:
    """Every mistake that only shows when the files are seen together."""
    named: tuple[Named, ...] = (draft.bodies, draft.sectors, draft.decrees)
    for entries in (draft.facts, draft.outcomes, draft.signals, draft.dangers, *named):
        yield from _twice(entries)
    for entries in named:
        yield from _misnamed(entries)
    bodies, decrees = draft.ids("bodies"), draft.ids("decrees")
    yield from _facts(draft)
    for rule in draft.outcomes:
        yield from _outcome(rule, facts, bodies, None if letters is None else frozenset(letters))
    if len(draft.outcomes) == len(draft.written.get("outcomes", ())):
        yield from _last(draft.outcomes)
        yield from _order(draft.outcomes, draft.ids("outcomes"))
    yield from _words(draft, facts)
    for sector in draft.sectors:
        yield from _known(sector, ("decreet",), sector.value.decreet, decrees, "onbekend-decreet")
    for danger in draft.dangers:
        yield from _known(danger, ("instanties",), danger.value.instanties, bodies, "onbekende-instantie")
        if danger.value.id not in GEVAREN:
            yield danger.mistake(
                ("id",), "onbekende-waarde", f"`{danger.value.id}` is geen gevarenklasse", "D1 tot D12"
            )
    yield from _settings(draft)


def _words(draft: Draft, facts: Mapping[str, FactKind]) -> Iterator[Mistake]:
    signals = draft.ids("signals")
    for signal in draft.signals:
        yield from _signal(signal, facts, signals)
        yield from _blind(signal)
    for cue in draft.cues:
        yield from _blind(cue)
        if not (cue.value.woorden or cue.value.letterlijk or cue.value.patronen or cue.value.talen):
            yield cue.mistake((), "zonder-woorden", f"dit teken voor `{cue.value.soort}` heeft geen woorden")


def _blind(entry: Entry[Signal] | Entry[Cue]) -> Iterator[Mistake]:
    for place, pattern in enumerate(entry.value.patronen):
        for what in blind(pattern.bron):
            hint = "schrijf `[\\pL]` voor een letter, of laat `\\b` daar weg"
            yield entry.mistake(("patronen", place), "blind-patroon", what, hint, warning=True)


def _settings(draft: Draft) -> Iterator[Mistake]:
    for setting in draft.settings:
        for key, per_fact in (
            ("zekerheid_minimum", setting.value.zekerheid_minimum),
            ("marge_minimum", setting.value.marge_minimum),
        ):
            for fact in per_fact:
                if fact not in DOUBTFUL:
                    what = f"`{fact}` heeft geen zekerheid die meetelt"
                    hint = ", ".join(sorted(DOUBTFUL))
                    yield setting.mistake((key, fact), "onbekend-feit", what, hint, key=True)


Named = (
    Sequence[Entry[FactKind]]
    | Sequence[Entry[OutcomeRule]]
    | Sequence[Entry[Signal]]
    | Sequence[Entry[Body]]
    | Sequence[Entry[Sector]]
    | Sequence[Entry[Decree]]
    | Sequence[Entry[Danger]]
)


def _twice(entries: Named) -> Iterator[Mistake]:
    seen: dict[str, str] = {}
    for entry in entries:
        name = entry.value.id
        if name in seen:
            yield entry.mistake(("id",), "dubbele-id", f"`{name}` bestaat al", f"zie {seen[name]}")
        seen.setdefault(name, entry.where)


def _misnamed(entries: Named) -> Iterator[Mistake]:
    for entry in entries:
        if entry.placed.file.rpartition("/")[2] != f"{entry.value.id}.yaml":
            yield entry.mistake(("id",), "verkeerde-bestandsnaam", f"`{entry.value.id}` hoort in {entry.value.id}.yaml")


def _known(
    entry: Entry[Sector] | Entry[Danger] | Entry[OutcomeRule] | Entry[Signal],
    path: tuple[str | int, ...],
    given: Sequence[str],
    known: frozenset[str],
    name: str,
) -> Iterator[Mistake]:
    for place, one in enumerate(given):
        if one not in known:
            yield entry.mistake((*path, place), name, f"`{one}` bestaat niet", nearest(one, known))


def _facts(draft: Draft) -> Iterator[Mistake]:
    for entry in draft.facts:
        kind = entry.value
        if kind.type == "keuzes" and not kind.waarden:
            yield entry.mistake((), "ontbrekende-sleutel", f"`{kind.id}` heeft keuzes nodig onder `waarden`")
        if kind.type in {"waar", "getal"} and (kind.waarden or kind.anders):
            yield entry.mistake(
                (), "onbekende-sleutel", f"`{kind.id}` is van het type {kind.type} en heeft geen waarden"
            )
        if kind.type == "keuze" and not kind.anders:
            yield entry.mistake(
                (), "ontbrekende-sleutel", f"`anders` ontbreekt: wat is `{kind.id}` als niemand iets vond?"
            )


def _outcome(
    entry: Entry[OutcomeRule], facts: Mapping[str, FactKind], bodies: frozenset[str], letters: frozenset[str] | None
) -> Iterator[Mistake]:
    rule = entry.value
    fixed = [body for body in rule.dan.instanties if body not in {BODY_OF_FACTS, BODIES_OF_DANGERS}]
    for body in fixed:
        if body not in bodies:
            place = rule.dan.instanties.index(body)
            hint = nearest(body, {*bodies, BODY_OF_FACTS, BODIES_OF_DANGERS})
            yield entry.mistake(("dan", "instanties", place), "onbekende-instantie", f"`{body}` bestaat niet", hint)
    for name in ("sector", "soort", "betrokkene"):
        value = getattr(rule.dan, name)
        if value is not None and name in facts and value not in facts[name].waarden:
            what = f"`{value}` is geen {name}"
            yield entry.mistake(("dan", name), "onbekende-waarde", what, nearest(value, facts[name].waarden))
    if rule.dan.uitkomst == "doorverwijzen" and not rule.dan.instanties:
        yield entry.mistake(("dan",), "geen-instantie", "wie doorverwijst, zegt naar welke instantie", "`$instantie`?")
    if letters is not None and rule.brief is not None and rule.brief not in letters:
        yield entry.mistake(("brief",), "onbekende-brief", f"`{rule.brief}` bestaat niet", nearest(rule.brief, letters))
    if rule.automatisch and rule.dan.uitkomst in {"escaleren", "negeren", "beoordelen", "beantwoorden"}:
        what = f"bij `{rule.dan.uitkomst}` vertrekt nooit een brief zonder persoon"
        yield entry.mistake(("automatisch",), "nooit-automatisch", what)
    if rule.geldig_van and rule.geldig_tot and rule.geldig_tot < rule.geldig_van:
        yield entry.mistake(("geldig_tot",), "verkeerde-waarde", "`geldig_tot` ligt voor `geldig_van`")
    if rule.bron.nagekeken_op is None:
        yield entry.mistake(("bron",), "bron-niet-nagekeken", "zeg met `nagekeken_op` wanneer iemand de bron nakeek")
    for name in ("raak", "mis"):
        given = name == "raak" and rule.voorbeelden.raak_bij
        if not getattr(rule.voorbeelden, name) and not given:
            what = f"regel `{rule.id}` heeft geen voorbeeld dat {name} is"
            yield entry.mistake((), "geen-voorbeeld", what, warning=True)


def _order(outcomes: Sequence[Entry[OutcomeRule]], known: frozenset[str]) -> Iterator[Mistake]:
    """Does each rule that says what it comes after really come after it?"""
    seen: set[str] = set()
    for entry in outcomes:
        for place, name in enumerate(entry.value.na):
            if name not in known:
                yield entry.mistake(("na", place), "onbekende-regel", f"`{name}` bestaat niet", nearest(name, known))
            elif name not in seen:
                what = f"`{name}` staat niet voor `{entry.value.id}`"
                yield entry.mistake(("na", place), "verkeerde-volgorde", what, "verplaats een van beide")
        seen.add(entry.value.id)


def _last(outcomes: Sequence[Entry[OutcomeRule]]) -> Iterator[Mistake]:
    if not outcomes:
        return
    for entry in outcomes:
        always = entry.value.als.strip() == "true"
        last = entry is outcomes[-1]
        if always and not last:
            yield entry.mistake(
                ("als",), "dode-regels", f"na `{entry.value.id}` komt geen enkele regel nog aan de beurt"
            )
        if last and not (always and entry.value.dan.uitkomst == "beoordelen"):
            what = "de laatste regel moet altijd gelden en `beoordelen` geven"
            yield entry.mistake((), "geen-vangnet", what, "schrijf `als: true`")


def _signal(entry: Entry[Signal], facts: Mapping[str, FactKind], signals: frozenset[str]) -> Iterator[Mistake]:
    signal = entry.value
    if not (signal.woorden or signal.stammen or signal.letterlijk or signal.patronen or signal.talen):
        yield entry.mistake((), "zonder-woorden", f"signaal `{signal.id}` heeft geen woorden")
    if signal.niet_in and not signal.stammen:
        yield entry.mistake(("niet_in",), "onbekende-sleutel", "`niet_in` hoort bij `stammen`", key=True)
    for fact, value in signal.betekent:
        yield from _vote(entry, facts, fact, value)
    for name in ("samen_met", "samen_met_mail", "niet_bij"):
        yield from _known(entry, (name,), getattr(signal, name), signals, "onbekend-signaal")


def _vote(entry: Entry[Signal], facts: Mapping[str, FactKind], fact: str, value: str | bool) -> Iterator[Mistake]:
    path = ("betekent", fact)
    kind = facts.get(fact)
    if kind is None:
        what = f"`{fact}` is geen feit"
        yield entry.mistake(path, "onbekend-feit", what, nearest(fact, facts) or "zie rules/feiten.yaml", key=True)
    elif kind.van != "gevonden" or kind.type == "getal":
        what = f"voor `{fact}` kunnen woorden niet spreken; het is {kind.van}"
        yield entry.mistake(path, "onbekend-feit", what, key=True)
    elif (kind.type == "waar") != isinstance(value, bool):
        hint = "schrijf `true`" if kind.type == "waar" else "noem een waarde"
        yield entry.mistake(path, "onbekende-waarde", f"`{value}` past niet bij `{fact}`", hint)
    elif isinstance(value, str) and kind.waarden and value not in kind.waarden:
        yield entry.mistake(
            path, "onbekende-waarde", f"`{value}` is geen waarde van `{fact}`", nearest(value, kind.waarden)
        )
