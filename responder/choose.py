"""Which letter goes with a decision."""

from collections.abc import Iterable
from typing import TypeAlias

from intake.message import Message
from responder.letter import Letter, Letters
from triage.decision import Decision, Part

ByPerson: TypeAlias = str
"""Id of a letter that a person asked for; empty for the one that goes with the decision."""

# Under danger no rule may choose another text: numbers, no promise, no classification.
SAFE = "veilige-tekst"
SPLIT = "gesplitst"

_ACKNOWLEDGEMENTS = frozenset({"ontvangstbevestiging", "ontvangstbevestiging-met-afdeling"})
_SILENT = frozenset({"negeren", "beoordelen"})
_USUAL = {
    "registreren": "ontvangstbevestiging",
    "doorverwijzen": "doorverwijzing",
    "beantwoorden": "antwoord-op-vraag",
    "opvragen": "vervollediging",
    "escaleren": SAFE,
    "toevoegen": "toegevoegd",
}


class UnknownLetterError(LookupError):
    """There is no letter of that id in the language we work in."""


def choose(message: Message, decision: Decision, letters: Letters) -> tuple[Letter | None, str]:
    """The letter, or None when we do not write; and why a person should look at the choice, or nothing."""
    if decision.uitkomst in _SILENT or message.automatic is not None:
        return None, ""
    named = _named(decision)
    # A rule may not name a letter on which a person decides; the rulebook refuses it, and so do we.
    letter = letters.find(named if named in letters.ids else _usual(decision))
    if letter is None:
        return None, ""
    return _addressed(letter, decision, letters)


def chosen_letter(
    message: Message, decision: Decision, letters: Letters, chosen: ByPerson
) -> tuple[Letter | None, str]:
    """The same for a letter that a person asked for, whatever the outcome; a machine never gets one."""
    letter = letters.find(chosen)
    if letter is None:
        raise UnknownLetterError(chosen)
    return (None, "") if message.automatic is not None else _addressed(letter, decision, letters)


def _addressed(letter: Letter, decision: Decision, letters: Letters) -> tuple[Letter, str]:
    """The letter in the form that suits the writer, and why a person should look at it, or nothing."""
    if "D10" not in decision.gevaar:
        young = letter.heading.aanspreking == "je"
        return letter, "De brief spreekt met je: kijk na of de schrijver minderjarig is." if young else ""
    gentle = letters.for_minor(letter.id)
    if gentle is None:
        return letter, "De schrijver is wellicht minderjarig en van deze brief bestaat geen je-vorm."
    return gentle, ""


def referred(decision: Decision) -> tuple[str, ...]:
    """The bodies that the letter points to: those of the decision, then those of its referred parts; each once."""
    if decision.uitkomst in {"escaleren", "beoordelen"}:
        # Under danger nobody is sent on, and of a doubtful mail the bodies are only a thought for whoever looks.
        return ()
    found: Iterable[str] = (id for part in _parts(decision) if _points(part, decision) for id in part.instanties)
    bodies = tuple(dict.fromkeys(found))
    # Where we treat the matter of the organiser ourselves, its own procedure is no place to send the writer to.
    return tuple(id for id in bodies if decision.uitkomst != "registreren" or id != "organisator")


def _points(part: Part, decision: Decision) -> bool:
    return part is decision or part.uitkomst == "doorverwijzen"


def _parts(decision: Decision) -> tuple[Part, ...]:
    return (decision, *decision.delen)


def _named(decision: Decision) -> str:
    if decision.uitkomst == "escaleren":
        return SAFE
    name = decision.brief or _usual(decision)
    elsewhere = any(part.uitkomst == "doorverwijzen" for part in decision.delen)
    if name in _ACKNOWLEDGEMENTS and elsewhere and referred(decision):
        return SPLIT
    if name == SPLIT and not referred(decision):
        return _usual(decision)
    # Whoever must hear of another body as well is not helped by the organiser's procedure alone.
    if name == "eerst-de-organisator" and set(referred(decision)) - {"organisator"}:
        return "doorverwijzing"
    return name


def _usual(decision: Decision) -> str:
    """The letter of an outcome whose rule names none."""
    if decision.uitkomst == "registreren" and decision.betrokkene == "organisator":
        return "ontvangstbevestiging-met-afdeling"
    if decision.uitkomst == "doorverwijzen" and decision.instanties == ("organisator",):
        return "eerst-de-organisator"
    return _USUAL.get(decision.uitkomst, "")
