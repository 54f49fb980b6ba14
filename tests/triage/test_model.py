"""The trained part at run time: linear, bounded, and the same after a journey through a file."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.triage.spoken import message, small
from triage.features import LIMIT, Features, features, tokens, words_of
from triage.model import Head, Model, Tables, grams_of, load, save
from triage.pipeline import Pipeline, build

HEADS = (Head("soort", ("klacht", "vraag", "dank"), True, 0, 0.8), Head("gevaar", ("acuut", "D1"), False, 3, 1.0))
SEEN = Features(tuple(words_of(["de", "opvang", "klaagt"])), {"een-signaal": 1.5, "vorm:kort": 1.0})


def _model() -> Model:
    grams, words, marks = (" op", "ang", "klaag"), ("de", "de_opvang", "opvang"), ("een-signaal", "vorm:kort")
    random = np.random.default_rng(7)
    tables = Tables(
        grams=grams,
        words=words,
        marks=marks,
        idf=random.uniform(1, 4, 6).astype(np.float32),
        weights=random.normal(size=(8, 5)).astype(np.float32),
        bias=random.normal(size=5).astype(np.float32),
    )
    return Model(HEADS, tables, "proef")


def _flat(said: dict[str, dict[str, float]]) -> list[float]:
    return [chance for chances in said.values() for chance in chances.values()]


def test_a_choice_adds_up_to_one_and_every_chance_lies_between_nothing_and_one() -> None:
    said = _model().predict(SEEN)
    assert {name: tuple(chances) for name, chances in said.items()} == {head.name: head.labels for head in HEADS}
    assert sum(said["soort"].values()) == pytest.approx(1)
    assert all(0 < chance < 1 for chance in _flat(said))


def test_the_scores_are_the_sums_written_out() -> None:
    model = _model()
    idf, rows = model.idf, model.weights
    letters = idf[:3] @ rows[:3] / np.sqrt(idf[:3] @ idf[:3])
    words = idf[3:] @ rows[3:6] / np.sqrt(idf[3:] @ idf[3:])
    expected = model.bias + letters + words + 1.5 * rows[6] + rows[7]
    assert model.scores(SEEN) == pytest.approx(expected, abs=1e-5)


def test_words_and_marks_never_seen_in_training_cost_nothing() -> None:
    model = _model()
    more = Features((*SEEN.words, "zzz", "zzz_qqq", "qqq"), {**SEEN.marks, "nieuw-signaal": 4.0, "sector=nieuw": 2.0})
    assert np.array_equal(model.scores(more), model.scores(SEEN))


def test_a_mail_without_a_word_gets_the_start_values() -> None:
    model = _model()
    assert np.array_equal(model.scores(Features((), {})), model.bias)


def test_a_higher_temperature_speaks_softer_with_the_same_order() -> None:
    model = _model()
    softer = Model((replace(HEADS[0], temperature=3.0), HEADS[1]), model.tables, "zacht")
    loud, soft = model.predict(SEEN)["soort"], softer.predict(SEEN)["soort"]
    assert max(soft.values()) < max(loud.values())
    assert sorted(soft, key=soft.__getitem__) == sorted(loud, key=loud.__getitem__)


def test_enormous_scores_stay_probabilities() -> None:
    said = _model().predict(Features((), {"een-signaal": 500.0}))
    assert all(0 <= chance <= 1 for chance in _flat(said))
    assert sum(said["soort"].values()) == pytest.approx(1)


def test_a_saved_model_gives_the_same_probabilities(tmp_path: Path) -> None:
    model = _model()
    save(tmp_path / "map" / "een.npz", model)
    once = load(tmp_path / "map" / "een.npz")
    assert once.heads == model.heads
    # Weights are kept in half precision, so a hair may differ; a second journey may change nothing.
    assert _flat(once.predict(SEEN)) == pytest.approx(_flat(model.predict(SEEN)), abs=0.005)
    save(tmp_path / "twee.npz", once)
    assert load(tmp_path / "twee.npz").predict(SEEN) == once.predict(SEEN)


def test_the_version_tells_one_file_from_another(tmp_path: Path) -> None:
    model = _model()
    save(tmp_path / "een.npz", model)
    save(tmp_path / "twee.npz", Model(HEADS, replace(model.tables, bias=model.bias + 1), "x"))
    versions = [load(tmp_path / name).version for name in ("een.npz", "een.npz", "twee.npz")]
    assert versions[0] == versions[1] != versions[2]


def test_a_file_that_is_no_model_is_refused_as_promised(tmp_path: Path) -> None:
    (tmp_path / "kapot.npz").write_bytes(b"geen npz")
    with pytest.raises((OSError, ValueError)):
        load(tmp_path / "kapot.npz")


def test_letter_groups_hold_the_edges_of_a_word_and_each_once() -> None:
    assert grams_of("aaa") == [" aa", "aaa", "aa ", " aaa", "aaa ", " aaa "]


def test_numbers_are_all_the_same_word_and_pairs_are_neighbours() -> None:
    assert tokens("Op 12 mei, ’t was A&B; l'école.") == ["op", "0", "mei", "t", "was", "a&b", "l'école"]
    assert list(words_of(["a", "b", "a", "b"])) == ["a", "b", "a_b", "b_a"]


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    signals = "- {id: kreet, betekent: {gevaar: D1, ernstig: true}, gewicht: 3, woorden: [bijl]}"
    return build(small(signals, "- {id: n, soort: ontkend, richting: vooruit, bereik: 2, woorden: [geen]}"))


def _features(pipeline: Pipeline, body: str, **head: str) -> Features:
    with pipeline.turn():
        return features(pipeline.read(message(body, **head)))


def test_features_hold_a_signal_its_votes_and_the_form(pipeline: Pipeline) -> None:
    marks = _features(pipeline, "Hij had een bijl.").marks
    assert (marks["kreet"], marks["gevaar=D1"], marks["ernstig=True"]) == (1.0, 1.0, 1.0)
    assert {"vorm:kort", "vorm:zonder-onderwerp", "vorm:naam", "domein:telenet", "vragen:0"} <= set(marks)


def test_features_name_a_muted_signal_by_what_muted_it(pipeline: Pipeline) -> None:
    marks = _features(pipeline, "Hij had geen bijl.").marks
    assert marks["kreet|ontkend"] == 1.0
    assert not {"kreet", "gevaar=D1"} & set(marks)


def test_features_hold_no_word_of_a_quotation(pipeline: Pipeline) -> None:
    seen = _features(pipeline, "Bedankt.\r\n\r\nOp 1 maart schreef Jan:\r\n> Hij had een bijl.\r\n", subject="Re: x")
    assert "bijl" not in seen.words
    assert "kreet" not in seen.marks
    assert "vorm:aangehaald" in seen.marks


def test_features_of_an_endless_mail_are_bounded(pipeline: Pipeline) -> None:
    seen = _features(pipeline, " ".join(f"woord{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}" for i in range(5 * LIMIT)))
    assert len(seen.words) <= 2 * LIMIT
