"""What the rules say of one object of a mail: the rule that wins, and why the others do not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from triage.assessment import Assessment, Fact
from triage.clauses import Plain, carriers, first_failure, lacking
from triage.decision import Known, Trial
from triage.grounds import by_person, dangers, doubtful, grounds, touched
from triage.links import BODIES_OF_DANGERS, BODY_OF_FACTS
from triage.rulebook import Rulebook
from triage.shapes import OutcomeRule
from triage.vocabulary import Uitkomst

# These never send a letter on a doubtful fact, so doubt changes nothing about them.
_SURE_ANYWAY = frozenset({"escaleren", "negeren", "beoordelen"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one object."""

    rule: OutcomeRule
    rank: int
    """Place of the rule among all rules: the policy's order."""
    outcome: Uitkomst
    bodies: tuple[str, ...]
    """Where the mail goes or what its letter mentions; of `beoordelen`: whom the person who looks may think of."""
    flat: Mapping[str, Plain]
    facts: Mapping[str, Fact]
    doubt: str
    """Why a person must look although a rule held, or empty."""
    urgent: bool
    """Whether the doubt is about danger."""
    confidence: float
    held: tuple[OutcomeRule, ...]
    """Every rule in force that holds, in order."""
    trials: tuple[Trial, ...]
    """Of the rules that could hold."""


@dataclass(frozen=True, slots=True)
class _Matter:
    """One object of a mail before the rules in force."""

    flat: Mapping[str, Plain]
    facts: Mapping[str, Fact]
    touched: list[str]
    rulebook: Rulebook
    on: date

    def candidates(self, flat: Mapping[str, Plain]) -> Iterator[int]:
        """The ranks of the rules in force that could hold, in order."""
        for rank in self.rulebook.index.candidates(flat, self.touched):
            if self.rulebook.outcomes[rank].holds_on(self.on):
                yield rank


def verdict(assessment: Assessment, facts: Mapping[str, Fact], rulebook: Rulebook, on: date, known: Known) -> Verdict:
    """The first rule in force that holds, or `beoordelen` when what it rests on is too doubtful."""
    flat = grounds(assessment, facts, rulebook, known)
    matter = _Matter(flat, facts, touched(facts, rulebook), rulebook, on)
    tried = tuple(matter.candidates(flat))
    trials = tuple(trial(rulebook.outcomes[rank], flat, rulebook) for rank in tried)
    held = [rank for rank, one in zip(tried, trials, strict=True) if one.hit]
    rank = _first(matter, flat, held)
    chosen = rulebook.outcomes[rank]
    bodies = _bodies(chosen, flat, rulebook)
    doubt, urgent = _doubt(matter, chosen, bodies)
    outcome = "beoordelen" if doubt else chosen.dan.uitkomst
    if outcome == "beoordelen":
        bodies = _thought_of(matter, held)
    return Verdict(
        rule=chosen,
        rank=rank,
        outcome=outcome,
        bodies=bodies,
        flat=flat,
        facts=facts,
        doubt=doubt,
        urgent=urgent,
        confidence=_confidence(matter, chosen, assessment),
        held=tuple(rulebook.outcomes[one] for one in held),
        trials=trials,
    )


def _first(matter: _Matter, flat: Mapping[str, Plain], ranks: Iterable[int]) -> int:
    # The rulebook was refused unless its last rule always holds; a date before it came into force is the one exception.
    held, rules = matter.rulebook.conditions, matter.rulebook.outcomes
    return next((rank for rank in ranks if held[rules[rank].id].holds(flat)), len(rules) - 1)


def _bodies(rule: OutcomeRule, flat: Mapping[str, Plain], rulebook: Rulebook) -> tuple[str, ...]:
    named: list[str] = []
    for body in rule.dan.instanties:
        if body == BODIES_OF_DANGERS:
            for danger in dangers(flat, rulebook):
                named += rulebook.dangers[danger].instanties
        elif body != BODY_OF_FACTS:
            named.append(body)
        elif flat["instantie"] != "geen":
            named.append(str(flat["instantie"]))
    return tuple(dict.fromkeys(named))


