"""Our letters: read from a folder, checked as a whole, found by id and language.

`letters/<taal>/<id>.md` is a letter: a heading in YAML, then its text. A file whose name begins with `_` is a part
that letters include. Of the language we work in, `woorden.yaml` holds the fixed words, `samenvatting.yaml` what we may
say back to a writer, and `gewone-taal.yaml` what a letter is checked against.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from jinja2 import Template
from pydantic import TypeAdapter

from responder.clarity import PlainWords
from responder.heading import Heading, split
from responder.language import LANGUAGES, NAMES
from responder.summary import Retelling
from responder.template import Sheets
from responder.words import Words
from triage.entries import entries
from triage.mistakes import Mistake, nearest
from triage.placed import read
from triage.vocabulary import ONTVANKELIJKHEID

T = TypeVar("T")

FOLDER = Path(__file__).parent / "letters"


class LettersError(Exception):
    """The letters are refused as a whole; `mistakes` holds every reason at once."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that may be filled."""

    language: str
    heading: Heading
    file: str
    """Where it stands, from the folder of letters."""
    template: Template = field(compare=False, repr=False)

    @property
    def id(self) -> str:
        return self.heading.id


@dataclass(frozen=True, slots=True)
class Letters:
    """All letters, ready for use."""

    by_name: Mapping[tuple[str, str], Letter]
    """Per id and language."""
    words: Words
    """The fixed words of the language we work in."""
    retelling: Retelling
    """What we may say back to a writer."""
    plain: PlainWords
    """What plain language asks of a letter."""

    def find(self, id: str, language: str = LANGUAGES[0]) -> Letter | None:
        """The letter of that id in that very language, or None."""
        return self.by_name.get((id, language))

    def for_minor(self, id: str) -> Letter | None:
        """The je-letter to use for `id` when a minor wrote: itself, or the one in its place; None without one."""
        for letter in self.by_name.values():
            same = id == letter.id and letter.heading.aanspreking == "je"
            if letter.language == LANGUAGES[0] and (same or id in letter.heading.in_plaats_van):
                return letter
        return None

    def counterparts(self, letter: Letter) -> tuple[Letter, ...]:
        """The same letter for the other writer: the je-form of one with u, or those whose place a je-form takes."""
        if letter.heading.aanspreking == "u":
            gentle = self.for_minor(letter.id)
            return () if gentle is None else (gentle,)
        return tuple(one for one in self.ours if one.id in letter.heading.in_plaats_van)

    @property
    def ids(self) -> frozenset[str]:
        """The ids that a rule may name under `brief`; a letter on which a person decides is none of them."""
        return frozenset(letter.id for letter in self.ours if letter.heading.beslist == "regel")

    @property
    def ours(self) -> tuple[Letter, ...]:
        """The letters in the language we work in, by id."""
        return tuple(letter for (_, language), letter in sorted(self.by_name.items()) if language == LANGUAGES[0])

    def offered(self, uitkomst: str, grounds: Iterable[str] = (), *, minor: bool = False) -> tuple[Letter, ...]:
        """What a person may choose for a mail of this outcome: refusals on the suggested grounds come first.

        Letters with je only when a minor wrote, the others only when none did.
        """
        form, suggested = "je" if minor else "u", set(grounds)
        fitting = (one for one in self.ours if one.heading.aanspreking == form and uitkomst in one.heading.uitkomst)
        return tuple(sorted(fitting, key=lambda one: (not suggested & set(one.heading.gronden), one.id)))


