"""Plain language: what a letter does that Heerlijk Helder advises against, found fast enough to say so while one types.

The rules stand in `letters/nl/gewone-taal.yaml`. A remark that is a warning asks for a look; any other keeps a letter
of ours from passing the tests. What is between `[[` and `]]` is for staff and is not read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, with_config

from responder.readability import Figures, Sentence, figures, sentences, words
from triage.mistakes import Mistake

Form = Literal["u", "je"]
Count = Annotated[int, Field(gt=0)]

_FORBID = ConfigDict(extra="forbid")
_OPEN = re.compile(r"\[\[.*?\]\]", re.DOTALL)
_FORMAL = re.compile(r"\b(?:u|uw|uzelf)\b", re.IGNORECASE)
_FAMILIAR = re.compile(r"\b(?:je|jij|jou|jouw|jezelf)\b", re.IGNORECASE)
_BECOMES = re.compile(r"\b(?:word|wordt|worden|werd|werden)\b", re.IGNORECASE)
# A past participle: `gevraagd`, `besproken`, `doorgestuurd`.
_PARTICIPLE = re.compile(r"\b(?:\w{0,8}ge\w{2,}(?:d|t|en)|(?:be|ver|ont|her)\w{2,}(?:d|t|en))\b", re.IGNORECASE)
_NO_PARTICIPLE = re.compile(
    r"\b(?:geen|gegevens|gesprek(?:ken)?|gemeenten?|gezin(?:nen)?|gevallen|geld|gerecht|gebied(?:en)?|gevolgen|gedrag|"
    r"gericht|beter|bent|best|brengen|verder|vergunning(?:en)?|verslagen|herfst|berichten|bericht|algemeen)\b",
    re.IGNORECASE,
)
_LAW = re.compile(r"\b(?:artikel(?:en)?|art\.|\w*decreet|\w*besluit van|wetboek|omzendbrief)(?!\w)", re.IGNORECASE)
_GREETING = re.compile(r"(?:beste|dag|geachte)\b", re.IGNORECASE)
_SIGNED = re.compile(r"^(?:met vriendelijke groeten?|vriendelijke groeten?|veel groeten|groeten)\b", re.IGNORECASE)
_CONTACT = re.compile(r"^- (?:telefoon|chat|website|mail|adres):", re.IGNORECASE)
_ITEM = re.compile(r"^(?:- |\d{1,2}\. )")
_LONGEST_HEADING = 12


@with_config(_FORBID)
@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how heavy and how often; the file says what each is."""

    zin: Count
    gemiddelde_zin: Count
    woord: Count
    alinea_zinnen: Count
    alinea_woorden: Count
    zonder_tussentitel: Count
    leesbaarheid: Annotated[float, Field(ge=0, le=100)]
    lijdend: Annotated[float, Field(ge=0, le=1)]
    onderwerp: Count
    regelgeving: Annotated[int, Field(ge=0)]


# Not slotted: the compiled patterns are kept beside the fields.
@with_config(_FORBID)
@dataclass(frozen=True)
class PlainWords:
    """What `gewone-taal.yaml` holds."""

    grenzen: Limits
    zware_woorden: Mapping[str, str]
    vakwoorden: Mapping[str, str]
    afkortingen: Mapping[str, str]
    lange_woorden: tuple[str, ...] = ()
    namen: tuple[str, ...] = ()
    """Names of bodies, which are as they are."""

    @cached_property
    def heavy(self) -> re.Pattern[str]:
        return _any_of(self.zware_woorden, re.IGNORECASE)

    @cached_property
    def shortened(self) -> re.Pattern[str]:
        return _any_of(self.afkortingen, re.IGNORECASE)

    @cached_property
    def jargon(self) -> re.Pattern[str]:
        # Abbreviations stand as they are, other words in any case: `mano` and `Mano`, `VK` and not `vk`.
        return re.compile(
            "|".join(
                _alone(word) if word.upper() == word else f"(?i:{_alone(word)})"
                for word in sorted(self.vakwoorden, key=len, reverse=True)
            )
            or r"(?!)"
        )


