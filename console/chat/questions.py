"""Which questions are left: what the decision still misses, and never more than that."""

import re
from collections.abc import Iterator

from triage.assessment import Assessment
from triage.decision import Decision

STORY = "verhaal"
SAFE = "veilig"
# With one of these facts it no longer matters whether the organiser was spoken with: we treat it ourselves.
_SETTLED = ("al_aangesproken", "nog_niet_aangesproken", "vertrouwen_weg", "ernstig", "medewerker", "minderjarige")
_OURS_TO_TREAT = frozenset({"registreren", "opvragen"})
_SHORT = 25
_MOMENT = re.compile(
    r"\d{1,2}[/.-]\d{1,2}|\b(19|20)\d\d\b|"
    r"\d+ ?(uur|dag|dagen|weken|maanden|jaar|jours|mois|ans|days|weeks|months|years)\b|"
    r"\b(sinds|sedert|gisteren|eergisteren|vandaag|vanmorgen|vanochtend|deze (week|maand|morgen|ochtend|middag)|"
    r"vorige?|verleden (week|maand|jaar)|geleden|"
    r"al (een|twee|drie|vier|enkele|verschillende) |elke (dag|week|avond|keer)|"
    r"maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|januari|februari|maart|april|mei|juni|juli|augustus|"
    r"september|oktober|november|december|depuis|hier|aujourd|semaine|dernière?|il y a|janvier|février|mars|avril|"
    r"juin|juillet|août|septembre|octobre|novembre|décembre|since|yesterday|today|ago|last (week|month|year)|"
    r"january|february|march|june|july|august|october)",
    re.IGNORECASE,
)


def left(assessment: Assessment, decision: Decision, own: str, *, mail: str) -> tuple[str, ...]:
    """The questions whose answer would change or complete the decision, the most needed first.

    `own` are the person's words so far, `mail` the address they gave. Under danger there are none.
    """
    return () if decision.uitkomst == "escaleren" else tuple(_left(assessment, decision, own, mail))


def _left(assessment: Assessment, decision: Decision, own: str, mail: str) -> Iterator[str]:
    facts = assessment.facts
    treated = decision.soort == "klacht" and decision.uitkomst in _OURS_TO_TREAT
    if decision.dringendheid != "gewoon":
        yield SAFE
    vague = "feiten_onduidelijk" in facts or "feiten" in decision.ontbreekt
    if vague or (decision.uitkomst == "beoordelen" and len(own.strip()) < _SHORT):
        yield "feiten"
    unknown = "betrokkene_onduidelijk" in facts or decision.betrokkene == "onbekend"
    if unknown and decision.soort in {"klacht", "overig", "verontrusting"}:
        yield "betrokkene"
    if treated and not _MOMENT.search(own):
        yield "wanneer"
    first = decision.uitkomst in _OURS_TO_TREAT | {"doorverwijzen", "beoordelen"}
    if decision.betrokkene == "organisator" and first and not any(name in facts for name in _SETTLED):
        yield "gesproken"
    if treated and {"naam", "adres"} & set(decision.ontbreekt):
        yield "naam"
    if not mail and decision.uitkomst != "negeren":
        yield "contact"
