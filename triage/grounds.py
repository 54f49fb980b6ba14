"""The plain, typed facts that conditions see, worked out from the facts of an assessment."""

from collections.abc import Iterator, Mapping

from triage.assessment import Assessment, Fact
from triage.clauses import Plain
from triage.conditions import flag_name
from triage.decision import Known
from triage.rulebook import Rulebook
from triage.shapes import FactKind, Settings
from triage.vocabulary import ACUUT

PERSON = "persoon:"
WEIGHED = ("soort", "sector", "betrokkene")

# Names that `grounds` works out, whether or not anybody found them.
_DERIVED = (
    "bekend_dossier", "zonder_register", "taal_gedekt", "acuut", "minderjarige", "gevaar_D10", "zekerheid_uitkomst",
    *(f"{share}_{name}" for name in WEIGHED for share in ("zekerheid", "twijfel")),
)  # fmt: skip

# Facts of the whole mail, which each of its objects shares with the first.
SHARED = frozenset(
    {
        "taal", "machine", "spam", "anoniem", "minderjarige", "medewerker", "lokaal_bestuur", "derde_met_signaal",
        "lopend_dossier", "nieuw_onderwerp", "alleen_aanhaling", "ontbreekt", "soort",
    }
)  # fmt: skip


def by_person(fact: Fact | None) -> bool:
    """Whether a member of staff stated the fact."""
    return fact is not None and fact.found_by.startswith(PERSON)


def grounds(assessment: Assessment, facts: Mapping[str, Fact], rulebook: Rulebook, known: Known) -> dict[str, Plain]:
    """A value for every name of the vocabulary: what was found, what follows from it, else the default."""
    flat = dict(rulebook.vocabulary.defaults)
    for name, fact in facts.items():
        kind = rulebook.facts.get(name)
        if kind is not None and kind.van != "persoon":
            flat.update(_flat(kind, fact))
    _expectation(flat, assessment, facts)
    _danger(flat, facts)
    flat["bekend_dossier"] = known.dossier is not None
    flat["zonder_register"] = not known.register
    flat["taal_gedekt"] = flat["taal"] in rulebook.settings.talen_gedekt
    for name in WEIGHED:
        weighed = facts.get(name)
        flat[f"zekerheid_{name}"] = 0.0 if weighed is None else weighed.confidence
        flat[f"twijfel_{name}"] = doubtful(name, weighed, rulebook.settings)
    return flat


def touched(facts: Mapping[str, Fact], rulebook: Rulebook) -> list[str]:
    """Every name of the vocabulary that may differ from its default."""
    found = list(_DERIVED)
    for name, fact in facts.items():
        kind = rulebook.facts.get(name)
        if kind is not None and kind.type == "keuzes":
            found += [flag_name(name, value) for value in _several(fact)]
        elif kind is not None:
            found.append(name)
    return found


def doubtful(name: str, fact: Fact | None, settings: Settings) -> bool:
    """Whether the fact was found, but not surely enough or with too strong a second reading."""
    if fact is None or by_person(fact):
        return False
    lead = fact.confidence - fact.runner_up_confidence if fact.runner_up else 1.0
    return fact.confidence < settings.zekerheid_minimum.get(name, 0.0) or lead < settings.marge_minimum.get(name, 0.0)


def dangers(flat: Mapping[str, Plain], rulebook: Rulebook) -> tuple[str, ...]:
    """The danger classes that hold, in the order of `rules/gevaren.yaml`."""
    return tuple(danger for danger in rulebook.dangers if flat.get(flag_name("gevaar", danger)))


def _flat(kind: FactKind, fact: Fact) -> Iterator[tuple[str, Plain]]:
    if kind.type == "keuzes":
        for value in _several(fact):
            if value in kind.waarden:
                yield flag_name(kind.id, value), True
    elif kind.type == "keuze":
        value = str(fact.value)
        yield kind.id, value if not kind.waarden or value in kind.waarden else kind.anders
    elif kind.type == "getal":
        yield kind.id, float(fact.value) if isinstance(fact.value, int | float) else 0.0
    else:
        yield kind.id, fact.value is True


def _several(fact: Fact) -> tuple[str, ...]:
    return fact.value if isinstance(fact.value, tuple) else (str(fact.value),)


def _expectation(flat: dict[str, Plain], assessment: Assessment, facts: Mapping[str, Fact]) -> None:
    """What the trained part expects; silent as soon as a person corrected anything."""
    if any(by_person(fact) for fact in facts.values()):
        flat["verwachte_uitkomst"], flat["zekerheid_uitkomst"] = "onbekend", 0.0
    elif assessment.outlook and "verwachte_uitkomst" not in facts:
        best = max(assessment.outlook, key=lambda outcome: assessment.outlook[outcome])
        flat["verwachte_uitkomst"], flat["zekerheid_uitkomst"] = best, assessment.outlook[best]
    elif "zekerheid_uitkomst" not in facts and "verwachte_uitkomst" in facts:
        flat["zekerheid_uitkomst"] = facts["verwachte_uitkomst"].confidence


def _danger(flat: dict[str, Plain], facts: Mapping[str, Fact]) -> None:
    # A minor who writes himself is class D10, whichever of the two was seen first; a person's word on either stands.
    if not by_person(facts.get("gevaar")):
        flat["gevaar_D10"] = bool(flat["gevaar_D10"] or flat["minderjarige"])
    if not by_person(facts.get("minderjarige")):
        flat["minderjarige"] = bool(flat["minderjarige"] or flat["gevaar_D10"])
    if by_person(facts.get("gevaar")):
        # Who read the mail and judged its danger needs no suspicion beside that.
        flat |= {name: 0.0 for name in ("kans_gevaar", "sterkte_gevaar") if name in flat}
    seen = any(flat[flag_name("gevaar", danger)] for danger in ACUUT)
    told = flat["acuut"] is True and not by_person(facts.get("gevaar"))
    flat["acuut"] = seen or told
