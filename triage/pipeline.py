"""The ordered components that read a message, on spaCy's blank Dutch pipeline."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from intake.message import Message
from triage.components import dates, language, lemma, qualifiers, sentences, signals, weights, writer
from triage.model import Model
from triage.reading import lay_out
from triage.rulebook import Rulebook

Component = TypeVar("Component")

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


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline armed with a rulebook and, when there is one, the trained part."""

    nlp: Language
    rulebook: Rulebook
    model: Model | None

    def read(self, message: Message) -> Doc:
        """The doc of one message, after every component."""
        reading = lay_out(message)
        doc = self.nlp.make_doc(reading.text)
        doc._.message = message
        doc._.reading = reading
        return self.nlp(doc)


def build(rulebook: Rulebook, model: Model | None = None) -> Pipeline:
    """A pipeline for these rules. Takes about a second; keep it as long as the rulebook is in force."""
    nlp = spacy.blank("nl")
    nlp.max_length = 200_000
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
    return Pipeline(nlp, rulebook, model)


def batches(messages: Iterable[Message], size: int = 200) -> Iterator[list[Message]]:
    """Messages in lists of `size`; the pipeline's string store is emptied after each (`memory_zone`)."""
    batch: list[Message] = []
    for message in messages:
        batch.append(message)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _get(nlp: Language, name: str, kind: type[Component]) -> Component:
    pipe = nlp.get_pipe(name)
    if not isinstance(pipe, kind):
        raise TypeError(f"component {name} is not a {kind.__name__}")
    return pipe
