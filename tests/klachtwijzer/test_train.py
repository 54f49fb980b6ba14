"""Training: reproducible, and the same sums in training as in service."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from klachtwijzer.targets import Label, Target, targets
from klachtwijzer.train import NEVER, Trained, matrix, temperature, train, vocabulary
from klachtwijzer.train_alarm import Told, Written, train_alarm, written
from tests.triage.spoken import message, small
from triage.features import Features, features
from triage.model import load, save
from triage.pipeline import build

SECTORS = ("jeugdhulp", "kinderopvang")
CALM: Label = {
    "soort": "vraag",
    "sector": "kinderopvang",
    "betrokkene": "opgroeien",
    "uitkomst": "beantwoorden",
    "gevaar": [],
    "instanties": [],
    "decreten": ["kinderopvang"],
    "ontbreekt": [],
    "ontvankelijkheid": [],
}
TOPICS: tuple[tuple[str, Label], ...] = (
    ("Mag ik weten hoeveel de crèche kost {}?", CALM),
    (
        "De begeleider van het tehuis luistert niet naar ons {}.",
        {**CALM, "soort": "klacht", "sector": "jeugdhulp", "betrokkene": "organisator", "uitkomst": "registreren"},
    ),
    (
        "Het tehuis verloor de kleren van mijn zoon {}.",
        {
            **CALM,
            "soort": "klacht",
            "sector": "jeugdhulp",
            "betrokkene": "organisator",
            "uitkomst": "doorverwijzen",
            "instanties": ["tehuis"],
        },
    ),
    (
        "Papa slaat mijn broertje met een stok {}.",
        {**CALM, "soort": "verontrusting", "sector": "jeugdhulp", "uitkomst": "escaleren", "gevaar": ["D1"]},
    ),
    ("De onthaalmoeder antwoordt niet op mijn mails {}.", {**CALM, "soort": "klacht", "uitkomst": "registreren"}),
)
ENDINGS = ("vandaag", "sinds maandag", "in de zomer", "na de vakantie", "volgens mij", "alweer")
LABELS = [label for _ in ENDINGS for _, label in TOPICS]
BODIES = [text.format(ending) for ending in ENDINGS for text, _ in TOPICS]


@cache
def _seen() -> tuple[Features, ...]:
    signals = "- {id: stok, betekent: {gevaar: D1}, gewicht: 2, woorden: [stok]}\n"
    signals += "- {id: tehuis, betekent: {sector: jeugdhulp}, woorden: [tehuis]}\n"
    pipeline = build(small(signals))
    with pipeline.turn():
        return tuple(features(pipeline.read(message(body))) for body in BODIES)


@cache
def _trained() -> Trained:
    return train(_seen(), LABELS, SECTORS)


def test_the_model_in_service_scores_a_training_mail_as_the_training_did() -> None:
    seen, model = _seen(), _trained().model
    known = vocabulary(seen)
    # The loudness is part of the weights already.
    plain = matrix(seen, known).toarray() / known.loudness
    expected = plain @ model.weights + model.bias
    scores = np.stack([model.scores(one) for one in seen])
    assert np.abs(scores - expected).max() < 1e-4
    assert np.ptp(expected) > 1


def test_what_was_taught_is_known() -> None:
    model = _trained().model
    for one, label in zip(_seen(), LABELS, strict=True):
        said = model.predict(one)
        for field in ("soort", "sector", "betrokkene", "uitkomst"):
            assert max(said[field], key=said[field].__getitem__) == label[field]
        assert (said["gevaar"]["acuut"] > 0.5) == bool(label["gevaar"])


def test_training_twice_on_the_same_mails_gives_the_same_weights() -> None:
    first, again = _trained(), train(_seen(), LABELS, SECTORS)
    assert again.model.heads == first.model.heads
    assert np.array_equal(again.model.weights, first.model.weights)
    assert np.array_equal(again.model.bias, first.model.bias)
    assert np.array_equal(again.unseen, first.unseen)


def test_training_twice_writes_the_same_version(tmp_path: Path) -> None:
    for name in ("een.npz", "twee.npz"):
        save(tmp_path / name, train(_seen(), LABELS, SECTORS).model)
    first, second = load(tmp_path / "een.npz"), load(tmp_path / "twee.npz")
    assert first.version == second.version


def test_a_trained_model_says_the_same_after_a_journey_through_a_file(tmp_path: Path) -> None:
    save(tmp_path / "een.npz", _trained().model)
    stored = load(tmp_path / "een.npz")
    for one in _seen():
        said, again = _trained().model.predict(one), stored.predict(one)
        for head, chances in said.items():
            assert again[head] == pytest.approx(chances, abs=0.01)


def test_a_word_that_no_training_mail_held_costs_nothing() -> None:
    model, one = _trained().model, _seen()[0]
    more = Features((*one.words, "xqzw", "xqzw_wzqx"), one.marks)
    assert np.array_equal(model.scores(more), model.scores(one))


def test_what_was_never_taught_is_never_said() -> None:
    said = _trained().model.predict(_seen()[0])
    assert said["soort"]["dank"] < 0.05
    assert said["gevaar"]["D7"] == pytest.approx(1 / (1 + np.exp(-NEVER)))


def test_a_writer_held_out_is_judged_by_the_mails_of_others_only() -> None:
    groups = ["a" if i < 25 else "b" for i in range(30)]
    other = [dict(label) for label in LABELS]
    for label in other[25:]:
        label["sector"] = "jeugdhulp" if label["sector"] == "kinderopvang" else "kinderopvang"
    honest, turned = (train(_seen(), labels, SECTORS, groups).unseen for labels in (LABELS, other))
    # Group b's labels were turned around: what others taught about b's mails may not change by that.
    assert np.array_equal(honest[25:], turned[25:])
    assert not np.array_equal(honest[:25], turned[:25])


def test_a_word_of_a_single_mail_is_not_learned() -> None:
    known = vocabulary([Features(("a", "zelden"), {"eens": 1.0}), Features(("a",), {})])
    assert (known.words, known.marks) == (("a",), ())


def test_a_row_has_length_one_for_letters_and_for_words() -> None:
    seen = _seen()
    known = vocabulary(seen)
    plain = matrix(seen, known).toarray() / known.loudness
    words = plain[:, len(known.grams) : len(known.grams) + len(known.words)]
    assert np.linalg.norm(words, axis=1) == pytest.approx(np.ones(len(seen)))


def test_the_temperature_softens_scores_that_are_too_sure_and_sharpens_timid_ones() -> None:
    truth = tuple((("a",) if i % 4 else ("b",)) for i in range(40))
    target = Target("x", ("a", "b"), True, truth)
    sure = np.tile([9.0, 0.0], (40, 1))
    assert temperature(target, sure) > 2
    right = np.array([[0.5, 0.0] if one == ("a",) else [0.0, 0.5] for one in truth])
    assert temperature(target, right) < 0.5
    assert temperature(Target("x", ("a", "b"), False, truth), sure) == 1.0


def test_labels_become_truths_per_head() -> None:
    heads = {target.name: target for target in targets(LABELS, SECTORS)}
    assert heads["gevaar"].truth[3] == ("D1", "acuut")
    assert heads["instantie"].labels == ("tehuis",)
    assert heads["instantie"].truth[:3] == ((), (), ("tehuis",))
    assert heads["weg"].truth[:3] == (None, ("registreren",), ("doorverwijzen",))


def test_nobody_is_taught_a_body_by_an_urgent_mail_about_another_body() -> None:
    label = {**CALM, "betrokkene": "andere", "uitkomst": "escaleren"}
    heads = {target.name: target for target in targets([label], SECTORS)}
    assert heads["instantie"].truth == (None,)


def _told() -> list[Told]:
    return [
        Told((f"Dag {i % 3} allemaal samen.", body), label, "ab"[i % 2])
        for i, (body, label) in enumerate(zip(BODIES, LABELS, strict=True))
    ]


SENTENCES = [Written(f"Mama slaat mijn zusje {ending}.", True) for ending in ENDINGS] + [
    Written(f"De juf belt mijn zusje {ending}.", False) for ending in ENDINGS
]


def test_the_alarm_learns_the_sentence_that_tells_of_danger() -> None:
    alarm, chances = train_alarm(SENTENCES, _told(), np.zeros(30))
    acute = np.array([mail.acute for mail in _told()])
    assert chances[acute].min() > chances[~acute].max()
    assert alarm.hear(["Dag iedereen hier samen.", "Opa slaat mijn zusje.", "Tot later dan maar."]).sentence == 1


def test_the_alarm_learns_the_same_from_the_same() -> None:
    (first, one), (second, two) = (train_alarm(SENTENCES, _told(), np.zeros(30)) for _ in range(2))
    assert np.array_equal(first.ear.weights, second.ear.weights)
    assert first.mix == second.mix
    assert np.array_equal(one, two)


def test_written_sentences_are_dangerous_when_acute_or_past(tmp_path: Path) -> None:
    file = tmp_path / "zinnen.jsonl"
    lines = [("a", '["D1"]'), ("b", '["verleden"]'), ("c", '["D10"]'), ("d", "[]")]
    file.write_text("".join(f'{{"zin": "{text}", "gevaar": {dangers}}}\n' for text, dangers in lines), "utf-8")
    assert [(one.text, one.danger) for one in written([file])] == [("a", True), ("b", True), ("c", False), ("d", False)]


def test_a_mail_that_may_be_urgent_is_not_taken_for_harmless() -> None:
    doubtful = {**CALM, "aanvaardbaar": {"uitkomst": ["escaleren"]}}
    assert Told((), CALM, "a").harmless
    assert not Told((), doubtful, "a").harmless
    assert not Told((), {**CALM, "gevaar": ["D3"]}, "a").harmless