def load(folder: Path = FOLDER) -> Letters:
    """Every letter under `folder`. Raises LettersError with all mistakes, each with file and line."""
    if not folder.is_dir():
        raise LettersError([Mistake(folder.name, 1, 1, "geen-map", "de map met brieven bestaat niet")])
    mistakes: list[Mistake] = []
    letters: dict[tuple[str, str], Letter] = {}
    for room in sorted(path for path in folder.iterdir() if path.is_dir()):
        if room.name not in NAMES:
            hint = nearest(room.name, NAMES) or f"kies uit {', '.join(NAMES)}"
            mistakes.append(Mistake(room.name, 1, 1, "onbekende-taal", f"`{room.name}` is geen taal van ons", hint))
            continue
        found, wrong = _language(room)
        letters |= {(letter.id, room.name): letter for letter in found}
        mistakes += wrong
    here = folder / LANGUAGES[0]
    words, wrong = _held(here / "woorden.yaml", TypeAdapter(Words))
    mistakes += wrong
    retelling, wrong = _held(here / "samenvatting.yaml", TypeAdapter(Retelling))
    mistakes += wrong
    plain, wrong = _held(here / "gewone-taal.yaml", TypeAdapter(PlainWords))
    mistakes += wrong
    if words is not None:
        file = f"{LANGUAGES[0]}/woorden.yaml"
        mistakes += [Mistake(file, 1, 1, "ontbrekende-sleutel", f"`{gap}` ontbreekt") for gap in words.gaps()]
    if mistakes or words is None or retelling is None or plain is None:
        raise LettersError(mistakes)
    return Letters(letters, words, retelling, plain)


def _language(room: Path) -> tuple[list[Letter], list[Mistake]]:
    headings: dict[str, tuple[Heading, str]] = {}
    sources: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for path in sorted(room.glob("*.md")):
        file = f"{room.name}/{path.name}"
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            mistakes.append(Mistake(file, 1, 1, "geen-utf8", "het bestand is geen UTF-8", "bewaar het als UTF-8"))
            continue
        if path.stem.startswith("_"):
            sources[path.stem] = text
            continue
        heading, body, wrong = split(file, text)
        mistakes += wrong
        if heading is None:
            continue
        if heading.id in headings:
            what = f"`{heading.id}` staat ook in {headings[heading.id][1]}"
            mistakes.append(Mistake(file, 2, 1, "dubbele-brief", what))
            continue
        if heading.id != path.stem:
            what = f"de brief heet `{heading.id}` en het bestand `{path.stem}`"
            mistakes.append(Mistake(file, 2, 1, "andere-naam", what, "geef ze dezelfde naam"))
        headings[heading.id] = (heading, file)
        sources[heading.id] = body
    letters, wrong = _checked(room.name, headings, sources)
    return letters, mistakes + wrong + list(_dangling(headings))


def _checked(
    language: str, headings: Mapping[str, tuple[Heading, str]], sources: Mapping[str, str]
) -> tuple[list[Letter], list[Mistake]]:
    sheets = Sheets(sources)
    letters: list[Letter] = []
    mistakes: list[Mistake] = []
    for part in (name for name in sources if name.startswith("_")):
        mistakes += sheets.check(part, f"{language}/{part}.md", None)
    for id, (heading, file) in headings.items():
        wrong = sheets.check(id, file, heading.noemt)
        mistakes += wrong
        if not wrong:
            letters.append(Letter(language, heading, file, sheets.template(id)))
    return letters, mistakes


def _dangling(headings: Mapping[str, tuple[Heading, str]]) -> Iterable[Mistake]:
    """Letters that take the place of a letter that does not exist, or refuse on a ground that does not."""
    for heading, file in headings.values():
        for ground in heading.gronden:
            if ground not in ONTVANKELIJKHEID:
                what = f"`{ground}` is geen grond van weigering"
                yield Mistake(file, 1, 1, "onbekende-grond", what, nearest(ground, ONTVANKELIJKHEID))
        for id in heading.in_plaats_van:
            if id not in headings:
                yield Mistake(file, 1, 1, "onbekende-brief", f"`{id}` bestaat niet", nearest(id, headings))


def _held(path: Path, shape: TypeAdapter[T]) -> tuple[T | None, list[Mistake]]:
    """What a YAML file beside the letters holds, or why it cannot be used."""
    file = f"{path.parent.name}/{path.name}"
    if not path.is_file():
        return None, [Mistake(file, 1, 1, "ontbrekend-bestand", f"{file} ontbreekt")]
    placed, mistakes = read(file, path.read_text(encoding="utf-8"))
    if mistakes:
        return None, mistakes
    found, mistakes = entries(placed, shape, many=False)
    return (found[0].value if found else None), mistakes
