"""Cues that deny a signal, put it in the past, make it a hypothesis, a figure of speech or hearsay (ConText)."""

from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from triage.components.lemma import lemmatised
from triage.components.sentences import sentence_of
from triage.components.signals import Patterns
from triage.hit import Hit
from triage.reading import Reading
from triage.terms import Cue


class Qualifiers:
    """Adds to every hit the qualifiers of the cues whose reach it stands in. Definitions: `docs/kwalificaties.md`."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp
        self.cues: Sequence[Cue] = ()
        self.matchers: tuple[PhraseMatcher, ...] = ()
        self.patterns = Patterns([])
        self.stops: tuple[frozenset[str], ...] = ()

    def use(self, cues: Sequence[Cue]) -> None:
        """Takes the cues to look for."""
        self.cues = cues
        lemma = PhraseMatcher(self.nlp.vocab, attr="ORTH")
        lower = PhraseMatcher(self.nlp.vocab, attr="LOWER")
        orth = PhraseMatcher(self.nlp.vocab, attr="ORTH")
        for number, cue in enumerate(cues):
            name = str(number)
            words = [word.replace("’", "'").lower() for word in cue.woorden]
            if words:
                lemma.add(name, [lemmatised(self.nlp.make_doc(word)) for word in words])
            words += [word.replace("’", "'").lower() for others in cue.talen.values() for word in others]
            if words:
                lower.add(name, [self.nlp.make_doc(word) for word in words])
            if cue.letterlijk:
                orth.add(name, [self.nlp.make_doc(word) for word in cue.letterlijk])
        self.matchers = (lemma, lower, orth)
        self.patterns = Patterns([(n, p) for n, cue in enumerate(cues) for p in cue.patronen])
        self.stops = tuple(frozenset(word.lower() for word in cue.stopt_bij) for cue in cues)

    def __call__(self, doc: Doc) -> Doc:
        hits: Sequence[Hit] = doc._.hits
        if not hits or not self.cues:
            return doc
        for number, start, end, ahead in {*self._reaches(doc)}:
            kind = self.cues[number].soort
            for hit in hits:
                # A cue among a signal's own words ("krijgt geen kinderbijslag") is part of its meaning.
                reached = start <= hit.start < end if ahead else start < hit.end <= end
                if reached and kind not in hit.signal.ongevoelig_voor:
                    hit.qualifiers.add(kind)
        return doc

    def _places(self, doc: Doc) -> Iterator[tuple[int, int, int]]:
        reading: Reading = doc._.reading
        strings = doc.vocab.strings
        lemma, *others = self.matchers or (None,)
        for matcher, words in ((lemma, doc._.lemmas), *((other, doc) for other in others)):
            for key, start, end in matcher(words) if matcher is not None else ():
                yield int(strings[key]), start, end
        for number, first, last in self.patterns.places(reading.text, doc._.sentences):
            span = doc.char_span(first, last, alignment_mode="expand")
            if span is not None:
                yield number, span.start, span.end

    def _reaches(self, doc: Doc) -> Iterator[tuple[int, int, int, bool]]:
        """Number of a cue, what it governs ([start, end) in its own sentence), and whether that lies ahead of it."""
        for number, start, end in self._places(doc):
            cue, stops = self.cues[number], self.stops[number]
            sentence = sentence_of(doc, doc[start].idx)
            if cue.richting in ("vooruit", "beide"):
                stop = end
                while stop < min(len(doc), end + cue.bereik) and self._goes_on(doc, stop, sentence, stops):
                    stop += 1
                if stop > end:
                    yield number, doc[end].idx, doc[stop - 1].idx + len(doc[stop - 1]), True
            if cue.richting in ("achteruit", "beide"):
                first = start
                while first > max(0, start - cue.bereik) and self._goes_on(doc, first - 1, sentence, stops):
                    first -= 1
                if first < start:
                    yield number, doc[first].idx, doc[start].idx, False

    @staticmethod
    def _goes_on(doc: Doc, token: int, sentence: int, stops: frozenset[str]) -> bool:
        return doc[token].lower_ not in stops and sentence_of(doc, doc[token].idx) == sentence


@Language.factory("kwalificaties", requires=["doc._.hits", "doc._.sentences"])
def qualifiers(nlp: Language, name: str) -> Qualifiers:
    """The component; `use` arms it."""
    return Qualifiers(nlp)
