"""The further objects of a mail (`delen`): what it asks beside the danger, and a second matter for another body.

Both are careful: a second matter is only seen in a paragraph of its own, where words and training name the same
respondent, and a different one from that of the mail.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from spacy.tokens import Doc

from intake.message import Role
from triage.assessment import Fact
from triage.reading import Reading
from triage.vocabulary import ACUUT

Facts = Mapping[str, Fact]

_BLANK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*•]|\d[).])\s)")
# A paragraph of fewer words is a greeting, a date or a name.
FEWEST_WORDS = 12
# From this confidence on, a paragraph's respondent may differ from that of the mail.
SURE = 0.7
MATTERS = ("klacht", "vraag")
# What speaks of danger has its own place in the first object.
_URGENT = ("gevaar", "kans_gevaar", "sterkte_gevaar", "verleden_gevaar", "zorgwekkend")


def paragraphs(doc: Doc, roles: frozenset[Role] = frozenset({"eigen"})) -> Iterator[tuple[int, int]]:
    """[start, end) in the reading of each paragraph of the body that says enough to be a matter of its own."""
    reading: Reading = doc._.reading
    for stretch in reading.stretches:
        if stretch.role not in roles or stretch.part != "tekst":
            continue
        text = reading.text[stretch.start : stretch.end]
        cuts = [0, *(found.end() for found in _BLANK.finditer(text)), len(text)]
        for start, end in pairwise(cuts):
            if len(text[start:end].split()) >= FEWEST_WORDS:
                yield stretch.start + start, stretch.start + end


def beside_danger(facts: Facts, outlook: Mapping[str, float]) -> Facts | None:
    """What an urgent mail also asks, without its danger; None when it is not urgent or asks nothing else."""
    danger, kind = facts.get("gevaar"), facts.get("soort")
    acute = danger is not None and isinstance(danger.value, tuple) and bool(ACUUT.intersection(danger.value))
    if not acute or kind is None or kind.value not in MATTERS:
        return None
    rest = {name: fact for name, fact in facts.items() if name not in _URGENT}
    others = {outcome: chance for outcome, chance in outlook.items() if outcome != "escaleren"}
    if others and (total := sum(others.values())) > 0:
        best = max(others, key=others.__getitem__)
        share = others[best] / total
        rest["verwachte_uitkomst"] = Fact(best, share, "geleerd")
        rest["zekerheid_uitkomst"] = Fact(share, share, "geleerd")
    return rest


def second_matter(mail: Facts, part: Facts) -> bool:
    """Whether a paragraph is a matter of its own: another respondent, of whom words and training are sure."""
    kind, whose, first = part.get("soort"), part.get("betrokkene"), mail.get("betrokkene")
    if kind is None or whose is None or first is None or kind.value not in MATTERS:
        return False
    told = whose.found_by != "geleerd" and bool(whose.evidence)
    return told and whose.value not in (first.value, "onbekend") and whose.confidence >= SURE
