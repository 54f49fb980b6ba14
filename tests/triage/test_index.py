"""The index over rules: it may only spare work, never change a decision."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triage.made import assessment, rulebook
from tests.triage.test_decide import SAID
from triage.clauses import Clause, Compare, Constant, Either, Every, Flag, Not, Plain, holds
from triage.decide import decide
from triage.decision import Known
from triage.index import Index, index

TYPES = {
    **{f"vlag_{n}": "waar" for n in range(6)},
    **{f"keuze_{n}": "keuze" for n in range(3)},
    **{f"getal_{n}": "getal" for n in range(2)},
}
DEFAULTS: dict[str, Plain] = {"waar": False, "keuze": "onbekend", "getal": 0.0}
VALUES = ["a", "b", "c", "onbekend"]
SHARES = [0.0, 0.25, 0.5, 1.0]


def _named(of: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name for name, kind in TYPES.items() if kind == of])


ATOMS = st.one_of(
    st.builds(Flag, _named("waar")),
    st.builds(Compare, _named("waar"), st.sampled_from(["==", "!="]), st.booleans()),
    st.builds(Compare, _named("keuze"), st.sampled_from(["==", "!="]), st.sampled_from(VALUES)),
    st.builds(Compare, _named("getal"), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.sampled_from(SHARES)),
    st.builds(Constant, st.booleans()),
)
CLAUSES: st.SearchStrategy[Clause] = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(Every, st.lists(inner, min_size=2, max_size=4).map(tuple)),
        st.builds(Either, st.lists(inner, min_size=2, max_size=4).map(tuple)),
    ),
    max_leaves=8,
)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        name: {"waar": st.booleans(), "keuze": st.sampled_from([*VALUES, "z"]), "getal": st.sampled_from(SHARES)}[kind]
        for name, kind in TYPES.items()
    },
)


@settings(max_examples=400, deadline=None)
@given(clauses=st.lists(CLAUSES, min_size=1, max_size=12), found=FACTS)
def test_no_rule_that_holds_is_ever_passed_over(clauses: list[Clause], found: Mapping[str, Plain]) -> None:
    facts = {name: DEFAULTS[kind] for name, kind in TYPES.items()} | dict(found)
    candidates = index(clauses, TYPES).candidates(facts, found)
    assert candidates == sorted(candidates)
    assert {rank for rank, clause in enumerate(clauses) if holds(clause, facts)} <= set(candidates)


@settings(max_examples=200, deadline=None)
@given(said=SAID, order=st.permutations(range(12)), register=st.booleans(), day=st.sampled_from([2013, 2018, 2026]))
def test_a_decision_through_the_index_is_that_of_trying_every_rule(
    said: dict[str, object], order: list[int], register: bool, day: int
) -> None:
    # The first rules in any order, so that other rules come to win than those that are shipped first.
    book = rulebook()
    rules = (*(book.outcomes[rank] for rank in order), *book.outcomes[12:])
    clauses = [book.conditions[rule.id].clause for rule in rules]
    indexed = replace(book, outcomes=rules, index=index(clauses, book.vocabulary.types))
    plain = replace(indexed, index=Index(always=(1 << len(rules)) - 1))
    one, on, known = assessment(said), date(day, 11, 23), Known(register=register)
    through, without = decide(one, indexed, on, known), decide(one, plain, on, known)
    assert replace(through, trials=()) == replace(without, trials=())
    assert set(through.trials) <= set(without.trials)


def test_of_the_shipped_rules_a_plain_complaint_is_held_against_a_few_only() -> None:
    one = assessment({"soort": "klacht", "betrokkene": "organisator", "sector": "pleegzorg"})
    decision = decide(one, rulebook(), date(2026, 11, 23), Known(register=True))
    assert len(decision.trials) < len(rulebook().outcomes) / 4


def test_a_rule_that_needs_two_facts_is_kept_under_the_rarer_one() -> None:
    clauses: list[Clause] = [Every((Flag("vlag_0"), Flag(f"vlag_{n}"))) for n in range(1, 5)]
    made = index(clauses, TYPES)
    assert "vlag_0" not in made.wanted
    assert made.candidates({"vlag_0": True, "vlag_2": True}, ["vlag_0", "vlag_2"]) == [1]
