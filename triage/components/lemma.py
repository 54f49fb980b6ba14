"""Dutch lemmas by simplemma. Phrases of the rules pass here too, so that both sides agree even where it errs."""

from functools import lru_cache

import simplemma
from spacy.language import Language
from spacy.tokens import Doc

if not Doc.has_extension("lemmas"):
    Doc.set_extension("lemmas", default=None)


@lru_cache(maxsize=50_000)
def _lemma(word: str) -> str:
    return simplemma.lemmatize(word, lang="nl").lower() if word.isalpha() else word


@Language.component("lemmas", assigns=["doc._.lemmas"])
def lemmas(doc: Doc) -> Doc:
    """Sets `doc._.lemmas` to a twin of the doc that holds the lemma of every token in its place.

    Phrases are matched on the twin's words: a matcher on the attribute LEMMA walks over all tokens
    first to see whether they have one, which costs more than everything else together.
    """
    doc._.lemmas = Doc(doc.vocab, words=[_lemma(token.lower_) for token in doc])
    return doc


def lemmatised(doc: Doc) -> Doc:
    """The twin of a phrase of the rules."""
    twin: Doc = lemmas(doc)._.lemmas
    return twin
