"""The words of the policy (triage-policy §1 and §2), used unchanged in YAML, database and API."""

from typing import Literal, get_args

Soort = Literal["klacht", "vraag", "verontrusting", "melding", "aanvulling", "dank", "overig", "automatisch"]
Betrokkene = Literal["opgroeien", "organisator", "andere", "onbekend"]
Uitkomst = Literal[
    "registreren", "doorverwijzen", "beantwoorden", "opvragen", "escaleren", "toevoegen", "negeren", "beoordelen"
]
Dringendheid = Literal["nu", "vandaag", "gewoon"]

SOORTEN: tuple[str, ...] = get_args(Soort)
BETROKKENEN: tuple[str, ...] = get_args(Betrokkene)
UITKOMSTEN: tuple[str, ...] = get_args(Uitkomst)
DRINGENDHEDEN: tuple[str, ...] = get_args(Dringendheid)
ONTBREEKT: tuple[str, ...] = ("naam", "adres", "feiten", "betrokkene")
ONTVANKELIJKHEID: tuple[str, ...] = (
    "geen-belang",
    "al-behandeld",
    "ouder-dan-een-jaar",
    "beroep-open",
    "beroep-hangend",
    "kennelijk-ongegrond",
    "kennelijk-onredelijk",
    "beleid-of-regelgeving",
    "anoniem",
)

# D1–D9 are acute: possible ones always reach a person at once (policy §2, rule 2).
ACUUT: frozenset[str] = frozenset(f"D{n}" for n in range(1, 10))
GEVAREN: tuple[str, ...] = tuple(f"D{n}" for n in range(1, 13))

# The fields of policy §1, in its order, as they stand in JSON, database and labels.
VELDEN: tuple[str, ...] = (
    "soort",
    "sector",
    "decreten",
    "betrokkene",
    "uitkomst",
    "instanties",
    "gevaar",
    "dringendheid",
    "ontbreekt",
    "ontvankelijkheid",
    "taal",
)
