"""What the trained part is asked to learn from labels: one head a field, one for each yes-or-no fact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage.vocabulary import ACUUT, BETROKKENEN, GEVAREN, ONTVANKELIJKHEID, SOORTEN, UITKOMSTEN

Label = Mapping[str, Any]

TRUTHS = (
    "recht_minderjarige",
    "klachtbehandeling_agentschap",
    "minderjarige",
    "feiten_onduidelijk",
    "betrokkene_onduidelijk",
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a head learns: labels, and per mail which of them hold (None: the mail says nothing about it)."""

    name: str
    labels: tuple[str, ...]
    exclusive: bool
    truth: tuple[tuple[str, ...] | None, ...]


def targets(labels: Sequence[Label], sectors: Sequence[str]) -> list[Target]:
    """The heads and their truth, from the labels of the policy."""

    def one(name: str, values: Sequence[str]) -> Target:
        return Target(name, tuple(values), True, tuple((label[name],) for label in labels))

    bodies = sorted({body for label in labels for body in label["instanties"] if label["uitkomst"] == "doorverwijzen"})
    return [
        one("soort", SOORTEN),
        one("sector", sectors),
        one("betrokkene", BETROKKENEN),
        one("uitkomst", UITKOMSTEN),
        Target("weg", ("doorverwijzen", "registreren"), True, tuple(map(_way, labels))),
        Target("gevaar", ("acuut", *GEVAREN), False, tuple(map(_dangers, labels))),
        Target("instantie", tuple(bodies), False, tuple(map(_bodies, labels))),
        Target("ontvankelijkheid", ONTVANKELIJKHEID, False, tuple(tuple(x["ontvankelijkheid"]) for x in labels)),
        Target("waar", TRUTHS, False, tuple(map(_truths, labels))),
    ]


def _way(label: Label) -> tuple[str, ...] | None:
    """An organiser's complaint: first to the organiser, or with us."""
    at_organiser = label["betrokkene"] == "organisator" and label["uitkomst"] in ("doorverwijzen", "registreren")
    return (label["uitkomst"],) if at_organiser else None


def _dangers(label: Label) -> tuple[str, ...]:
    return (*label["gevaar"], *(["acuut"] if ACUUT & set(label["gevaar"]) else []))


def _bodies(label: Label) -> tuple[str, ...] | None:
    if label["uitkomst"] == "doorverwijzen":
        return tuple(label["instanties"])
    # Of an urgent mail about another body nobody wrote down which body that is.
    return None if label["betrokkene"] == "andere" else ()


def _truths(label: Label) -> tuple[str, ...]:
    holds = {
        "recht_minderjarige": "rechtspositie" in label["decreten"],
        "klachtbehandeling_agentschap": "bestuursdecreet" in label["decreten"][1:],
        "minderjarige": "D10" in label["gevaar"],
        "feiten_onduidelijk": "feiten" in label["ontbreekt"],
        "betrokkene_onduidelijk": "betrokkene" in label["ontbreekt"],
    }
    return tuple(name for name in TRUTHS if holds[name])
