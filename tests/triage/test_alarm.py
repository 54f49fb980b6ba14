"""The ear for danger: what it hears loudest, and how it speaks."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from triage.alarm import Alarm, Ear, Heard, Mix, load, save

GRAMS = (" sl", "bra")
WORDS = ("bijl", "komt", "mes", "papa_slaat", "slaat")
WEIGHTS = (0.5, 0.25, 4.0, -1.0, 3.0, 2.0, 1.5)
QUIET = "We gaan morgen naar zee."
LOUD = "Hij nam een bijl mee."
WORSE = "Hij nam een bijl en een mes mee."


def _alarm(mix: Mix | None = None) -> Alarm:
    idf = np.linspace(1.0, 2.0, len(WEIGHTS)).astype(np.float32)
    ear = Ear(GRAMS, WORDS, idf, np.array(WEIGHTS, dtype=np.float32), -1.5)
    return Alarm(ear, mix or Mix(0.5, 1.0, -0.5))


@pytest.mark.parametrize("at", range(4))
def test_the_loudest_sentence_is_named_wherever_it_stands(at: int) -> None:
    told = [QUIET, "Het komt wel goed.", "Dat is alles."]
    told.insert(at, LOUD)
    assert _alarm().hear(told).sentence == at


def test_one_loud_sentence_is_heard_among_many_quiet_ones() -> None:
    alarm = _alarm()
    quiet = alarm.hear([QUIET] * 40).score
    assert alarm.hear([QUIET] * 20 + [LOUD] + [QUIET] * 20).score > quiet + 2


def test_two_loud_sentences_are_louder_than_one() -> None:
    alarm = _alarm()
    assert alarm.hear([LOUD, QUIET, QUIET, QUIET, LOUD]).score > alarm.hear([LOUD, QUIET, QUIET, QUIET, QUIET]).score


@pytest.mark.parametrize("told", [[], [""], ["Ja.", "Een bijl."]])
def test_where_nobody_speaks_nothing_is_heard(told: list[str]) -> None:
    assert _alarm().hear(told) == Heard(-1.5, -1)


def test_a_short_sentence_is_passed_over_without_moving_the_number_of_the_next() -> None:
    assert _alarm().hear(["Ja.", "Een bijl.", LOUD]).sentence == 2


def test_capitals_and_unknown_words_do_not_change_what_is_heard() -> None:
    alarm = _alarm()
    assert alarm.hear([LOUD.upper()]).score == alarm.hear([LOUD]).score
    assert alarm.hear(["Hij nam zzz een qqq bijl mee."]).score == pytest.approx(alarm.hear([LOUD]).score)


def test_the_chance_rises_with_what_is_heard_and_with_the_mails_own_score() -> None:
    alarm = _alarm()
    by_heard = [alarm.chance(0.0, Heard(score, 0)) for score in np.linspace(-40, 40, 81).tolist()]
    by_mail = [alarm.chance(score, Heard(0.0, 0)) for score in np.linspace(-14, 14, 57).tolist()]
    assert by_heard == sorted(by_heard)
    assert all(low < high for low, high in pairwise(by_mail))
    assert 0 < by_heard[0] < 0.01
    assert 0.99 < by_heard[-1] < 1


def test_the_chance_is_the_logistic_of_the_mix() -> None:
    assert _alarm(Mix(0.5, 1.0, -0.5)).chance(1.0, Heard(0.0, -1)) == 0.5
    assert _alarm(Mix(0.0, 1.0, 0.0)).chance(9.0, Heard(np.log(3.0), 0)) == pytest.approx(0.75)


def test_a_saved_alarm_hears_the_same(tmp_path: Path) -> None:
    first = _alarm()
    save(tmp_path / "een.npz", first)
    again = load(tmp_path / "een.npz")
    told = [QUIET, LOUD, WORSE, "Mijn papa slaat als hij komt."]
    heard = again.hear(told)
    assert heard.sentence == first.hear(told).sentence
    # Weights are kept in half precision.
    assert heard.score == pytest.approx(first.hear(told).score, abs=0.01)
    assert (again.mix, again.ear.grams, again.ear.words) == (first.mix, GRAMS, WORDS)


def test_an_alarm_saved_twice_loses_nothing_the_second_time(tmp_path: Path) -> None:
    save(tmp_path / "een.npz", _alarm())
    once = load(tmp_path / "een.npz")
    save(tmp_path / "twee.npz", once)
    assert load(tmp_path / "twee.npz").hear([LOUD, WORSE]) == once.hear([LOUD, WORSE])


def test_a_file_that_is_no_alarm_is_refused_as_promised(tmp_path: Path) -> None:
    (tmp_path / "kapot.npz").write_bytes(b"geen npz")
    with pytest.raises((OSError, ValueError)):
        load(tmp_path / "kapot.npz")
    with pytest.raises(OSError):
        load(tmp_path / "weg.npz")
