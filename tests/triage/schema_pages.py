"""Draws the JSON Schemas in `docs/schema/`; run `python -m tests.triage.schema_pages` after a change of a shape.

Editors complete and check with them while one types. What only shows when all files are seen together stays with
`klachtwijzer rules check`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter

from tests.triage.made import ROOT, rulebook
from triage.cases import Case
from triage.links import BODIES_OF_DANGERS, BODY_OF_FACTS
from triage.shapes import Body, Danger, Decree, FactKind, OutcomeRule, Sector, Settings
from triage.terms import Cue, Signal

FOLDER = ROOT / "docs" / "schema"
Schema = dict[str, Any]
_WORD = {"type": "string", "minLength": 1}
# Name of the schema, where such files stand, the shape, and whether a file holds a list of them.
KINDS: tuple[tuple[str, str, type, bool], ...] = (
    ("uitkomsten", "rules/uitkomsten/*.yaml", OutcomeRule, True),
    ("signalen", "rules/signalen/*.yaml", Signal, True),
    ("kwalificaties", "rules/kwalificaties.yaml", Cue, True),
    ("feiten", "rules/feiten.yaml", FactKind, True),
    ("gevaren", "rules/gevaren.yaml", Danger, True),
    ("instellingen", "rules/instellingen.yaml", Settings, False),
    ("instanties", "rules/instanties/*.yaml", Body, False),
    ("sectoren", "rules/sectoren/*.yaml", Sector, False),
    ("decreten", "rules/decreten/*.yaml", Decree, False),
    ("gevallen", "tests/cases/*.yaml", Case, True),
)
TOLD = {
    "id": "Een naam die nergens anders voorkomt, met koppeltekens.",
    "als": "De voorwaarde: feiten, vergelijkingen met een vaste waarde, and, or, not. Zie docs/feiten.md.",
    "dan": "Wat volgt als de voorwaarde past.",
    "omdat": "Eén zin die een collega en een burger begrijpen.",
    "bron": "Waar het staat, en wanneer iemand dat nakeek.",
    "nagekeken_op": "De dag waarop iemand de bron nakeek, als 2026-11-23.",
    "brief": "De naam van de brief.",
    "na": "Eerdere regels die ook mogen passen en dan terecht winnen.",
    "automatisch": "true als de brief zonder medewerker mag vertrekken.",
    "drempel": "Hoe zeker de feiten dan minstens moeten zijn, van 0 tot 1.",
    "geldig_van": "De eerste dag waarop de regel geldt.",
    "geldig_tot": "De laatste dag waarop de regel geldt.",
    "voorbeelden": "Zinnen die raak zijn en zinnen die net mis zijn.",
    "raak_bij": "Feiten waarbij de regel raak is, als geen zin dat kan beloven.",
    "betekent": "De feiten waarvoor de woorden spreken, elk met zijn waarde.",
    "gewicht": "0.5 is zwak, 4 is bijna zeker.",
    "woorden": "Nederlandse woorden, in elke verbuiging gevonden.",
    "stammen": "Ook gevonden binnen samenstellingen.",
    "letterlijk": "Precies zoals geschreven, hoofdletters inbegrepen.",
    "patronen": "RE2-patronen; `\\b` en `\\w` kennen geen letters met een accent.",
    "talen": "Woorden van andere talen, per code van twee letters.",
    "op": "De dag van ontvangst, als 2026-11-23.",
    "mail": "De woorden van een mail; met koppen en een lege regel ervoor een hele mail.",
}


def schemas() -> Iterator[tuple[str, str]]:
    """Name and text of every schema."""
    for name, files, shape, many in KINDS:
        made = TypeAdapter(list[shape] if many else shape).json_schema()  # type: ignore[valid-type]
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": files, **_plain(made)}
        _named(schema)
        yield f"{name}.json", json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _plain(node: Any, key: str = "") -> Any:
    """The same without the words of the code, and with the short forms that the rules allow."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    inside = {name: _plain(one, name) for name, one in node.items() if name not in {"title", "default"}}
    if "properties" not in inside and isinstance(inside.get("description"), str):
        inside.pop("description")
    if "properties" in inside:
        inside.pop("description", None)
        for name, one in inside["properties"].items():
            if name in TOLD:
                one["description"] = TOLD[name]
    if inside.get("type") == "array" and ("items" not in inside or inside["items"] in ({}, _WORD)):
        return {"anyOf": [{"type": "string"}, inside]} if key not in {"raak", "mis"} else inside
    return inside


def _named(schema: Schema) -> None:
    """Adds what editors can complete: the names of facts, bodies, sectors, decrees and letters."""
    book, shapes = rulebook(), schema.get("$defs", {})
    facts = {kind.id: kind for kind in book.facts.values()}
    text = {"type": "string"}
    if "Source" in shapes:
        several = {"type": "array", "items": text}
        shapes["Source"] = {"anyOf": [text, several, shapes["Source"]]}
    if "Then" in shapes:
        then = shapes["Then"]["properties"]
        bodies = [BODY_OF_FACTS, BODIES_OF_DANGERS, *sorted(book.bodies)]
        then["instanties"] = {"anyOf": [{"enum": bodies}, {"type": "array", "items": {"enum": bodies}}]}
        for name in ("sector", "soort", "betrokkene"):
            then[name] = {"enum": sorted(facts[name].waarden)}
        letters = sorted(path.stem for path in (ROOT / "responder" / "letters" / "nl").glob("*.md"))
        shapes["OutcomeRule"]["properties"]["brief"] |= {"examples": [one for one in letters if one[0] != "_"]}
    if "Signal" in shapes:
        found = {name: _votes(kind.type, kind.waarden) for name, kind in facts.items() if kind.van == "gevonden"}
        told = {"description": TOLD["betekent"]}
        votes = {"type": "object", "properties": found, "additionalProperties": False, **told}
        shapes["Signal"]["properties"]["betekent"] = votes
    if "RuleExamples" in shapes:
        shapes["RuleExamples"]["properties"]["raak_bij"] |= {"items": {"type": "object"}}
    if "Case" in shapes:
        shapes["Case"]["properties"]["feiten"] = {"type": "object"}
        shapes["Case"]["properties"]["delen"] = {"type": "array", "items": {"type": "object"}}


def _votes(kind: str, values: tuple[str, ...]) -> Mapping[str, Any]:
    if kind == "waar":
        return {"type": "boolean"}
    one: Schema = {"enum": sorted(values)} if values else {"type": "string"}
    return {"anyOf": [one, {"type": "array", "items": one}]}


def editor() -> str:
    """The settings of the editor: which schema goes with which files."""
    found = {f"./docs/schema/{name}.json": files for name, files, *_ in KINDS}
    return json.dumps({"yaml.schemas": found, "yaml.validate": True, "yaml.completion": True}, indent=2) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in schemas():
        (FOLDER / file).write_text(text, encoding="utf-8")
    (ROOT / ".vscode" / "settings.json").write_text(editor(), encoding="utf-8")
