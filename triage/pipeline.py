"""The ordered components that read a message, on spaCy's blank Dutch pipeline."""

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from intake.message import Message
from triage.alarm import Alarm
from triage.components import dates, language, lemma, qualifiers, sentences, signals, weights, writer
from triage.model import Model
from triage.reading import lay_out
from triage.rulebook import Rulebook

Component = TypeVar("Component")

# The Dutch tokenizer keeps "hand.", "pas." and "bijl." whole, so that such a word would go unseen at a sentence's end.
_ABBREVIATION = re.compile(r"[^\W\d_]{3,}\.$")

# So many usual words are known before the first mail.
USUAL = 8_000
# Words never seen before stay in memory for so many mails.
ZONE = 500

# The order matters: each stands behind what it needs. The modules above are imported so that spaCy knows these names.
ORDER = (
    "zinnen",  # where sentences begin
    "lemmas",  # the dictionary form of each word
    "signalen",  # the words of the rules
    "kwalificaties",  # denied, past, hypothetical, figurative, hearsay …
    "gewichten",  # what each signal is worth where it stands
    "taal",  # the language of the writer's own words
    "schrijver",  # name, address, own words at all
    "data",  # years and ages
)
MODULES = (sentences, lemma, signals, qualifiers, weights, language, writer, dates)


class Pipeline:
    """A pipeline armed with a rulebook and, when there is one, the trained part."""

    def __init__(self, nlp: Language, rulebook: Rulebook, model: Model | None, alarm: Alarm | None = None) -> None:
        self.nlp, self.rulebook, self.model, self.alarm = nlp, rulebook, model, alarm
        self.booleans = tuple(kind.id for kind in rulebook.facts.values() if kind.type == "waar")
        self._lock = threading.Lock()
        self._zone = ExitStack()
        self._read = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One mail at a time: spaCy's store of words is shared, and is emptied after every `ZONE` mails.

        No doc may be kept beyond its turn.
        """
        with self._lock:
            if self._read % ZONE == 0:
                self._zone.close()
                self._zone.enter_context(self.nlp.memory_zone())
            self._read += 1
            yield

    def read(self, message: Message) -> Doc:
        """The doc of one message, after every component; to be used within a `turn`."""
        reading = lay_out(message)
        doc = self.nlp.make_doc(reading.text)
        doc._.message = message
        doc._.reading = reading
        return self.nlp(doc)


def build(rulebook: Rulebook, model: Model | None = None, alarm: Alarm | None = None) -> Pipeline:
    """A pipeline for these rules. Takes about a second; keep it as long as the rulebook is in force."""
    nlp = spacy.blank("nl")
    nlp.max_length = 200_000
    _split_full_stops(nlp.tokenizer)
    for name in ORDER:
        nlp.add_pipe(name)
    _get(nlp, "signalen", signals.Signals).use(rulebook.signals)
    _get(nlp, "kwalificaties", qualifiers.Qualifiers).use(rulebook.cues)
    _get(nlp, "gewichten", weights.Weights).use(
        {
            name: value
            for name, value in rulebook.settings.wegen.items()
            if name in {**weights.ROLES, **weights.QUALIFIERS}
        }
    )
    # Words met here are cut up once and for all; words first met within a turn are forgotten time and again.
    if model is not None:
        nlp.make_doc(" ".join(word for known in _usual(model) for word in (known, known.capitalize())))
    return Pipeline(nlp, rulebook, model, alarm)


def _usual(model: Model) -> list[str]:
    """The words that stood in most mails of the training."""
    single = [(model.idf[column], word) for word, column in model.words.items() if "_" not in word]
    return [word for _, word in sorted(single)[:USUAL]]


def _split_full_stops(tokenizer: Any) -> None:
    """Takes a full stop off any word of three letters and more: "hand." ends a sentence more often than not."""
    tokenizer.rules = {word: parts for word, parts in tokenizer.rules.items() if not _ABBREVIATION.match(word)}


def _get(nlp: Language, name: str, kind: type[Component]) -> Component:
    pipe = nlp.get_pipe(name)
    if not isinstance(pipe, kind):
        raise TypeError(f"component {name} is not a {kind.__name__}")
    return pipe