@dataclass(frozen=True, slots=True)
class Review:
    """What was found in one letter."""

    remarks: tuple[Mistake, ...]
    figures: Figures

    @property
    def passes(self) -> bool:
        """Whether nothing but warnings was found."""
        return all(remark.warning for remark in self.remarks)


def review(text: str, plain: PlainWords, *, form: Form | None = None, subject: str = "", name: str = "brief") -> Review:
    """Every remark on a Dutch letter in plain text, in its order; lines and columns count in `text`.

    `form` is how it should speak (None: only not both), `name` what the remarks call the letter. Pure and fast: some
    milliseconds for a letter.
    """
    # What is cut out leaves blanks behind, so that lines and columns stay those of the text.
    read = _OPEN.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    said = tuple(sentences(_told(read)))
    unnamed = read
    for one in plain.namen:
        unnamed = unnamed.replace(one, " " * len(one))
    remarks = [
        *_words(unnamed, plain, name),
        *_sentences(said, plain.grenzen, name),
        *_address(read, form, name),
        *_shape(read, plain.grenzen, name),
        *_whole(said, read, subject, plain.grenzen, name),
    ]
    return Review(tuple(sorted(remarks)), figures(tuple(one for one in said if one.words > 2)))


def _any_of(known: Mapping[str, str], flags: re.RegexFlag) -> re.Pattern[str]:
    ranked = sorted(known, key=len, reverse=True)
    return re.compile("|".join(_alone(word) for word in ranked) or r"(?!)", flags)


def _alone(word: str) -> str:
    return rf"(?<!\w){re.escape(word)}(?!\w)"


def _told(text: str) -> str:
    """The text with blanks for what is no running text: greeting, headings, contacts and what follows the greetings."""
    lines = text.splitlines()
    end = next((number for number, line in enumerate(lines) if _SIGNED.match(line)), len(lines))
    return "\n".join("" if number >= end or _is_apart(line) else line for number, line in enumerate(lines))


def _is_apart(line: str) -> bool:
    return bool(_CONTACT.match(line) or (_GREETING.match(line) and len(line.split()) < 8)) or _is_heading(line)


def _is_heading(line: str) -> bool:
    calm = line.strip()
    if not calm or _ITEM.match(calm) or len(calm.split()) > _LONGEST_HEADING:
        return False
    # A question as a heading stands alone; a question inside a paragraph has company on its line.
    return calm[-1] not in ".!:;,…" and calm.count("?") <= 1 and "? " not in calm


def _words(text: str, plain: PlainWords, name: str) -> Iterator[Mistake]:
    for found in plain.heavy.finditer(text):
        better = plain.zware_woorden[found.group().casefold()]
        yield Mistake(
            name, *_place(text, found.start()), "zwaar-woord", f"`{found.group()}` is een zwaar woord", _instead(better)
        )
    for found in plain.shortened.finditer(text):
        better = plain.afkortingen[found.group().casefold()]
        yield Mistake(
            name, *_place(text, found.start()), "afkorting", f"`{found.group()}` is een afkorting", _instead(better)
        )
    meanings = {word.casefold(): meaning for word, meaning in plain.vakwoorden.items()}
    for found in plain.jargon.finditer(text):
        if not _explained(text, found.start(), found.end()):
            hint = f"leg het uit: {meanings[found.group().casefold()]}"
            yield Mistake(name, *_place(text, found.start()), "vakwoord", f"`{found.group()}` is een vakwoord", hint)
    for found in re.finditer(r"[^\W\d_]+", text):
        word = found.group()
        if len(word) > plain.grenzen.woord and word.casefold() not in plain.lange_woorden:
            what = f"`{word}` heeft {len(word)} letters"
            yield Mistake(
                name, *_place(text, found.start()), "lang-woord", what, "zeg het in kortere woorden", warning=True
            )


def _explained(text: str, start: int, end: int) -> bool:
    """Whether brackets tell what the word means, here or where it stood first."""
    word = text[start:end]
    return text[end : end + 2].lstrip().startswith("(") or f"({word})" in text[: end + 1] or f"{word} (" in text[:start]


