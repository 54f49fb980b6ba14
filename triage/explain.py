"""A decision told in Dutch sentences, and as plain values for JSON."""

from collections.abc import Iterator

from triage.assessment import Assessment, Evidence, Fact
from triage.clauses import carriers
from triage.decide import tried
from triage.decision import Decision
from triage.grounds import PERSON, by_person
from triage.rulebook import Rulebook

Telling = dict[str, object]
"""Strings, numbers, booleans, lists and further tellings: nothing that JSON cannot hold."""

_OUTCOMES = {
    "registreren": "registreren als klacht",
    "doorverwijzen": "doorverwijzen",
    "beantwoorden": "beantwoorden",
    "opvragen": "vragen wat ontbreekt",
    "escaleren": "meteen aan een persoon geven",
    "toevoegen": "toevoegen aan een dossier",
    "negeren": "niet beantwoorden",
    "beoordelen": "door een persoon laten beoordelen",
}
_LINKS = {"doorverwijzen": " naar ", "beoordelen": "; misschien is dit voor "}
_URGENCY = {"nu": "nu", "vandaag": "vandaag nog", "gewoon": "gewoon"}
# Enough words to see why, few enough to read.
_WORDS_SHOWN = 3


def explain(assessment: Assessment, decision: Decision, rulebook: Rulebook) -> tuple[str, ...]:
    """Why this decision, in sentences: outcome, rule and source, facts with their words, what lost and why."""
    return tuple(_sentences(assessment, decision, rulebook))


def told(assessment: Assessment, decision: Decision, rulebook: Rulebook) -> Telling:
    """The same as plain values, ready for JSON; positions of words count in code points of their part."""
    return {
        "uitkomst": decision.uitkomst,
        "regel": decision.regel,
        "waar": rulebook.places.get(decision.regel, ""),
        "zekerheid": round(decision.zekerheid, 3),
        "automatisch": decision.automatisch,
        "rulebook": decision.rulebook,
        "model": decision.model,
        "op": decision.on.isoformat(),
        "zinnen": list(explain(assessment, decision, rulebook)),
        "redenen": [{"tekst": one.text, "regel": one.rule, "bron": one.source} for one in decision.reasons],
        "proeven": [
            {"regel": one.rule, "past": one.hit, "waarom": one.why} for one in tried(assessment, decision, rulebook)
        ],
        "feiten": [_fact_told(name, fact) for name, fact in sorted(assessment.facts.items())],
    }


def _sentences(assessment: Assessment, decision: Decision, rulebook: Rulebook) -> Iterator[str]:
    yield _proposal(decision, rulebook)
    for reason in decision.reasons:
        source = f" (Bron: {reason.source}.)" if reason.source else ""
        rule = f"Regel `{reason.rule}`: " if reason.rule and not reason.rule.startswith(PERSON) else ""
        yield f"{rule}{reason.text}{source}"
    for name in _resting_on(decision, rulebook):
        fact = assessment.facts.get(name)
        if fact is not None:
            yield _fact(name, fact)
    if decision.decreten:
        titles = [rulebook.decrees[one].afgekort if one in rulebook.decrees else one for one in decision.decreten]
        yield f"Van toepassing: {_and(titles)}."
    if decision.ontvankelijkheid:
        grounds = _and(list(decision.ontvankelijkheid))
        yield f"Misschien niet ontvankelijk ({grounds}). Dat beslist een persoon, nooit het systeem."
    if decision.ontbreekt:
        yield f"In de mail ontbreekt: {_and(list(decision.ontbreekt))}."
    trials = tried(assessment, decision, rulebook)
    misses = sum(not trial.hit for trial in trials)
    before = next((place for place, trial in enumerate(trials) if trial.hit), len(trials))
    if before:
        yield f"{before} regels die eerder komen, pasten niet; van alle {len(trials)} regels {misses}."


def _proposal(decision: Decision, rulebook: Rulebook) -> str:
    names = [rulebook.bodies[one].naam if one in rulebook.bodies else one for one in decision.instanties]
    link = _LINKS.get(decision.uitkomst, ", met vermelding van ")
    bodies = f"{link}{_and(names)}" if names else ""
    where = f" {decision.dossier}" if decision.dossier else ""
    danger = (
        f" Mogelijk gevaar: {_and([_danger(one, rulebook) for one in decision.gevaar])}." if decision.gevaar else ""
    )
    urgency = f" Dringendheid: {_URGENCY[decision.dringendheid]}."
    return f"Voorstel: {_OUTCOMES[decision.uitkomst]}{where}{bodies}.{urgency}{danger}"


def _danger(danger: str, rulebook: Rulebook) -> str:
    return f"{danger} ({rulebook.dangers[danger].naam.lower()})" if danger in rulebook.dangers else danger


def _resting_on(decision: Decision, rulebook: Rulebook) -> tuple[str, ...]:
    """The facts that the winning rule asked for, in its order."""
    hit = next((trial.rule for trial in decision.trials if trial.hit), "")
    if hit not in rulebook.conditions:
        return ()
    clause = rulebook.conditions[hit].clause
    named = list(carriers(clause))
    if "$instantie" in _bodies(hit, rulebook):
        named.append("instantie")
    return tuple(dict.fromkeys(_several(name) for name in named))


def _bodies(rule: str, rulebook: Rulebook) -> tuple[str, ...]:
    return next((one.dan.instanties for one in rulebook.outcomes if one.id == rule), ())


def _several(name: str) -> str:
    """`gevaar_D1` and `acuut` are told by the fact they come from."""
    return "gevaar" if name == "acuut" or name.startswith("gevaar_") else name


def _fact(name: str, fact: Fact) -> str:
    value = "" if fact.value is True else f" = {_value(fact)}"
    sure = f"{fact.confidence:.2f}".replace(".", ",")
    if by_person(fact):
        return f"`{name}`{value}, vastgesteld door een medewerker ({fact.found_by.removeprefix(PERSON)})."
    words = "; ".join(_words(one) for one in fact.evidence[:_WORDS_SHOWN])
    through = f", door {words}" if words else ""
    second = f" De tweede lezing was {fact.runner_up}." if fact.runner_up and fact.runner_up_confidence > 0 else ""
    return f"`{name}`{value} (zekerheid {sure}, gevonden door {fact.found_by}){through}.{second}"


def _words(one: Evidence) -> str:
    return f"«{' '.join(one.text.split())}» ({one.part}, {one.start}–{one.end})"


def _value(fact: Fact) -> str:
    return ", ".join(fact.value) if isinstance(fact.value, tuple) else str(fact.value)


def _fact_told(name: str, fact: Fact) -> Telling:
    words: list[Telling] = [
        {"van": one.start, "tot": one.end, "tekst": one.text, "deel": one.part, "bron": one.source}
        for one in fact.evidence
    ]
    return {
        "feit": name,
        "waarde": list(fact.value) if isinstance(fact.value, tuple) else fact.value,
        "zekerheid": round(fact.confidence, 3),
        "gevonden_door": fact.found_by,
        "bewijs": words,
    }


def _and(words: list[str]) -> str:
    return " en ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
