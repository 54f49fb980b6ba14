"""Draws `docs/feiten.md` from `rules/feiten.yaml`; run `python -m tests.triage.facts_page` after a change."""

from collections.abc import Iterator
from itertools import groupby

from tests.triage.made import ROOT, rulebook
from triage.conditions import flag_name
from triage.shapes import FactKind

PAGE = ROOT / "docs" / "feiten.md"
TYPES = {
    "waar": "ja of nee",
    "keuze": "één waarde",
    "keuzes": "geen, één of meer waarden",
    "getal": "getal van 0 tot 1",
}
FROM = {
    "gevonden": "door woorden of een onderdeel",
    "afgeleid": "uit andere feiten",
    "persoon": "alleen door een medewerker",
}
HEAD = """# Feiten

<!-- Deze pagina wordt getekend uit rules/feiten.yaml. Wijzig haar niet met de hand. -->

Een voorwaarde in `rules/uitkomsten/` rekent alleen met deze feiten. Wat niemand vond, heeft de waarde onder *anders*:
een feit van het type *ja of nee* is dan nee, een getal is 0.

Een feit met meer waarden geeft in voorwaarden per waarde een feit van het type ja of nee: uit `gevaar` komen
`gevaar_D1`, `gevaar_D2` enzovoort. Een koppelteken in de waarde wordt een liggend streepje.
"""


def page() -> str:
    """The page as it should be."""
    return "\n".join([HEAD, *_tables()]) + "\n"


def _tables() -> Iterator[str]:
    for group, kinds in groupby(rulebook().facts.values(), key=lambda kind: kind.groep):
        yield f"## {group}\n"
        yield "| feit | type | waarden | anders | gevonden | betekenis |"
        yield "|---|---|---|---|---|---|"
        for kind in kinds:
            yield _row(kind)
        yield ""


def _row(kind: FactKind) -> str:
    shown = [
        flag_name(kind.id, value) if kind.type == "keuzes" and kind.van != "persoon" else value
        for value in kind.waarden
    ]
    many = len(shown) > 20
    values = f"{len(shown)} namen uit `rules/`" if many else " ".join(f"`{value}`" for value in shown)
    other = f"`{kind.anders}`" if kind.anders else ""
    return f"| `{kind.id}` | {TYPES[kind.type]} | {values} | {other} | {FROM[kind.van]} | {kind.betekent} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
