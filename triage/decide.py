"""From an assessment to a decision: the policy's order, a person's word first, and every reason kept. Pure."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import cast, get_args

from triage.assessment import Assessment, Fact, Value
from triage.clauses import Plain
from triage.conditions import flag_name
from triage.decision import Decision, Known, Part, Reason, Trial
from triage.grounds import PERSON, SHARED, by_person, dangers
from triage.rulebook import Rulebook
from triage.shapes import OutcomeRule, Plaats
from triage.verdict import Verdict, trial, verdict
from triage.vocabulary import DRINGENDHEDEN, ONTBREEKT, ONTVANKELIJKHEID, Betrokkene, Dringendheid, Soort

# What goes out when a person chose an outcome for which no rule held.
LETTERS: Mapping[str, str | None] = {
    "registreren": "ontvangstbevestiging",
    "doorverwijzen": "doorverwijzing",
    "opvragen": "vervollediging",
    "beantwoorden": "antwoord-op-vraag",
    "escaleren": "veilige-tekst",
    "toevoegen": "toegevoegd",
    "negeren": None,
    "beoordelen": None,
}
# The policy's fields, which every part and every decision has.
_FIELDS: tuple[str, ...] = tuple(field.name for field in fields(Part))
# The order in which decrees take their place beside that of the sector.
PLACES: tuple[str, ...] = get_args(Plaats)
# Only these letters may ever leave without a person (policy §2); never a final answer, never under danger.
_MAY_BE_AUTOMATIC = frozenset({"registreren", "doorverwijzen", "opvragen"})
# Facts that suggest a ground of II.76–II.77, beside those that were found by name.
_GROUNDS = {"anoniem": "anoniem", "beslissing_met_beroep": "beroep-open", "beleid": "beleid-of-regelgeving"}


def decide(assessment: Assessment, rulebook: Rulebook, on: date, known: Known) -> Decision:
    """What follows from the assessment under these rules on the date of receipt.

    The same input gives the same decision, years later.
    """
    ranked = _ranked(assessment, rulebook, on, known)
    first = ranked[0]
    parts = tuple(dict.fromkeys(_part(one, rulebook) for one in ranked))
    # No object may hide that another one is urgent.
    most = min((part.dringendheid for part in parts), key=DRINGENDHEDEN.index)
    chosen = _corrected(first, replace(parts[0], dringendheid=most), rulebook)
    letter = _letter(first, chosen, rulebook)
    return Decision(
        **{name: getattr(chosen, name) for name in _FIELDS},
        delen=(chosen, *parts[1:]) if len(parts) > 1 else (),
        regel=_person(first.facts, "uitkomst") or first.rule.id,
        brief=letter,
        zekerheid=1.0 if _person(first.facts, "uitkomst") else first.confidence,
        automatisch=letter is not None and _automatic(first, chosen, rulebook, on, known),
        reasons=_reasons(ranked, chosen, rulebook, on, known),
        trials=first.trials,
        dossier=known.dossier if chosen.uitkomst == "toevoegen" else None,
        rulebook=rulebook.fingerprint,
        model=assessment.model,
        on=on,
        known=known,
    )


def tried(assessment: Assessment, decision: Decision, rulebook: Rulebook) -> tuple[Trial, ...]:
    """Every rule in force on that day, hit or miss, and on what; those that the decision kept under other rules."""
    if decision.known is None or decision.rulebook != rulebook.fingerprint:
        return decision.trials
    first = _ranked(assessment, rulebook, decision.on, decision.known)[0]
    return tuple(trial(rule, first.flat, rulebook) for rule in rulebook.outcomes if rule.holds_on(decision.on))


def _ranked(assessment: Assessment, rulebook: Rulebook, on: date, known: Known) -> list[Verdict]:
    """A verdict per object of the mail, in the policy's order."""
    objects = [assessment.facts, *(_object(assessment.facts, part) for part in assessment.parts)]
    verdicts = [verdict(assessment, facts, rulebook, on, known) for facts in objects]
    return sorted(verdicts, key=lambda one: _rank(one, rulebook))


