"""What follows from an assessment under a rulebook on a date, with the reasons."""

from dataclasses import dataclass, field
from datetime import date

from triage.vocabulary import Betrokkene, Dringendheid, Soort, Uitkomst


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knew beforehand; empty on the command line (`register` is then False)."""

    register: bool = False
    """Whether a register was asked at all; without one, thread headers or a reference suffice to add."""
    dossier: str | None = None
    """Reference of the dossier this mail surely belongs to (reply address, our Message-ID, known sender)."""
    suggestion: str | None = None
    """Reference that the mail cites without proof; shown, never joined."""
    earlier: tuple[str, ...] = ()
    """References of earlier complaints of the sender."""
    last_automatic: date | None = None
    """When the sender last had an automatic letter of ours."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One rule that was tried: hit or miss, and on what."""

    rule: str
    hit: bool
    why: str
    """In Dutch: the facts that made it hit, or the first that made it miss."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in words a reviewer understands, and where it is written."""

    text: str
    rule: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One object of a mail with several: the policy's fields for that object alone."""

    soort: Soort
    sector: str
    decreten: tuple[str, ...]
    betrokkene: Betrokkene
    uitkomst: Uitkomst
    instanties: tuple[str, ...]
    gevaar: tuple[str, ...]
    dringendheid: Dringendheid
    ontbreekt: tuple[str, ...]
    ontvankelijkheid: tuple[str, ...]
    taal: str


@dataclass(frozen=True, slots=True)
class Decision(Part):
    """The proposal for the whole mail: the fields of its first-ranked part, and why."""

    delen: tuple[Part, ...] = ()
    regel: str = ""
    """Id of the rule that gave the outcome."""
    brief: str | None = None
    """Id of the letter that goes with it, or None."""
    zekerheid: float = 0.0
    """Calibrated confidence that the outcome is right, 0..1."""
    automatisch: bool = False
    """True only when the policy's conditions for sending without a person all hold."""
    reasons: tuple[Reason, ...] = ()
    trials: tuple[Trial, ...] = ()
    """The rules that were tried. Rules that lacked a fact beforehand are not; `triage.decide.tried` tells of all."""
    dossier: str | None = None
    """Reference to add to, when `uitkomst` is `toevoegen` and a register knew it."""
    rulebook: str = ""
    model: str = "geen"
    on: date = field(default=date.min)
    known: Known | None = None
    """What the register knew beforehand, so that the decision can be made again years later."""
