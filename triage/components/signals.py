"""The signals of the rules, found in every inflection, compound, abbreviation, pattern and language they name."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import ahocorasick
import re2
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.tokens.span import Span

from triage.components.lemma import lemmatised
from triage.components.sentences import sentence_of
from triage.hit import Hit
from triage.reading import Reading
from triage.terms import Pattern, Signal

if not Doc.has_extension("hits"):
    Doc.set_extension("hits", default=())


class Signals:
    """Finds where signals stand; what they are worth there is weighed by the next components."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp
        self.signals: Sequence[Signal] = ()
        self.matchers: tuple[PhraseMatcher, ...] = ()
        self.stems = ahocorasick.Automaton()
        self.patterns = Patterns([])

    def use(self, signals: Sequence[Signal]) -> None:
        """Takes the signals to look for."""
        self.signals = signals
        lemma = PhraseMatcher(self.nlp.vocab, attr="ORTH")
        lower = PhraseMatcher(self.nlp.vocab, attr="LOWER")
        orth = PhraseMatcher(self.nlp.vocab, attr="ORTH")
        stems: dict[str, list[int]] = defaultdict(list)
        for number, signal in enumerate(signals):
            name = str(number)
            if signal.woorden:
                lemma.add(name, [lemmatised(self.nlp.make_doc(_plain(word).lower())) for word in signal.woorden])
                lower.add(name, [self.nlp.make_doc(_plain(word).lower()) for word in signal.woorden])
            others = [word for words in signal.talen.values() for word in words]
            if others:
                lower.add(name, [self.nlp.make_doc(_plain(word).lower()) for word in others])
            if signal.letterlijk:
                orth.add(name, [self.nlp.make_doc(word) for word in signal.letterlijk])
            for stem in signal.stammen:
                stems[_plain(stem).lower()].append(number)
        self.matchers = (lemma, lower, orth)
        self.stems = ahocorasick.Automaton()
        for stem, numbers in stems.items():
            self.stems.add_word(stem, (len(stem), tuple(numbers)))
        if stems:
            self.stems.make_automaton()
        self.patterns = Patterns([(n, p) for n, signal in enumerate(signals) for p in signal.patronen])

    def __call__(self, doc: Doc) -> Doc:
        reading: Reading = doc._.reading
        seen: set[tuple[int, int, int]] = set()
        hits: list[Hit] = []
        for number, start, end in self._places(doc):
            if (number, start, end) in seen:
                continue
            seen.add((number, start, end))
            signal, stretch = self.signals[number], reading.stretch(start)
            if signal.waar == "alles" or (signal.waar == "onderwerp") == (stretch.part == "onderwerp"):
                hits.append(Hit(signal, start, end, sentence_of(doc, start), stretch.role))
        doc._.hits = hits
        return doc

    def _places(self, doc: Doc) -> Iterator[tuple[int, int, int]]:
        # `Doc.text` is put together from all tokens at every call; the reading holds the same text.
        reading: Reading = doc._.reading
        strings = doc.vocab.strings
        lemma, *others = self.matchers or (None,)
        for matcher, words in ((lemma, doc._.lemmas), *((other, doc) for other in others)):
            for key, start, end in matcher(words) if matcher is not None else ():
                span: Span = doc[start:end]
                yield int(strings[key]), span.start_char, span.end_char
        # "İ" is the only letter whose lower case is two code points; it would shift every position behind it.
        yield from self._compounds(reading.text.replace("İ", "i").lower())
        yield from self.patterns.places(reading.text, doc._.sentences)

    def _compounds(self, text: str) -> Iterator[tuple[int, int, int]]:
        if not len(self.stems):
            return
        for last, (length, numbers) in self.stems.iter(text):
            start, end = last + 1 - length, last + 1
            while start > 0 and text[start - 1].isalpha():
                start -= 1
            while end < len(text) and text[end].isalpha():
                end += 1
            word = text[start:end]
            for number in numbers:
                if not any(other in word for other in self.signals[number].niet_in):
                    yield number, start, end


class Patterns:
    """Many RE2 patterns at once, sentence by sentence: their literal parts say which may stand in it.

    A pattern builds its automaton while it reads. Reading one sentence in place of the whole mail keeps
    that work small, and a match can never run over the end of a sentence.
    """

    def __init__(self, patterns: Sequence[tuple[int, Pattern]]) -> None:
        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        self.patterns = patterns
        self.filter = re2.Filter()
        for _, pattern in patterns:
            self.filter.Add(pattern.bron, options)
        if patterns:
            self.filter.Compile()

    def places(self, text: str, starts: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Yields (number, start, end) of every match, within one sentence each."""
        if not self.patterns:
            return
        for start, end in zip(starts, (*starts[1:], len(text)), strict=True):
            sentence = text[start:end].rstrip()
            # The filter compares literal parts in lower case.
            for i in self.filter.Match(sentence.lower()) or ():
                number, pattern = self.patterns[i]
                for found in pattern.klaar.finditer(sentence):
                    yield number, start + found.start(), start + found.end()


def _plain(word: str) -> str:
    return word.replace("’", "'")


@Language.factory("signalen", requires=["token.lemma", "doc._.sentences"], assigns=["doc._.hits"])
def signals(nlp: Language, name: str) -> Signals:
    """The component; `use` arms it."""
    return Signals(nlp)