def _object(mail: Mapping[str, Fact], part: Mapping[str, Fact]) -> dict[str, Fact]:
    return {**{name: fact for name, fact in mail.items() if name in SHARED}, **part}


def _rank(one: Verdict, rulebook: Rulebook) -> tuple[bool, int]:
    """The policy's order; what a person must look at comes last, unless it is urgent."""
    return one.outcome == "beoordelen" and _urgency(one, rulebook) == "gewoon", one.rank


def _part(one: Verdict, rulebook: Rulebook) -> Part:
    flat, then = one.flat, one.rule.dan
    sure = not one.doubt
    kind = (then.soort if sure else None) or str(flat["soort"])
    if kind == "onbekend":
        kind = "automatisch" if flat["machine"] else "overig"
    respondent = (then.betrokkene if sure else None) or str(flat["betrokkene"])
    sector = (then.sector if sure else None) or str(flat["sector"])
    if sector == "onbekend":
        sector = "buiten" if respondent == "andere" or flat["machine"] or flat["spam"] else "agentschap"
    return Part(
        soort=cast(Soort, kind),
        sector=sector,
        decreten=_decrees(sector, flat, rulebook),
        betrokkene=cast(Betrokkene, respondent),
        uitkomst=one.outcome,
        instanties=one.bodies,
        gevaar=dangers(flat, rulebook),
        dringendheid=_urgency(one, rulebook),
        ontbreekt=_listed(flat, "ontbreekt", ONTBREEKT) if kind == "klacht" else (),
        ontvankelijkheid=_inadmissible(flat),
        taal=str(flat["taal"]),
    )


def _decrees(sector: str, flat: Mapping[str, Plain], rulebook: Rulebook) -> tuple[str, ...]:
    main = list(rulebook.sectors[sector].decreet) if sector in rulebook.sectors else []
    seen = {**flat, "sector": sector}
    joining = [name for name, condition in rulebook.additions.items() if name not in main and condition.holds(seen)]
    for name in sorted(joining, key=lambda one: PLACES.index(rulebook.decrees[one].plaats)):
        place = rulebook.decrees[name].plaats
        main = [name] if place == "in_plaats" else [name, *main] if place == "eerst" else [*main, name]
    return tuple(main)


def _urgency(one: Verdict, rulebook: Rulebook) -> Dringendheid:
    if one.outcome == "negeren":
        return "gewoon"
    flat = one.flat
    levels = [rulebook.dangers[danger].dringendheid for danger in dangers(flat, rulebook)]
    if flat["acuut"]:
        levels.append("nu")
    if one.urgent or flat["verleden_gevaar"] or flat["zorgwekkend"] or flat["soort"] == "verontrusting":
        levels.append("vandaag")
    if one.rule.dan.dringendheid is not None and not one.doubt:
        levels.append(one.rule.dan.dringendheid)
    return cast(Dringendheid, min(levels, key=DRINGENDHEDEN.index, default="gewoon"))


def _listed(flat: Mapping[str, Plain], fact: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in values if flat.get(flag_name(fact, value)))


def _inadmissible(flat: Mapping[str, Plain]) -> tuple[str, ...]:
    if flat["soort"] != "klacht":
        return ()
    suggested = {ground for fact, ground in _GROUNDS.items() if flat.get(fact)}
    suggested |= set(_listed(flat, "ontvankelijkheid", ONTVANKELIJKHEID))
    return tuple(ground for ground in ONTVANKELIJKHEID if ground in suggested)


def _person(facts: Mapping[str, Fact], name: str) -> str:
    fact = facts.get(name)
    return fact.found_by if fact is not None and by_person(fact) else ""


def _corrected(one: Verdict, part: Part, rulebook: Rulebook) -> Part:
    """The part with the word of staff in place of ours, field by field."""
    said: dict[str, Value] = {}
    for name in _FIELDS:
        fact = one.facts.get(name)
        if fact is not None and by_person(fact):
            several = isinstance(getattr(part, name), tuple)
            said[name] = fact.value if isinstance(fact.value, tuple) or not several else (str(fact.value),)
    if not said:
        return part
    values: dict[str, object] = {name: getattr(part, name) for name in _FIELDS} | said
    told, thought_of = said.get("uitkomst"), part.uitkomst == "beoordelen"
    if told not in {None, part.uitkomst} and "instanties" not in said and not (thought_of and told == "doorverwijzen"):
        # The bodies belonged to the outcome that was set aside; those of a doubtful referral were only waiting for it.
        values["instanties"] = ()
    if "sector" in said and "decreten" not in said:
        values["decreten"] = _decrees(str(said["sector"]), one.flat, rulebook)
    return Part(**values)  # type: ignore[arg-type]


