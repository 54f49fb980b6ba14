"""From facts to a decision: the policy's order, a person's word, doubt, and what may leave alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triage.made import ROOT, assessment, facts, rulebook
from triage.assessment import Assessment
from triage.decide import LETTERS, decide, tried
from triage.decision import Decision, Known
from triage.rulebook import Rulebook
from triage.vocabulary import ACUUT, BETROKKENEN, DRINGENDHEDEN, SOORTEN, UITKOMSTEN

ON = date(2026, 11, 23)
NOTHING = Known(register=True)
Case = dict[str, object]
CASES: list[Case] = yaml.safe_load((ROOT / "tests/cases/uitkomsten.yaml").read_text(encoding="utf-8"))


def _known(said: object) -> Known:
    given = cast(Mapping[str, object], said or {"register": True})
    return Known(
        register=bool(given.get("register")),
        dossier=cast("str | None", given.get("dossier")),
        suggestion=cast("str | None", given.get("suggestie")),
    )


def _got(decision: Decision, name: str) -> object:
    if name == "aantal_delen":
        return len(decision.delen)
    value = getattr(decision, name)
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["naam"]))
def test_case(case: Case) -> None:
    said = cast(Mapping[str, object], case["feiten"])
    parts = tuple(cast("list[Mapping[str, object]]", case.get("delen", [])))
    decision = decide(assessment(said, parts), rulebook(), ON, _known(case.get("bekend")))
    wanted = cast(Mapping[str, object], case["besluit"])
    assert {name: _got(decision, name) for name in wanted} == wanted, [str(reason.text) for reason in decision.reasons]


def test_every_outcome_rule_wins_in_one_of_the_cases() -> None:
    reached = set()
    for case in CASES:
        said = cast(Mapping[str, object], case["feiten"])
        parts = tuple(cast("list[Mapping[str, object]]", case.get("delen", [])))
        decision = decide(assessment(said, parts), rulebook(), ON, _known(case.get("bekend")))
        reached.add(next(trial.rule for trial in decision.trials if trial.hit))
    assert {rule.id for rule in rulebook().outcomes} - reached == set()


TRUTHS = sorted(kind.id for kind in rulebook().facts.values() if kind.type == "waar" and kind.van == "gevonden")
DANGERS = st.lists(st.sampled_from([f"D{n}" for n in range(1, 13)]), max_size=2, unique=True)
SAID = st.fixed_dictionaries(
    {},
    optional={
        "soort": st.sampled_from(SOORTEN),
        "betrokkene": st.sampled_from(BETROKKENEN),
        "sector": st.sampled_from(sorted(rulebook().sectors)),
        "instantie": st.sampled_from(["geen", *sorted(rulebook().bodies)]),
        "taal": st.sampled_from(["nl", "fr", "tr"]),
        "gevaar": DANGERS,
        **{name: st.booleans() for name in TRUTHS},
    },
)


@settings(max_examples=150, deadline=None)
@given(said=SAID, register=st.booleans())
def test_whatever_the_facts_acute_danger_is_never_silent(said: dict[str, object], register: bool) -> None:
    decision = decide(assessment(said), rulebook(), ON, Known(register=register))
    if ACUUT & set(cast("list[str]", said.get("gevaar", []))):
        assert decision.uitkomst == "escaleren"
        assert decision.dringendheid == "nu"
        assert not decision.automatisch


@settings(max_examples=150, deadline=None)
@given(said=SAID, register=st.booleans())
def test_whatever_the_facts_a_decision_speaks_the_policys_words_and_gives_a_reason(
    said: dict[str, object], register: bool
) -> None:
    book = rulebook()
    decision = decide(assessment(said), book, ON, Known(register=register))
    assert decision.uitkomst in UITKOMSTEN
    assert decision.soort in SOORTEN
    assert decision.betrokkene in BETROKKENEN
    assert decision.dringendheid in DRINGENDHEDEN
    assert decision.sector in book.sectors
    assert set(decision.decreten) <= set(book.decrees)
    assert set(decision.instanties) <= set(book.bodies)
    assert decision.uitkomst != "doorverwijzen" or decision.instanties
    assert decision.soort == "klacht" or not decision.ontbreekt
    assert decision.reasons
    assert len(tried(assessment(said), decision, book)) == len(book.outcomes)
    assert {one for one in tried(assessment(said), decision, book) if one.hit} <= set(decision.trials)


def test_the_same_input_gives_the_same_decision() -> None:
    one = assessment({"soort": "klacht", "betrokkene": "organisator", "sector": "pleegzorg"})
    assert decide(one, rulebook(), ON, NOTHING) == decide(one, rulebook(), ON, NOTHING)


def test_a_rule_counts_only_while_it_is_in_force() -> None:
    one = assessment({"soort": "klacht", "betrokkene": "opgroeien", "sector": "jeugdhulp"})
    assert decide(one, rulebook(), date(2019, 1, 1), NOTHING).regel == "klacht-over-opgroeien"
    assert decide(one, rulebook(), date(2018, 12, 31), NOTHING).uitkomst == "beoordelen"


def test_the_last_day_of_a_rule_still_counts() -> None:
    book = rulebook()
    ended = [replace(rule, geldig_tot=ON) if rule.id == "klacht-over-opgroeien" else rule for rule in book.outcomes]
    one = assessment({"soort": "klacht", "betrokkene": "opgroeien", "sector": "jeugdhulp"})
    until = replace(book, outcomes=tuple(ended))
    assert decide(one, until, ON, NOTHING).uitkomst == "registreren"
    assert decide(one, until, ON + timedelta(days=1), NOTHING).uitkomst == "beoordelen"


def _switched_on() -> Rulebook:
    book = rulebook()
    return replace(book, outcomes=tuple(replace(rule, automatisch=True) for rule in book.outcomes))


CERTAIN: dict[str, object] = {
    "soort": {"waarde": "klacht", "zekerheid": 0.97},
    "betrokkene": {"waarde": "organisator", "zekerheid": 0.95},
    "sector": "pleegzorg",
}


def test_a_letter_leaves_alone_only_when_its_rule_was_switched_on() -> None:
    assert not decide(assessment(CERTAIN), rulebook(), ON, NOTHING).automatisch
    assert decide(assessment(CERTAIN), _switched_on(), ON, NOTHING).automatisch


@pytest.mark.parametrize(
    ("why", "more"),
    [
        (
            "the facts are less sure than the rule's threshold",
            {"betrokkene": {"waarde": "organisator", "zekerheid": 0.8}},
        ),
        ("somebody may be in danger", {"gevaar": ["D1"]}),
        ("a minor writes", {"minderjarige": True}),
        ("something is worrying", {"zorgwekkend": True}),
        ("the rules do not cover the language", {"taal": "pl"}),
        ("it is a question, whose answer a person writes", {"soort": {"waarde": "vraag", "zekerheid": 0.97}}),
        ("a machine wrote", {"machine": True}),
    ],
)
def test_no_letter_leaves_alone_when(why: str, more: dict[str, object]) -> None:
    assert not decide(assessment({**CERTAIN, **more}), _switched_on(), ON, NOTHING).automatisch, why


def test_no_second_automatic_letter_leaves_within_the_period() -> None:
    period = rulebook().settings.brief_tussentijd_dagen
    yesterday = replace(NOTHING, last_automatic=ON - timedelta(days=1))
    long_ago = replace(NOTHING, last_automatic=ON - timedelta(days=period))
    assert not decide(assessment(CERTAIN), _switched_on(), ON, yesterday).automatisch
    assert decide(assessment(CERTAIN), _switched_on(), ON, long_ago).automatisch


def test_the_confidence_of_a_decision_is_that_of_its_weakest_fact() -> None:
    assert decide(assessment(CERTAIN), rulebook(), ON, NOTHING).zekerheid == pytest.approx(0.95)


def test_the_trained_part_tempers_the_confidence_except_of_danger() -> None:
    unsure: Assessment = replace(assessment(CERTAIN), outlook={"doorverwijzen": 0.55, "registreren": 0.45})
    assert decide(unsure, rulebook(), ON, NOTHING).zekerheid == pytest.approx((0.95 + 0.55) / 2)
    danger = replace(assessment({"gevaar": ["D2"]}), outlook={"escaleren": 0.1, "registreren": 0.9})
    assert decide(danger, rulebook(), ON, NOTHING).zekerheid == pytest.approx(0.9)


def test_the_reasons_name_the_rule_its_source_and_a_cited_dossier() -> None:
    known = Known(register=True, suggestion="KW-2026-00005", earlier=("KW-2025-00001",))
    decision = decide(assessment(CERTAIN), rulebook(), ON, known)
    assert decision.reasons[0].rule == "eerst-de-organisator"
    assert "kindengezin.be" in decision.reasons[0].source
    text = " ".join(reason.text for reason in decision.reasons)
    assert "KW-2026-00005" in text
    assert "KW-2025-00001" in text


def test_a_miss_says_on_which_fact() -> None:
    decision = decide(assessment(CERTAIN), rulebook(), ON, NOTHING)
    why = {trial.rule: trial.why for trial in tried(assessment(CERTAIN), decision, rulebook())}
    assert why["organisator-ernstig"] == "`ernstig` staat niet vast"
    assert why["klacht-over-opgroeien"] == "`betrokkene` is organisator, niet opgroeien"
    assert why["eerst-de-organisator"] == "`soort` is klacht, `betrokkene` is organisator"


def test_every_outcome_has_its_standard_letter_or_none_on_purpose() -> None:
    assert set(LETTERS) == set(UITKOMSTEN)


def test_a_persons_correction_silences_the_trained_part() -> None:
    said = {**CERTAIN, "sector": {"waarde": "pleegzorg", "zekerheid": 1.0, "door": "persoon:els"}}
    corrected = replace(assessment(said), outlook={"beantwoorden": 0.99})
    assert decide(corrected, rulebook(), ON, NOTHING).uitkomst == "doorverwijzen"
    assert decide(replace(corrected, facts=facts(CERTAIN)), rulebook(), ON, NOTHING).uitkomst == "beoordelen"


def test_the_letters_that_rules_name_exist() -> None:
    folder: Path = ROOT / "responder" / "letters" / "nl"
    letters = {path.stem for path in folder.glob("*.md")}
    assert {rule.brief for rule in rulebook().outcomes if rule.brief} | {
        one for one in LETTERS.values() if one
    } <= letters


def test_whoever_agrees_with_a_doubtful_referral_finds_its_bodies_filled_in() -> None:
    said = {**CERTAIN, "uitkomst": {"waarde": "doorverwijzen", "zekerheid": 1.0, "door": "persoon:els"}}
    doubtful = {**said, "betrokkene": {"waarde": "organisator", "zekerheid": 0.2}}
    assert decide(assessment(doubtful), rulebook(), ON, NOTHING).instanties == ("organisator",)
    del doubtful["uitkomst"]
    left = decide(assessment(doubtful), rulebook(), ON, NOTHING)
    assert (left.uitkomst, left.instanties, left.brief) == ("beoordelen", ("organisator",), None)
