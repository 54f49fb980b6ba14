"""A message becomes facts: by words, by the trained part, and by both."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from intake.message import Message
from tests.triage.spoken import message, own_rules, small
from triage.alarm import Alarm, Ear, Mix
from triage.assess import LEARNED, assess, own_sentences
from triage.assessment import Assessment
from triage.model import Head, Model, Tables
from triage.pipeline import ZONE, Pipeline, build

SIGNALS = r"""
- {id: bijl, betekent: {gevaar: D1}, gewicht: 3, woorden: [bijl]}
- {id: duw, betekent: {gevaar: D1}, gewicht: 2, woorden: [duw]}
- {id: trek, betekent: {gevaar: D1}, gewicht: 1.5, woorden: [trek]}
- {id: agent, betekent: {instantie: politie}, gewicht: 2, woorden: [agent]}
- {id: school, betekent: {instantie: clb}, gewicht: 2, woorden: [school]}
- {id: erg, betekent: {ernstig: true}, woorden: [erg]}
- {id: niet-erg, betekent: {ernstig: false}, woorden: [kleinigheid]}
"""
HEADS = (
    Head("gevaar", ("acuut", "D1"), False, 0, 1.0),
    Head("instantie", ("clb", "politie"), False, 2, 1.0),
    Head("waar", ("ernstig",), False, 4, 1.0),
)
DARK = "Hij zegt dat hij haar keldert."


def _model(**bias: float) -> Model:
    names = [label for head in HEADS for label in head.labels]
    starts = np.array([bias.get(name, -6.0) for name in names], dtype=np.float32)
    tables = Tables((), ("x",), (), np.ones(1, np.float32), np.zeros((1, 5), np.float32), starts)
    return Model(HEADS, tables, "proef")


def _alarm(start: float = -4.0) -> Alarm:
    ear = Ear((), ("keldert",), np.ones(1, np.float32), np.full(1, 8.0, np.float32), start)
    return Alarm(ear, Mix(0.0, 1.0, 0.0))


def _pipeline(model: Model | None = None, alarm: Alarm | None = None) -> Pipeline:
    return build(small(SIGNALS), model, alarm)


@pytest.fixture(scope="module")
def plain() -> Pipeline:
    return _pipeline()


@pytest.fixture(scope="module")
def learned() -> Pipeline:
    return _pipeline(_model(D1=-2.0, politie=-1.0), _alarm())


def _answer(own: str) -> Message:
    return message(f"{own}Op 1 maart schreef Jan:\r\n> Hij had een bijl.\r\n", subject="Re: x", In_Reply_To="<a@b>")


def test_words_alone_make_danger(plain: Pipeline) -> None:
    danger = assess(message("Hij had een bijl."), plain).facts["gevaar"]
    assert (danger.value, danger.found_by) == (("D1",), "bijl")
    assert [one.text for one in danger.evidence] == ["bijl"]


def test_weak_words_make_danger_only_together(plain: Pipeline) -> None:
    assert "gevaar" not in assess(message("Hij gaf een duw."), plain).facts
    assert assess(message("Hij gaf een duw en een trek."), plain).facts["gevaar"].value == ("D1",)


def test_weak_words_still_raise_the_suspicion(plain: Pipeline) -> None:
    facts = assess(message("Hij gaf een duw."), plain).facts
    assert facts["sterkte_gevaar"].value == 0.5
    assert "kans_gevaar" not in facts


def test_the_alarm_alone_makes_danger_and_cites_the_sentence(learned: Pipeline) -> None:
    mail = message(f"Dag 😀.\r\nWij gaan naar zee.\r\n{DARK}\r\nTot morgen dan maar.\r\n")
    facts = assess(mail, learned).facts
    danger, chance = facts["gevaar"], facts["kans_gevaar"]
    assert (danger.value, danger.found_by) == (("D1",), LEARNED)
    assert isinstance(chance.value, float)
    assert danger.confidence == chance.value > 0.35
    (cited,) = chance.evidence
    assert (cited.text, mail.text[cited.start : cited.end]) == (DARK, DARK)


def test_where_the_alarm_is_silent_a_class_is_not_named(learned: Pipeline) -> None:
    facts = assess(message("Wij gaan morgen naar zee."), learned).facts
    assert "gevaar" not in facts
    assert facts["kans_gevaar"].evidence == ()


def test_words_make_danger_though_the_trained_part_hears_none() -> None:
    deaf = _pipeline(_model(), _alarm())
    danger = assess(message("Hij had een bijl."), deaf).facts["gevaar"]
    assert (danger.value, danger.found_by) == (("D1",), "bijl")


def test_the_alarm_does_not_listen_to_quoted_words(learned: Pipeline) -> None:
    quoted = f"Dank u wel hoor.\r\n\r\nOp 1 maart schreef Jan:\r\n> {DARK}\r\n"
    assert "gevaar" not in assess(message(quoted, subject="Re: x"), learned).facts


def test_the_alarm_listens_to_a_forward_that_has_no_words_of_its_own(learned: Pipeline) -> None:
    head = "---------- Forwarded message ---------\r\nFrom: Jan <j@x.example>\r\nSubject: x\r\n\r\n"
    with learned.turn():
        told = [text for text, _, _ in own_sentences(learned.read(message(head + DARK, subject="Fwd: x")))]
    assert DARK in told
    assert assess(message(head + DARK, subject="Fwd: x"), learned).facts["gevaar"].value == ("D1",)


def test_a_body_is_chosen_by_votes_and_training_together(learned: Pipeline) -> None:
    trained = 1 / (1 + np.exp(1.0))
    alone = assess(message("Dag."), learned).facts["instantie"]
    assert alone.value == "politie"
    assert alone.confidence == pytest.approx(trained, abs=1e-4)
    joined = assess(message("De agent kwam."), learned).facts["instantie"]
    assert joined.value == "politie"
    assert joined.confidence == pytest.approx(trained + 0.2, abs=1e-4)
    other = assess(message("De school zwijgt."), learned).facts["instantie"]
    assert (other.value, other.runner_up) == ("politie", "clb")
    assert other.runner_up_confidence == pytest.approx(0.2 + 1 / (1 + np.exp(6.0)), abs=1e-4)


def test_enough_votes_beat_the_trained_choice_of_a_body() -> None:
    loud = build(small(SIGNALS, weights="{gewicht_stem_instantie: 0.3}"), _model(politie=-1.0))
    body = assess(message("De school zwijgt."), loud).facts["instantie"]
    assert (body.value, body.found_by) == ("clb", "school")


def test_a_body_that_hardly_anyone_thinks_of_is_not_named() -> None:
    assert "instantie" not in assess(message("Dag."), _pipeline(_model())).facts


def test_votes_against_a_truth_are_taken_off(plain: Pipeline) -> None:
    assert assess(message("Dat is erg."), plain).value("ernstig", False) is True
    assert "ernstig" not in assess(message("Dat is erg, maar een kleinigheid."), plain).facts


def test_the_trained_part_may_find_a_truth_without_a_word() -> None:
    fact = assess(message("Dag."), _pipeline(_model(ernstig=1.0))).facts["ernstig"]
    assert (fact.value, fact.found_by) == (True, LEARNED)


def test_without_a_model_none_is_named(plain: Pipeline, learned: Pipeline) -> None:
    mail = message("Dag.")
    bare, taught = assess(mail, plain), assess(mail, learned)
    assert (bare.model, taught.model) == ("geen", "proef")
    assert bare.rulebook == taught.rulebook == plain.rulebook.fingerprint
    assert bare.digest == mail.digest


@pytest.mark.parametrize("body", ["", "\r\n\r\n", "   ", "…", "😀", "\u200b", "> \r\n>\r\n", "-- \r\n"])
def test_a_mail_without_a_word_raises_nothing(plain: Pipeline, learned: Pipeline, body: str) -> None:
    for pipeline in (plain, learned, own_rules()):
        facts = assess(message(body, From="a@b.example"), pipeline).facts
        assert "gevaar" not in facts
        assert facts["alleen_aanhaling"].value is True
        assert facts["ontbreekt"].value == ("naam", "adres")


def test_a_mail_of_only_quoted_words_is_told_so_and_holds_no_danger(plain: Pipeline, learned: Pipeline) -> None:
    for pipeline in (plain, learned):
        facts = assess(_answer(""), pipeline).facts
        assert facts["alleen_aanhaling"].value is True
        assert facts["lopend_dossier"].value is True
        assert "gevaar" not in facts


def test_an_age_under_eighteen_makes_a_minor_and_is_cited(plain: Pipeline) -> None:
    mail = message("😀 Hallo. Ik ben 14 jaar.")
    fact = assess(mail, plain).facts["minderjarige"]
    assert [mail.text[one.start : one.end] for one in fact.evidence] == ["Ik ben 14 jaar"]
    assert "minderjarige" not in assess(message("Ik ben 41 jaar."), plain).facts


def test_the_mail_of_a_machine_is_known_by_its_headers(plain: Pipeline) -> None:
    facts = assess(
        message("Ik ben afwezig.", subject="Automatisch antwoord", Auto_Submitted="auto-replied"), plain
    ).facts
    assert (facts["machine"].value, facts["soort"].value) == (True, "automatisch")


def _mails() -> list[Message]:
    bodies = ["Hij had een bijl.", f"Dag. {DARK}", "De agent kwam naar school.", "", "Dat is erg. Ik ben 14 jaar."]
    return [message(f"{body}\r\nNummer {'abcdefghij'[i]}x{body[:3]}") for i in range(4) for body in bodies]


def test_the_same_mail_twice_gives_an_equal_assessment(learned: Pipeline) -> None:
    for mail in _mails()[:5]:
        assert assess(mail, learned) == assess(mail, learned)


def test_another_pipeline_of_the_same_rules_gives_an_equal_assessment(learned: Pipeline) -> None:
    twin = _pipeline(_model(D1=-2.0, politie=-1.0), _alarm())
    assert [assess(mail, twin) for mail in _mails()] == [assess(mail, learned) for mail in _mails()]


def test_two_threads_give_the_same_as_one(learned: Pipeline) -> None:
    mails = _mails()
    alone = [assess(mail, learned) for mail in mails]

    def read(mail: Message) -> Assessment:
        return assess(mail, learned)

    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(read, mails * 3))
    assert together == alone * 3


def test_a_second_thread_waits_until_the_first_mail_is_read(plain: Pipeline) -> None:
    with ThreadPoolExecutor(1) as pool:
        with plain.turn():
            second = pool.submit(assess, message("Hij had een bijl."), plain)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.2)
        assert "gevaar" in second.result(timeout=30).facts


def test_forgetting_words_after_many_mails_changes_nothing(plain: Pipeline) -> None:
    mail = message("Hij had een bijl en een onvergetelijkwoord.")
    before = assess(mail, plain)
    for _ in range(ZONE + 2):
        with plain.turn():
            pass
    assert assess(mail, plain) == before
