"""A message becomes facts: the signals of the rules and the trained part speak, each by name."""

from collections.abc import Iterable, Mapping

from spacy.tokens import Doc

from intake.message import Message
from triage.assessment import Assessment, Evidence, Fact
from triage.features import features
from triage.pipeline import Pipeline
from triage.reading import Reading
from triage.votes import Voice, Votes, cite, count, evidence

LEARNED = "geleerd"
CHOICES = ("soort", "sector", "betrokkene", "instantie")
# Numbers in force when `rules/instellingen.yaml` (wegen) names none.
NUMBERS: Mapping[str, float] = {
    "drempel_waar": 1.0,
    "drempel_waar_geleerd": 0.5,
    "drempel_gevaar": 3.0,
    "drempel_gevaar_geleerd": 0.3,
    "drempel_ontvankelijkheid_geleerd": 0.5,
}
Said = Mapping[str, Mapping[str, float]]


def assess(message: Message, pipeline: Pipeline) -> Assessment:
    """All facts of a message. Pure: the same message, rules and model give the same assessment."""
    doc = pipeline.read(message)
    votes = count(doc._.hits)
    said: Said = pipeline.model.predict(features(doc)) if pipeline.model else {}
    gatherer = Gatherer(doc, votes, said, {**NUMBERS, **pipeline.rulebook.settings.wegen})
    return Assessment(
        digest=message.digest,
        facts=gatherer.facts(kind.id for kind in pipeline.rulebook.facts.values() if kind.type == "waar"),
        model=pipeline.model.version if pipeline.model else "geen",
        rulebook=pipeline.rulebook.fingerprint,
        outlook=said.get("uitkomst", {}),
    )


class Gatherer:
    """Brings what the signals and the trained part say of one doc together as facts."""

    def __init__(self, doc: Doc, votes: Votes, said: Said, numbers: Mapping[str, float]) -> None:
        self.doc, self.votes, self.said, self.numbers = doc, votes, said, numbers
        self.reading: Reading = doc._.reading
        self.message: Message = doc._.message

    def facts(self, booleans: Iterable[str]) -> dict[str, Fact]:
        facts = {name: fact for name in CHOICES if (fact := self._choice(name)) is not None}
        for name in booleans:
            fact = self._truth(name)
            if fact is not None:
                facts[name] = fact
        facts |= self._form()
        if danger := self._many("gevaar", "drempel_gevaar", "drempel_gevaar_geleerd"):
            facts["gevaar"] = danger
        if grounds := self._many("ontvankelijkheid", "drempel_waar", "drempel_ontvankelijkheid_geleerd"):
            facts["ontvankelijkheid"] = grounds
        facts["ontbreekt"] = self._missing(facts)
        if outlook := self.said.get("uitkomst"):
            best = max(outlook, key=outlook.__getitem__)
            facts["verwachte_uitkomst"] = Fact(best, outlook[best], LEARNED)
            facts["zekerheid_uitkomst"] = Fact(outlook[best], outlook[best], LEARNED)
        return facts

    def _choice(self, name: str) -> Fact | None:
        """The likeliest value of a choice: by the trained part where there is one, which has heard the signals too."""
        voices = self.votes.get(name, {})
        chances = self.said.get(name) or _shares(voices)
        if not chances:
            return None
        order = sorted(chances, key=lambda value: -chances[value])
        best = order[0]
        voice = voices.get(best)
        second = order[1] if len(order) > 1 else ""
        learned = name in self.said
        return Fact(
            value=best,
            confidence=round(chances[best], 4),
            found_by=voice.first if voice and not learned else LEARNED if learned else name,
            evidence=evidence(self.reading, voice),
            runner_up=second,
            runner_up_confidence=round(chances.get(second, 0.0), 4),
        )

    def _truth(self, name: str) -> Fact | None:
        voice = self.votes.get(name, {}).get(True)
        against = self.votes.get(name, {}).get(False)
        strength = (voice.strength if voice else 0.0) - (against.strength if against else 0.0)
        learned = self.said.get("waar", {}).get(name, 0.0)
        if strength >= self.numbers["drempel_waar"] and voice:
            return Fact(True, round(max(learned, _sure(strength)), 4), voice.first, evidence(self.reading, voice))
        if learned >= self.numbers.get(f"drempel_{name}_geleerd", self.numbers["drempel_waar_geleerd"]):
            return Fact(True, round(learned, 4), LEARNED, evidence(self.reading, voice))
        return None

    def _many(self, name: str, spoken: str, learned: str) -> Fact | None:
        """Every value that the words or the trained part hold possible; either suffices."""
        voices, chances = self.votes.get(name, {}), self.said.get(name, {})
        values: dict[str, float] = {}
        for value in {*map(str, voices), *chances}:
            voice = voices.get(value)
            strength = voice.strength if voice else 0.0
            if strength >= self.numbers[spoken] or chances.get(value, 0.0) >= self.numbers[learned]:
                values[value] = max(_sure(strength), chances.get(value, 0.0))
        if not values:
            return None
        order = sorted(values, key=lambda value: (-values[value], value))
        cited: list[Evidence] = []
        for value in order:
            cited.extend(evidence(self.reading, voices.get(value))[:3])
        heard = voices.get(order[0])
        found_by = heard.first if heard and heard.strength >= self.numbers[spoken] else LEARNED
        return Fact(tuple(order), round(values[order[0]], 4), found_by, tuple(cited))

    def _form(self) -> dict[str, Fact]:
        """What headers, form, dates and language tell without any word of the rules."""
        writer, dates = self.doc._.writer, self.doc._.dates
        code, sure = self.doc._.language
        facts = {"taal": Fact(code, round(sure, 4), "taal")}
        if self.message.automatic is not None:
            facts["machine"] = Fact(True, 1.0, "automatisch")
            facts["soort"] = Fact("automatisch", 1.0, "automatisch")
        if self.message.in_reply_to or self.message.references:
            facts["lopend_dossier"] = Fact(True, 0.9, "draad")
        if writer["alleen_aanhaling"]:
            facts["alleen_aanhaling"] = Fact(True, 1.0, "schrijver")
        age = dates["leeftijd"]
        if 5 <= age < 18:
            facts["minderjarige"] = Fact(True, 0.9, "data", self._age())
        if dates["voor_2014"]:
            facts["voor_2014"] = Fact(True, 0.7, "data")
        return facts

    def _age(self) -> tuple[Evidence, ...]:
        start, end = self.doc._.dates["plaats"]
        return (cite(self.reading, start, end, "data", 4.0),)

    def _missing(self, facts: Mapping[str, Fact]) -> Fact:
        writer = self.doc._.writer
        missing = [name for name in ("naam", "adres") if not writer[name]]
        missing += ["feiten"] if "feiten_onduidelijk" in facts else []
        missing += ["betrokkene"] if "betrokkene_onduidelijk" in facts else []
        return Fact(tuple(missing), 0.9, "schrijver")


def _shares(voices: Mapping[str | bool, Voice]) -> dict[str, float]:
    """Strengths as shares, with something left for what nobody mentioned."""
    total = 1.0 + sum(voice.strength for voice in voices.values())
    return {str(value): voice.strength / total for value, voice in voices.items()}


def _sure(strength: float) -> float:
    return strength / (strength + 1.0)
