"""The language of the writer's own words, among those that occur."""

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from spacy.language import Language
from spacy.tokens import Doc

from triage.reading import Reading

if not Doc.has_extension("language"):
    Doc.set_extension("language", default=("nl", 0.0))

# Below so many letters a guess is worth nothing, and Dutch is what most people write to us.
ENOUGH = 12
SAMPLE = 600
OCCURRING = ["nl", "fr", "en", "de", "tr", "ar", "pl", "ro", "es", "uk", "it", "pt", "ru", "bg", "sq", "fa", "ps", "zh"]


class Languages:
    """Sets `doc._.language` to (ISO 639-1 code, confidence)."""

    def __init__(self) -> None:
        self.identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self.identifier.set_languages(OCCURRING)

    def __call__(self, doc: Doc) -> Doc:
        reading: Reading = doc._.reading
        own = reading.words(frozenset({"eigen"})) or reading.words(frozenset({"doorgestuurd"}))
        if sum(map(str.isalpha, own[:200])) >= ENOUGH:
            code, confidence = self.identifier.classify(own[:SAMPLE])
            doc._.language = (str(code), float(confidence))
        return doc


@Language.factory("taal", requires=["doc._.reading"], assigns=["doc._.language"])
def languages(nlp: Language, name: str) -> Languages:
    """The component."""
    return Languages()
