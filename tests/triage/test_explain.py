"""A decision in Dutch sentences and as JSON."""

import json
from dataclasses import replace
from datetime import date

from tests.triage.made import assessment, rulebook, seen
from triage.assessment import Assessment
from triage.decide import decide
from triage.decision import Decision, Known
from triage.explain import explain, told

ON = date(2026, 11, 23)


def _decided(one: Assessment, known: Known | None = None) -> Decision:
    return decide(one, rulebook(), ON, known or Known(register=True))


def _told_words() -> Assessment:
    facts = {
        "soort": replace(seen("klacht", "klacht indienen", start=3, source="klacht-woord"), runner_up="vraag"),
        "betrokkene": seen("organisator", "dienst  voor\npleegzorg", start=30),
        "sector": seen("pleegzorg", "pleegzorg"),
    }
    return replace(assessment({"ontbreekt": ["adres"]}), facts={**assessment({"ontbreekt": ["adres"]}).facts, **facts})


def test_the_sentences_begin_with_the_proposal_and_name_rule_words_and_source() -> None:
    one = _told_words()
    sentences = explain(one, _decided(one), rulebook())
    assert sentences[0].startswith("Voorstel: doorverwijzen naar De organisatie zelf")
    assert sentences[0].endswith("Dringendheid: gewoon.")
    assert sentences[1].startswith("Regel `eerst-de-organisator`: ")
    assert "(Bron: kindengezin.be, Wat bij problemen?.)" in sentences[1]
    text = "\n".join(sentences)
    assert "«klacht indienen» (tekst, 3–18)" in text
    assert "«dienst voor pleegzorg»" in text, "line ends in the words become spaces"
    assert "Van toepassing: Pleegzorgdecreet." in text
    assert "In de mail ontbreekt: adres." in text


def test_danger_is_told_with_its_class_in_words() -> None:
    one = replace(assessment({}), facts={"gevaar": seen(("D1",), "slaat hem")})
    sentences = explain(one, _decided(one), rulebook())
    assert "Mogelijk gevaar: D1 (een kind is of kan in acuut gevaar zijn)." in sentences[0]
    assert any("`gevaar` = D1" in sentence and "«slaat hem»" in sentence for sentence in sentences)


def test_the_reading_that_lost_is_told_with_the_reason() -> None:
    said = {"soort": "klacht", "betrokkene": "organisator", "sector": "pleegzorg"}
    one = replace(assessment(said), outlook={"registreren": 0.39, "doorverwijzen": 0.35})
    text = "\n".join(explain(one, _decided(one), rulebook()))
    assert "Het geleerde deel verwachtte registreren" in text
    later = assessment({**said, "ernstig": True})
    text = "\n".join(explain(later, _decided(later), rulebook()))
    assert "Ook `eerst-de-organisator` paste (doorverwijzen), maar die regel komt later in de volgorde." in text


def test_doubt_is_told_instead_of_the_rule() -> None:
    doubtful = {"waarde": "organisator", "zekerheid": 0.5, "tweede": "opgroeien", "tweede_zekerheid": 0.49}
    one = assessment({"soort": "klacht", "sector": "pleegzorg", "betrokkene": doubtful})
    text = "\n".join(explain(one, _decided(one), rulebook()))
    assert "`betrokkene` kan organisator of opgroeien zijn" in text
    assert "Daarom kijkt een persoon." in text


def test_a_person_is_named_for_what_a_person_said() -> None:
    one = assessment(
        {"soort": "klacht", "betrokkene": {"waarde": "opgroeien", "zekerheid": 1.0, "door": "persoon:els"}}
    )
    text = "\n".join(explain(one, _decided(one), rulebook()))
    assert "Een medewerker (els) stelde `betrokkene` vast." in text
    assert "vastgesteld door een medewerker (els)" in text


def test_grounds_of_inadmissibility_are_only_ever_a_maybe() -> None:
    one = assessment(
        {"soort": "klacht", "betrokkene": "opgroeien", "sector": "jeugdhulp", "ontvankelijkheid": ["geen-belang"]}
    )
    text = "\n".join(explain(one, _decided(one), rulebook()))
    assert "Misschien niet ontvankelijk (geen-belang). Dat beslist een persoon, nooit het systeem." in text


def test_the_telling_is_json_and_holds_every_trial_and_position() -> None:
    one = _told_words()
    decision = _decided(one)
    back = json.loads(json.dumps(told(one, decision, rulebook())))
    assert back["uitkomst"] == "doorverwijzen"
    assert len(back["proeven"]) == len(rulebook().outcomes)
    words = next(fact for fact in back["feiten"] if fact["feit"] == "soort")["bewijs"][0]
    assert (words["van"], words["tot"], words["deel"]) == (3, 18, "tekst")
    assert back["waar"].startswith("uitkomsten/07-organisator-eerst.yaml:")
    assert back["zinnen"] == list(explain(one, decision, rulebook()))