def _letter(one: Verdict, part: Part, rulebook: Rulebook) -> str | None:
    if part.uitkomst == one.outcome:
        return None if one.doubt else one.rule.brief
    fitting = (rule for rule in rulebook.outcomes if rule.dan.uitkomst == part.uitkomst)
    held: OutcomeRule | None = next((rule for rule in fitting if rulebook.conditions[rule.id].holds(one.flat)), None)
    return held.brief if held is not None else LETTERS[part.uitkomst]


def _automatic(one: Verdict, part: Part, rulebook: Rulebook, on: date, known: Known) -> bool:
    recent = known.last_automatic is not None and (
        (on - known.last_automatic).days < rulebook.settings.brief_tussentijd_dagen
    )
    return (
        one.rule.automatisch
        and not one.doubt
        and part.uitkomst == one.rule.dan.uitkomst
        and part.uitkomst in _MAY_BE_AUTOMATIC
        and one.confidence >= one.rule.drempel
        and part.dringendheid == "gewoon"
        and not part.gevaar
        and part.taal in rulebook.settings.talen_gedekt
        and not one.flat["machine"]
        and not recent
    )


def _reasons(ranked: list[Verdict], part: Part, rulebook: Rulebook, on: date, known: Known) -> tuple[Reason, ...]:
    first, reasons = ranked[0], list[Reason]()
    for name in _FIELDS:
        account = _person(first.facts, name).removeprefix(PERSON)
        if account:
            reasons.append(Reason(f"Een medewerker ({account}) stelde `{name}` vast.", rule=f"{PERSON}{account}"))
    if first.doubt:
        reasons.append(Reason(f"{first.doubt} Daarom kijkt een persoon.", first.rule.id))
    elif part.uitkomst == first.rule.dan.uitkomst:
        reasons.append(Reason(first.rule.omdat, first.rule.id, str(first.rule.bron)))
    if len(ranked) > 1:
        others = ", ".join(f"{one.outcome} ({one.rule.id})" for one in ranked[1:])
        reasons.append(
            Reason(f"De mail heeft {len(ranked)} onderwerpen; het eerste in de volgorde telt. Ook: {others}.")
        )
    if known.suggestion:
        what = f"De mail noemt dossier {known.suggestion}, maar niets bewijst dat de schrijver erbij hoort."
        reasons.append(Reason(what))
    if known.earlier:
        reasons.append(Reason(f"Eerdere klachten van deze afzender: {', '.join(known.earlier)}."))
    reasons.extend(_losers(first, rulebook, on))
    return tuple(reasons)


def _losers(first: Verdict, rulebook: Rulebook, on: date) -> list[Reason]:
    """Why the next best reading lost: a later rule that held too, or the outcome that the trained part expected."""
    later = [rule for rule in first.held if rule.dan != first.rule.dan][:-1]
    if later:
        rival = later[0]
        what = f"Ook `{rival.id}` paste ({rival.dan.uitkomst}), maar die regel komt later in de volgorde."
        return [Reason(what, rival.id, str(rival.bron))]
    expected = str(first.flat["verwachte_uitkomst"])
    if expected in {"onbekend", first.outcome}:
        return []
    hits = {rule.id for rule in first.held}
    expecting = (rule for rule in rulebook.outcomes if rule.dan.uitkomst == expected and rule.holds_on(on))
    missed = next((rule for rule in expecting if rule.id not in hits), None)
    if missed is None:
        return []
    why = trial(missed, first.flat, rulebook).why
    return [Reason(f"Het geleerde deel verwachtte {expected}, maar `{missed.id}` paste niet: {why}.", missed.id)]
