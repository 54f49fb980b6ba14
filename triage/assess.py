"""A message becomes facts: the signals of the rules and the trained part speak, each by name."""

from collections.abc import Iterable, Iterator, Mapping
from math import log

from spacy.tokens import Doc

from intake.message import Message
from triage.alarm import Alarm
from triage.assessment import Assessment, Evidence, Fact
from triage.features import features
from triage.objects import beside_danger, paragraphs, second_matter
from triage.pipeline import Pipeline
from triage.reading import Reading
from triage.vocabulary import ACUUT
from triage.votes import Voice, Votes, cite, count, evidence

LEARNED = "geleerd"
CHOICES = ("soort", "sector", "betrokkene", "instantie")
# Numbers in force when `rules/instellingen.yaml` (wegen) names none.
NUMBERS: Mapping[str, float] = {
    "drempel_waar": 1.0,
    "drempel_waar_geleerd": 0.5,
    "drempel_gevaar": 3.0,
    "drempel_gevaar_geleerd": 0.5,
    "drempel_alarm": 0.35,
    "drempel_ontvankelijkheid_geleerd": 0.5,
    "drempel_instantie": 0.06,
    "gewicht_stem_instantie": 0.1,
}
# The strength of words that counts as certain.
CERTAIN = 4.0
# From this chance of danger on, the sentence that sounds most like it is shown.
CITED = 0.1
Said = Mapping[str, Mapping[str, float]]


def assess(message: Message, pipeline: Pipeline) -> Assessment:
    """All facts of a message. Pure: the same message, rules and model give the same assessment."""
    with pipeline.turn():
        return _assess(message, pipeline)


def _assess(message: Message, pipeline: Pipeline) -> Assessment:
    doc = pipeline.read(message)
    votes = count(doc._.hits)
    said: Said = pipeline.model.predict(features(doc)) if pipeline.model else {}
    danger = _listen(doc, said, pipeline.alarm) if pipeline.alarm else None
    numbers = {**NUMBERS, **pipeline.rulebook.settings.wegen}
    facts = Gatherer(doc, votes, said, numbers, danger).facts(pipeline.booleans)
    return Assessment(
        digest=message.digest,
        facts=facts,
        parts=tuple(_parts(doc, facts, said, numbers, pipeline)),
        model=pipeline.model.version if pipeline.model else "geen",
        rulebook=pipeline.rulebook.fingerprint,
        outlook=said.get("uitkomst", {}),
    )


def _parts(
    doc: Doc, facts: Mapping[str, Fact], said: Said, numbers: Mapping[str, float], pipeline: Pipeline
) -> Iterator[Mapping[str, Fact]]:
    """The further objects of the mail, one at most of each kind."""
    calm = beside_danger(facts, said.get("uitkomst", {}))
    if calm is not None:
        yield calm
        return
    places = list(paragraphs(doc))
    if len(places) < 2 or pipeline.model is None:
        return
    for start, end in places:
        hits = [hit for hit in doc._.hits if start <= hit.start < end]
        votes = count(hits)
        if "betrokkene" not in votes:
            continue
        heard = pipeline.model.predict(features(doc, start, end))
        part = Gatherer(doc, votes, heard, numbers).facts(pipeline.booleans)
        if second_matter(facts, part):
            yield part
            return


def own_sentences(doc: Doc) -> list[tuple[str, int, int]]:
    """The sentences of the writer's own words (of a forward without any, the forwarded ones), with their place."""
    reading: Reading = doc._.reading
    if not reading.stretches:
        return []
    starts: tuple[int, ...] = doc._.sentences
    roles = {one.role for one in reading.stretches if one.part != "onderwerp"}
    wanted = "eigen" if "eigen" in roles else "doorgestuurd"
    places = zip(starts, (*starts[1:], len(reading.text)), strict=True)
    return [
        (reading.text[start:end].strip(), start, end)
        for start, end in places
        if reading.stretch(start).role == wanted and end - start > 1
    ]


