"""How easily a Dutch text reads, in figures.

Flesch-Douma (W.H. Douma, De leesbaarheid van landbouwbladen, 1960) is the usual measure for Dutch: 0 is very hard, 100
very easy; from 60 on most adults follow without effort. It looks at the length of words and sentences alone, so it is a
proxy for level B1 and no proof of it. Newer measures (LiNT, 2023) need a parser and a word list that we may not ship.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Vowels that sound as one; the longest first. A vowel with a trema begins a syllable of its own.
_SYLLABLE = re.compile(
    r"aai|ooi|oei|eeu|ieu|eau|aa|ai|ee|ie|oo|uu|oe|eu|ui|ei|ij|au|ou|[aeiouyàáâèéêìíîòóôùúûäëïöü]", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# What one does not read as words: addresses, sites, our reference, numbers.
_UNREAD = re.compile(r"\S+@\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?|KW-\d{4}-\d+", re.IGNORECASE)
_END = re.compile(r"(?<=[.?!:])\s+")
_ITEM = re.compile(r"^(?:- |\d{1,2}\. )")


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    line: int
    """Counted from 1 in the text."""
    column: int
    words: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of a text and what follows from them."""

    words: int
    sentences: int
    syllables: int

    @property
    def words_per_sentence(self) -> float:
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def syllables_per_word(self) -> float:
        return self.syllables / self.words if self.words else 0.0

    @property
    def flesch_douma(self) -> float:
        """206.835 − 0.93 × words per sentence − 77 × syllables per word; 100 for a text without words."""
        if not self.words:
            return 100.0
        return 206.835 - 0.93 * self.words_per_sentence - 77 * self.syllables_per_word

    @property
    def brouwer(self) -> float:
        """Leesindex A (R.H.M. Brouwer, 1963): 195 − 2 × words per sentence − 67 × syllables per word."""
        return 195 - 2 * self.words_per_sentence - 67 * self.syllables_per_word if self.words else 100.0


def syllables(word: str) -> int:
    """How many syllables a Dutch word has, at least one; borrowed words may be off by one."""
    return max(1, len(_SYLLABLE.findall(word)))


def words(text: str) -> list[str]:
    """The words that a reader reads."""
    return _WORD.findall(_UNREAD.sub(" ", text))


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a letter in plain text; an item of a list and a heading are each one of their own."""
    for number, line in enumerate(text.splitlines(), 1):
        column = match.end() if (match := _ITEM.match(line)) else 0
        for part in _END.split(line[column:]):
            start = line.index(part, column) if part else column
            column = start + len(part)
            if part.strip():
                yield Sentence(part.strip(), number, start + 1, len(words(part)))


def figures(said: tuple[Sentence, ...]) -> Figures:
    """The figures of these sentences; those without a word do not count."""
    spoken = [word for one in said for word in words(one.text)]
    return Figures(len(spoken), sum(one.words > 0 for one in said), sum(syllables(word) for word in spoken))
