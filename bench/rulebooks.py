"""Made-up rulebooks of any size, beside the shipped facts and bodies, and facts of mails to hold against them."""

import random
from collections.abc import Iterator
from functools import cache

from bench.running import ROOT
from triage.assessment import Assessment, Fact
from triage.rulebook import Rulebook, assemble, files

SORTS = ("klacht", "vraag", "melding")
SECTORS = ("jeugdhulp", "pleegzorg", "kinderopvang", "groeipakket", "adoptie")
# A mail shows so many of the ideas that rules ask for, however many rules there are.
IDEAS_A_MAIL = 12
OUTCOMES = ("registreren", "beantwoorden", "opvragen", "beoordelen")


@cache
def contents(rules: int, *, words: bool = False) -> dict[str, bytes]:
    """The files of a rulebook with that many outcome rules; with `words` also the shipped signals.

    As in life, more rules speak of more ideas: there is one boolean for every two rules.
    """
    chance = random.Random(rules)
    shipped = files(ROOT / "rules")
    kept = {path: text for path, text in shipped.items() if not path.startswith("uitkomsten/")}
    if not words:
        kept = {path: text for path, text in kept.items() if not path.startswith("signalen/")}
    ideas = "".join(
        f"\n- {{id: idee_{n}, type: waar, betekent: Een idee.}}" for n in range(max(IDEAS_A_MAIL, rules // 2))
    )
    kept["feiten.yaml"] = shipped["feiten.yaml"] + ideas.encode()
    kept["uitkomsten/1.yaml"] = "\n".join(_rules(rules - 1, chance)).encode()
    kept["uitkomsten/2.yaml"] = _rule("de-rest", '"true"', "beoordelen").encode()
    return kept


@cache
def rulebook(rules: int) -> Rulebook:
    """The same, ready for use."""
    book, mistakes = assemble(contents(rules))
    assert book is not None, "\n".join(str(mistake) for mistake in mistakes[:5])
    return book


def assessments(rules: int, number: int) -> list[Assessment]:
    """What was understood of so many mails, with the ideas that a rulebook of this size asks for."""
    chance = random.Random(rules + 1)
    ideas = range(max(IDEAS_A_MAIL, rules // 2))
    return [
        Assessment(
            digest=f"{n:064x}",
            facts={
                "soort": Fact(chance.choice(SORTS), 0.9, "proef"),
                "sector": Fact(chance.choice(SECTORS), 0.9, "proef"),
                "betrokkene": Fact("organisator", 0.9, "proef"),
                **{f"idee_{idea}": Fact(True, 0.9, "proef") for idea in chance.sample(ideas, IDEAS_A_MAIL)},
            },
        )
        for n in range(number)
    ]


def _rules(number: int, chance: random.Random) -> Iterator[str]:
    ideas = max(IDEAS_A_MAIL, (number + 1) // 2)
    for n in range(number):
        one, other, third = chance.sample(range(ideas), 3)
        also = chance.choice((f"not idee_{other}", f"(idee_{other} or idee_{third})", f"idee_{other}"))
        condition = (
            f'soort == "{chance.choice(SORTS)}" and sector == "{chance.choice(SECTORS)}" and idee_{one} and {also}'
        )
        yield _rule(f"regel-{n}", condition, chance.choice(OUTCOMES))


def _rule(name: str, condition: str, outcome: str) -> str:
    letter = {"registreren": "ontvangstbevestiging", "beantwoorden": "antwoord-op-vraag", "opvragen": "vervollediging"}
    brief = f"\n  brief: {letter[outcome]}" if outcome in letter else ""
    return f"""- id: {name}
  als: {condition}
  dan: {{uitkomst: {outcome}}}{brief}
  omdat: Zo wil het de proef.
  bron: {{titel: Een proef, nagekeken_op: 2026-11-23}}
  voorbeelden: {{raak: [Een klacht.], mis: [Iets anders.]}}"""
