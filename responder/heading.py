"""The heading of a letter: YAML between two lines of `---`, and where the letter's own text begins."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, TypeAdapter, with_config

from triage.entries import entries
from triage.mistakes import Mistake
from triage.placed import read
from triage.vocabulary import Uitkomst

_FENCE = "---"


def _listed(value: object) -> object:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the text of a letter, in the words of its author."""

    id: str
    onderwerp: str
    aanspreking: Literal["u", "je"]
    nagekeken_op: date
    uitkomst: Annotated[tuple[Uitkomst, ...], BeforeValidator(_listed)] = ()
    """The outcomes it is written for."""
    noemt: Names = ()
    """Bodies that it always names, as help lines."""
    in_plaats_van: Names = ()
    """Letters whose place it takes for a writer who is a minor."""
    verwijst: Names = ()
    """Bodies whose checked contacts it always shows, whether or not they have a number."""
    beslist: Literal["regel", "persoon"] = "regel"
    """`persoon` for a letter that no rule may name and that never leaves by itself: a refusal, a final answer."""
    gronden: Names = ()
    """The grounds on which it refuses: values of `triage.vocabulary.ONTVANKELIJKHEID`."""
    nagelezen: bool = True
    """False while nobody who speaks its language has read it."""


_SHAPE = TypeAdapter(Heading)


def split(file: str, text: str) -> tuple[Heading | None, str, list[Mistake]]:
    """The heading, the text below it, and the mistakes of the heading.

    The text keeps the line numbers of the file (empty lines stand where the heading was), so that mistakes in it
    are found.
    """
    lines = text.splitlines()
    fence = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), 0)
    if not fence or lines[0].rstrip() != _FENCE:
        what = "de brief begint niet met een kop tussen twee lijnen van ---"
        return None, "", [Mistake(file, 1, 1, "geen-kop", what, "neem de kop van een andere brief over")]
    # The first fence becomes an empty line, so that YAML counts lines as the file does.
    placed, mistakes = read(file, "\n".join(["", *lines[1:fence]]))
    if mistakes:
        return None, "", mistakes
    found, mistakes = entries(placed, _SHAPE, many=False)
    heading = found[0].value if found else None
    return heading, "\n" * (fence + 1) + "\n".join(lines[fence + 1 :]) + "\n", mistakes