def _thought_of(matter: _Matter, ranks: Iterable[int]) -> tuple[str, ...]:
    """The bodies that the writer would have been sent to, had no person been asked to look."""
    chosen = (matter.rulebook.outcomes[rank] for rank in ranks)
    first = next((rule for rule in chosen if rule.dan.uitkomst != "beoordelen"), None)
    if first is None or first.dan.uitkomst != "doorverwijzen":
        return ()
    return _bodies(first, matter.flat, matter.rulebook)


def _doubt(matter: _Matter, chosen: OutcomeRule, bodies: tuple[str, ...]) -> tuple[str, bool]:
    """Why the chosen rule may not decide, and whether the other reading is danger.

    Doubt about a fact counts only when the second reading would lead elsewhere.
    """
    if chosen.dan.uitkomst in _SURE_ANYWAY:
        return "", False
    if chosen.dan.uitkomst == "doorverwijzen" and not bodies:
        return "Welke instantie bevoegd is, staat niet vast.", False
    rests_on = carriers(matter.rulebook.conditions[chosen.id].clause, matter.flat)
    if BODY_OF_FACTS in chosen.dan.instanties:
        rests_on = (*rests_on, "instantie")
    for name in ("soort", "betrokkene", "sector", "instantie"):
        fact = matter.facts.get(name)
        if fact is None or not doubtful(name, fact, matter.rulebook.settings):
            continue
        if not fact.runner_up:
            if name in rests_on:
                return f"Het is niet zeker genoeg of `{name}` {fact.value} is.", False
            continue
        other = {**matter.flat, name: fact.runner_up}
        rival = matter.rulebook.outcomes[_first(matter, other, matter.candidates(other))]
        outcome = rival.dan.uitkomst
        if (outcome, _bodies(rival, other, matter.rulebook)) != (chosen.dan.uitkomst, bodies):
            reading = f"`{name}` kan {fact.value} of {fact.runner_up} zijn"
            return f"{reading}, en dat leidt tot een andere uitkomst ({outcome}).", outcome == "escaleren"
    return _contradiction(matter, chosen)


def _contradiction(matter: _Matter, chosen: OutcomeRule) -> tuple[str, bool]:
    expected, surely = matter.flat["verwachte_uitkomst"], float(matter.flat["zekerheid_uitkomst"])
    agreed = expected in {"onbekend", chosen.dan.uitkomst}
    if agreed or surely < matter.rulebook.settings.tegenspraak_minimum:
        return "", False
    what = f"De regel zegt {chosen.dan.uitkomst}, maar het geleerde deel verwacht vrij zeker {expected}."
    return what, expected == "escaleren"


def trial(rule: OutcomeRule, flat: Mapping[str, Plain], rulebook: Rulebook) -> Trial:
    """Whether the rule holds of these facts, and on what."""
    clause = rulebook.conditions[rule.id].clause
    failed = first_failure(clause, flat)
    if failed is not None:
        return Trial(rule.id, hit=False, why=lacking(failed, flat))
    return Trial(
        rule.id, hit=True, why=", ".join(_told(name, flat) for name in carriers(clause, flat)) or "past altijd"
    )


def _told(name: str, flat: Mapping[str, Plain]) -> str:
    value = flat[name]
    return f"`{name}`" if value is True else f"`{name}` is {value}"


def _confidence(matter: _Matter, rule: OutcomeRule, assessment: Assessment) -> float:
    """The weakest fact that the rule rests on, tempered by the trained part's own estimate."""
    names = carriers(matter.rulebook.conditions[rule.id].clause, matter.flat)
    weakest = min((_sureness(name, matter.facts) for name in names), default=0.0)
    corrected = any(by_person(fact) for fact in matter.facts.values())
    if corrected or not assessment.outlook or rule.dan.uitkomst == "escaleren":
        return weakest
    return (weakest + assessment.outlook.get(rule.dan.uitkomst, 0.0)) / 2


def _sureness(name: str, facts: Mapping[str, Fact]) -> float:
    if name in facts:
        return facts[name].confidence
    for several in ("gevaar", "ontbreekt", "ontvankelijkheid"):
        if several in facts and (name.startswith(f"{several}_") or (several, name) == ("gevaar", "acuut")):
            return facts[several].confidence
    # What remains was worked out from the register, the settings or a default, and is sure.
    return 1.0
