"""Where sentences begin: at line ends and behind full stops, question and exclamation marks."""

from bisect import bisect_right

import re2
from spacy.language import Language
from spacy.tokens import Doc

from triage.reading import Reading

if not Doc.has_extension("reading"):
    Doc.set_extension("reading", default=None)
if not Doc.has_extension("sentences"):
    Doc.set_extension("sentences", default=())

# A full stop ends a sentence only before white space; "bv." and "art. 5" are cut too, which harms no signal.
_END = re2.compile(r"[.!?…]+[\"')\]]*\s+|\n+")


@Language.component("zinnen", assigns=["doc._.sentences"])
def sentences(doc: Doc) -> Doc:
    """Sets `doc._.sentences` to the sorted starts of all sentences, in characters."""
    reading: Reading = doc._.reading
    doc._.sentences = (0, *(found.end() for found in _END.finditer(reading.text)))
    return doc


def sentence_of(doc: Doc, position: int) -> int:
    """The number of the sentence that holds a character position."""
    return bisect_right(doc._.sentences, position) - 1
