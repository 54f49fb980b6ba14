"""What each hit is worth where it stands: company it needs or shuns, whose words it is in, how it is qualified."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from triage.hit import Hit

# Factors in force when the rulebook's settings name none.
ROLES: Mapping[str, float] = {
    "eigen": 1.0,
    "doorgestuurd": 0.5,
    "handtekening": 0.0,
    "aangehaald": 0.0,
    "disclaimer": 0.0,
}
QUALIFIERS: Mapping[str, float] = {
    "ontkend": 0.0,
    "verleden": 0.4,
    "voorwaardelijk": 0.5,
    "figuurlijk": 0.0,
    "van_horen_zeggen": 0.7,
    "over_ander": 0.4,
    "ander_land": 0.4,
}


class Weights:
    """Sets the weight of every hit; hits without the company they need are worth nothing."""

    def __init__(self) -> None:
        self.factors: Mapping[str, float] = {**ROLES, **QUALIFIERS}

    def use(self, factors: Mapping[str, float]) -> None:
        """Takes the factors of the rulebook's settings, by name of role or qualifier."""
        self.factors = {**self.factors, **factors}

    def __call__(self, doc: Doc) -> Doc:
        hits: Sequence[Hit] = doc._.hits
        in_sentence: dict[int, set[str]] = defaultdict(set)
        in_mail: set[str] = set()
        for hit in hits:
            if self.factors[hit.role]:
                in_sentence[hit.sentence].add(hit.signal.id)
                in_mail.add(hit.signal.id)
        for hit in hits:
            hit.weight = self._weight(hit, in_sentence[hit.sentence], in_mail)
        return doc

    def _weight(self, hit: Hit, company: set[str], mail: set[str]) -> float:
        signal = hit.signal
        if signal.samen_met and company.isdisjoint(signal.samen_met):
            return 0.0
        if signal.samen_met_mail and mail.isdisjoint(signal.samen_met_mail):
            return 0.0
        if not company.isdisjoint(signal.niet_bij):
            return 0.0
        weight = signal.gewicht * self.factors[hit.role]
        for qualifier in hit.qualifiers:
            weight *= self.factors[qualifier]
        return weight


@Language.factory("gewichten", requires=["doc._.hits"])
def weights(nlp: Language, name: str) -> Weights:
    """The component; `use` arms it."""
    return Weights()