def _sentences(said: tuple[Sentence, ...], limits: Limits, name: str) -> Iterator[Mistake]:
    passive = [one for one in said if _is_passive(one.text)]
    for one in said:
        if one.words > limits.zin:
            what = f"deze zin heeft {one.words} woorden"
            yield Mistake(name, one.line, one.column, "lange-zin", what, "maak er twee zinnen van")
    if len(passive) > limits.lijdend * len(said):
        for one in passive:
            what = f"deze zin staat in de lijdende vorm: `{_short(one.text)}`"
            yield Mistake(name, one.line, one.column, "lijdende-vorm", what, "zeg wie iets doet", warning=True)


def _is_passive(sentence: str) -> bool:
    if not _BECOMES.search(sentence):
        return False
    return any(not _NO_PARTICIPLE.fullmatch(found.group()) for found in _PARTICIPLE.finditer(sentence))


def _address(text: str, form: Form | None, name: str) -> Iterator[Mistake]:
    formal, familiar = list(_FORMAL.finditer(text)), list(_FAMILIAR.finditer(text))
    wanted = form or ("u" if len(formal) >= len(familiar) else "je")
    strange = familiar if wanted == "u" else formal
    for found in strange:
        what = f"`{found.group()}` past niet in een brief met {wanted}"
        yield Mistake(name, *_place(text, found.start()), "u-en-je", what, f"spreek overal met {wanted}")


def _shape(text: str, limits: Limits, name: str) -> Iterator[Mistake]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not _GREETING.match(first):
        yield Mistake(name, 1, 1, "geen-aanhef", "de brief begint niet met een aanhef", "begin met Beste of Dag")
    number = 1
    for block in re.split(r"\n[ \t]*\n", text):
        lines = [line for line in block.splitlines() if line.strip()]
        running = " ".join(line for line in lines if not _ITEM.match(line))
        count, long = sum(1 for _ in sentences(running)), len(words(running))
        if count > limits.alinea_zinnen or long > limits.alinea_woorden:
            what = f"deze alinea heeft {count} zinnen en {long} woorden"
            hint = "houd het bij één onderwerp per alinea"
            yield Mistake(name, number + block.startswith("\n"), 1, "lange-alinea", what, hint, warning=True)
        number += block.count("\n") + 2


def _whole(said: tuple[Sentence, ...], text: str, subject: str, limits: Limits, name: str) -> Iterator[Mistake]:
    found = figures(tuple(one for one in said if one.words > 2))
    if found.flesch_douma < limits.leesbaarheid:
        what = f"de brief leest moeilijk (Flesch-Douma {found.flesch_douma:.0f}, minstens {limits.leesbaarheid:.0f})"
        yield Mistake(name, 1, 1, "leesbaarheid", what, "neem kortere woorden en zinnen")
    if found.words_per_sentence > limits.gemiddelde_zin:
        what = f"een zin heeft gemiddeld {found.words_per_sentence:.0f} woorden"
        yield Mistake(name, 1, 1, "lange-zinnen", what, f"hoogstens {limits.gemiddelde_zin}")
    if found.words > limits.zonder_tussentitel and not any(_is_heading(line) for line in _body(text)):
        yield Mistake(name, 1, 1, "geen-tussentitels", "een lange brief zonder tussentitels", warning=True)
    if len(subject) > limits.onderwerp:
        yield Mistake(name, 1, 1, "lang-onderwerp", f"het onderwerp heeft {len(subject)} tekens", warning=True)
    if len(laws := list(_LAW.finditer(text))) > limits.regelgeving:
        what = f"de brief verwijst {len(laws)} keer naar regelgeving"
        yield Mistake(
            name, *_place(text, laws[0].start()), "veel-regelgeving", what, "laat weg wat niet moet", warning=True
        )


def _body(text: str) -> list[str]:
    """The lines between the greeting and the greetings at the end."""
    lines = [line for line in text.splitlines() if line.strip()]
    end = next((number for number, line in enumerate(lines) if _SIGNED.match(line)), len(lines))
    return lines[1:end]


def _place(text: str, start: int) -> tuple[int, int]:
    """Line and column, counted from 1."""
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def _instead(better: str) -> str:
    return better.strip("()") if better.startswith("(") else f"schrijf `{better}`"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rsplit(" ", 1)[0] + " …"
