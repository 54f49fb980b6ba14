"""How far the treatment of a complaint is, as a list of steps with one that comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from register.file import DossierRow
from register.parts import Part

State = Literal["gedaan", "nu", "later", "vervalt"]
_ENDED = ("aanvaard", "geweigerd", "geen-antwoord")
_ELSEWHERE = ("doorverwezen", "beantwoord")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the treatment."""

    key: str
    title: str
    law: str
    state: State
    optional: bool = False


def steps(row: DossierRow, parts: Sequence[Part]) -> tuple[Step, ...]:
    """The steps in their order; for what is no complaint only taking up and closing."""
    complaint = row.regime == "klacht" or row.qualification == "klacht"
    ours = [part for part in parts if part.stream not in _ELSEWHERE]
    refused = row.admissible is False
    closed = row.status == "gesloten"
    plan = [("opnemen", "Opnemen", "artikel II.86", row.handler is not None, True, False)]
    if complaint:
        found = bool(ours) and all(part.finding for part in ours)
        plan += [
            ("ontvankelijk", "Ontvankelijkheid", "artikelen II.76 en II.77", row.admissible is not None, True, False),
            ("bemiddeling", "Bemiddeling", "artikel II.82", row.mediation in _ENDED, not refused, True),
            ("bevindingen", "Bevinding per deel", "", found, not refused, False),
            ("eindbevinding", "Eindbevinding", "", bool(row.finding), not refused, False),
        ]
    plan.append(("afsluiten", "Antwoord en afsluiten", "artikel II.83" if complaint else "", closed, True, False))
    if complaint:
        plan.append(("tevredenheid", "Tevredenheid", "", bool(row.satisfaction), True, True))
    made: list[Step] = []
    next_one = True
    for key, title, law, done, applies, optional in plan:
        waiting = applies and not done and not optional and next_one
        state: State = "gedaan" if done else "vervalt" if not applies else "nu" if waiting else "later"
        next_one = next_one and not waiting
        made.append(Step(key, title, law, state, optional))
    return tuple(made)
