"""The scores of triage-policy §6, as its reference scorer computes them (`tests/score.py` is a copy of that)."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from triage.vocabulary import ACUUT

Labels = Mapping[str, Mapping[str, Any]]
SINGLE = ("soort", "sector", "betrokkene", "uitkomst", "dringendheid", "taal")
QUIET = frozenset({"registreren", "doorverwijzen", "beantwoorden", "opvragen", "toevoegen", "negeren", None})
LETTERS = frozenset({"doorverwijzen", "opvragen", "registreren", "beantwoorden"})
MAIN: Mapping[str, tuple[str, ...]] = {
    "jeugdhulp": ("integrale-jeugdhulp",),
    "jeugddelinquentie": ("jeugddelinquentierecht",),
    "pleegzorg": ("pleegzorg",),
    "kinderopvang": ("kinderopvang",),
    "buitenschoolse-opvang": ("buitenschoolse-opvang",),
    "gezinsondersteuning": ("preventieve-gezinsondersteuning",),
    "adoptie": ("interlandelijke-adoptie", "binnenlandse-adoptie"),
    "groeipakket": ("groeipakket",),
    "agentschap": ("bestuursdecreet",),
    "buiten": (),
}


def good(label: Mapping[str, Any], said: Mapping[str, Any], field: str) -> bool:
    """Whether a field has the labelled value, or another that a careful expert could defend."""
    return said.get(field) == label[field] or said.get(field) in label.get("aanvaardbaar", {}).get(field, [])


def silent(said: Mapping[str, Any]) -> bool:
    """Whether a mail would end in an ordinary queue, where nobody is called."""
    if said.get("uitkomst") == "beoordelen":
        return said.get("dringendheid") not in ("nu", "vandaag")
    return said.get("uitkomst") in QUIET


def bodies_good(label: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether at least one right body is named and no wrong one."""
    if said.get("uitkomst") != "doorverwijzen" and good(label, said, "uitkomst"):
        return True
    want, more = set(label["instanties"]), set(label.get("aanvaardbaar", {}).get("instanties", []))
    got = set(said.get("instanties") or [])
    return got <= want | more and (not want or bool(got & (want | more)))


def decree_good(label: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether the main decree is right for the sector that was said, when that sector may be said."""
    got = said.get("decreten") or []
    first = got[0] if got else ""
    if said.get("sector") != label["sector"] and good(label, said, "sector"):
        main = MAIN[said["sector"]]
        return first in main if got else not main
    want, more = label["decreten"], label.get("aanvaardbaar", {}).get("decreten", [])
    if not got:
        return not want
    return bool(want and first == want[0]) or first in more


def macro_f1(gold: Labels, said: Labels, field: str) -> float:
    """Mean F1 over the labelled values; an acceptable value counts as the labelled one."""
    true, false, missed = Counter[Any](), Counter[Any](), Counter[Any]()
    for file, label in gold.items():
        one = said.get(file, {})
        value = label[field] if good(label, one, field) else one.get(field)
        if value == label[field]:
            true[value] += 1
        else:
            false[value] += 1
            missed[label[field]] += 1
    values = {label[field] for label in gold.values()}
    each = (2 * true[v] / (2 * true[v] + false[v] + missed[v]) for v in values if true[v] + missed[v])
    return sum(each) / len(values)


def score(gold: Labels, said: Labels) -> dict[str, float | int]:
    """All scores, in the order and under the names of the reference scorer."""
    scores: dict[str, float | int] = {"mails": len(gold), "missing": sum(file not in said for file in gold)}
    for field in SINGLE:
        scores[field] = sum(good(label, said.get(file, {}), field) for file, label in gold.items()) / len(gold)
    scores["decreet"] = sum(f in said and decree_good(label, said[f]) for f, label in gold.items()) / len(gold)
    referred = {file: label for file, label in gold.items() if label["uitkomst"] == "doorverwijzen"}
    right = sum(file in said and bodies_good(label, said[file]) for file, label in referred.items())
    scores["instanties"] = right / max(1, len(referred))
    for field in ("sector", "uitkomst"):
        scores[f"{field}_macro_f1"] = macro_f1(gold, said, field)
    return scores | _danger(gold, said) | _letters(gold, said)


def _danger(gold: Labels, said: Labels) -> dict[str, float | int]:
    acute = {file for file, label in gold.items() if ACUUT & set(label["gevaar"])}
    named = {file for file in gold if file in said and ACUUT & set(said[file].get("gevaar") or [])}
    called = {file for file in gold if file in said and said[file].get("uitkomst") == "escaleren"}
    may = {
        file
        for file, label in gold.items()
        if "escaleren" in (label["uitkomst"], *label.get("aanvaardbaar", {}).get("uitkomst", []))
    }
    return {
        "danger_mails": len(acute),
        "danger_recall": len(acute & (named | called)) / max(1, len(acute)),
        "escalation_precision": len(called & (may | acute)) / max(1, len(called)),
        "silent_harm": sum(silent(said.get(file, {})) for file in acute),
    }


def _letters(gold: Labels, said: Labels) -> dict[str, float | int]:
    letters = [file for file in gold if said.get(file, {}).get("uitkomst") in LETTERS]
    wrong = [file for file in letters if wrong_letter(gold[file], said[file])]
    undecided = sum(said.get(file, {}).get("uitkomst") in (None, "beoordelen") for file in gold)
    return {
        "coverage": 1 - undecided / len(gold),
        "letters": len(letters),
        "wrong_letters": len(wrong),
        "wrong_letter_rate": len(wrong) / max(1, len(letters)),
    }


def wrong_letter(label: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether the proposed letter has a wrong outcome, or refers to a wrong body."""
    refers = said["uitkomst"] == "doorverwijzen"
    return not good(label, said, "uitkomst") or (refers and not bodies_good(label, said))