def _listen(doc: Doc, said: Said, alarm: Alarm) -> Fact:
    """How likely acute danger is, with the sentence that sounds most like it."""
    told = own_sentences(doc)
    heard = alarm.hear([text for text, _, _ in told])
    share = min(1 - 1e-6, max(1e-6, said.get("gevaar", {}).get("acuut", 0.0)))
    chance = alarm.chance(log(share / (1 - share)), heard)
    cited: tuple[Evidence, ...] = ()
    if heard.sentence >= 0 and chance >= CITED:
        text, start, _ = told[heard.sentence]
        cited = (cite(doc._.reading, start, start + len(text), LEARNED, 4 * chance),)
    return Fact(round(chance, 4), 1.0, LEARNED, cited)


class Gatherer:
    """Brings what the signals and the trained part say of one doc together as facts."""

    def __init__(
        self, doc: Doc, votes: Votes, said: Said, numbers: Mapping[str, float], danger: Fact | None = None
    ) -> None:
        self.doc, self.votes, self.said, self.numbers, self.danger = doc, votes, said, numbers, danger
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
        facts |= self._suspicion()
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
        chances = self._bodies(voices) if name == "instantie" else self.said.get(name) or _shares(voices)
        if not chances:
            return None
        order = sorted(chances, key=lambda value: (-chances[value], value))
        best, second = order[0], order[1] if len(order) > 1 else ""
        voice = voices.get(best)
        return Fact(
            value=best,
            confidence=round(chances[best], 4),
            found_by=voice.first if voice else LEARNED,
            evidence=evidence(self.reading, voice),
            runner_up=second,
            runner_up_confidence=round(chances.get(second, 0.0), 4),
        )

    def _bodies(self, voices: Mapping[str | bool, Voice]) -> dict[str, float]:
        """Words and training know different bodies, so both are added up; together they name far more right ones."""
        learned = self.said.get("instantie", {})
        loud = self.numbers["gewicht_stem_instantie"]
        summed = {
            str(body): min(1.0, learned.get(str(body), 0.0) + loud * (voices[body].strength if body in voices else 0.0))
            for body in {*map(str, voices), *learned}
        }
        return {body: chance for body, chance in summed.items() if chance >= self.numbers["drempel_instantie"]}

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
        voices, chances = self.votes.get(name, {}), dict(self.said.get(name, {}))
        if name == "gevaar":
            chances = self._classes(chances)
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

    def _classes(self, chances: dict[str, float]) -> dict[str, float]:
        """The danger classes by training: an acute one is named only when the alarm as a whole is sure enough."""
        chances.pop("acuut", None)
        acute = {value: chance for value, chance in chances.items() if value in ACUUT}
        rest = {value: chance for value, chance in chances.items() if value not in ACUUT}
        alarm = float(self.danger.value) if self.danger and isinstance(self.danger.value, float) else 0.0
        if not acute or alarm < self.numbers["drempel_alarm"]:
            return rest
        likeliest = max(acute, key=acute.__getitem__)
        sure = self.numbers["drempel_gevaar_geleerd"]
        return rest | {v: max(c, alarm) for v, c in acute.items() if v == likeliest or c >= sure}

    def _suspicion(self) -> dict[str, Fact]:
        """How strongly words and training point at acute danger, also where neither is sure of a class."""
        voices = [voice for value, voice in self.votes.get("gevaar", {}).items() if str(value) in ACUUT]
        cited = tuple(one for voice in voices for one in evidence(self.reading, voice)[:2])
        strength = min(1.0, sum(voice.strength for voice in voices) / CERTAIN)
        facts = {"sterkte_gevaar": Fact(round(strength, 4), 1.0, "gevaar", cited)} if voices else {}
        return facts | ({"kans_gevaar": self.danger} if self.danger else {})

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
