"""Where signals are found, in which shape of a word, and which company they keep."""

import pytest

from tests.triage.spoken import hits, message, small, weights
from triage.pipeline import Pipeline, build

SIGNALS = r"""
- {id: opvangplaats, betekent: {sector: jeugdhulp}, woorden: [begeleider, zijn kind slaan]}
- {id: pleeg, betekent: {sector: jeugdhulp}, stammen: [pleeg], niet_in: [verpleeg, pleegde]}
- {id: afkorting, betekent: {sector: jeugdhulp}, letterlijk: [IKT, VOS]}
- {id: einde, betekent: {ernstig: true}, woorden: [bijl, hand], talen: {en: ["not form"]}}
- {id: patroon, betekent: {ernstig: true}, patronen: ['\bdeur\b.{0,40}\bslot\b']}
- id: vreemd
  betekent: {ernstig: true}
  talen: {fr: ["n'a pas répondu"], pl: [żłobek], ar: [حضانة], en: [nursery]}
- {id: in-onderwerp, betekent: {ernstig: true}, woorden: [dringend], waar: onderwerp}
- {id: in-tekst, betekent: {ernstig: true}, woorden: [brief], waar: tekst}
- {id: overal, betekent: {ernstig: true}, woorden: [factuur]}
- {id: gezelschap, betekent: {}, woorden: [kindje]}
- {id: met-in-zin, betekent: {gevaar: D1}, gewicht: 2, woorden: [blauwe plek], samen_met: [gezelschap]}
- {id: met-in-mail, betekent: {gevaar: D1}, gewicht: 2, woorden: [schram], samen_met_mail: [gezelschap]}
- {id: schuw, betekent: {gevaar: D1}, gewicht: 2, woorden: [brandwonde], niet_bij: [gezelschap]}
"""


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return build(small(SIGNALS))


def _ids(pipeline: Pipeline, body: str, subject: str = "") -> set[str]:
    return {hit.id for hit in hits(pipeline, message(body, subject=subject))}


@pytest.mark.parametrize("body", ["Onze begeleider zwijgt.", "BEGELEIDERS zwijgen.", "De begeleidster zwijgt."])
def test_a_word_is_found_in_its_inflections_and_in_capitals(pipeline: Pipeline, body: str) -> None:
    assert "opvangplaats" in _ids(pipeline, body)


@pytest.mark.parametrize("body", ["Hij had een bijl.", "Hij hief zijn hand.", "HAND.", "(bijl.)", "He did not form."])
def test_a_word_that_is_also_an_abbreviation_is_found_at_the_end_of_a_sentence(pipeline: Pipeline, body: str) -> None:
    assert "einde" in _ids(pipeline, body)


def test_a_phrase_is_found_inflected_word_by_word(pipeline: Pipeline) -> None:
    found = hits(pipeline, message("Hij heeft zijn kinderen geslagen."))
    assert [hit.words for hit in found if hit.id == "opvangplaats"] == ["zijn kinderen geslagen"]


def test_a_word_inside_a_longer_word_is_not_that_word(pipeline: Pipeline) -> None:
    assert "opvangplaats" not in _ids(pipeline, "Het begeleidersoverleg was goed.")


def test_a_stem_gives_the_whole_compound_it_stands_in(pipeline: Pipeline) -> None:
    found = hits(pipeline, message("Onze Pleegzorgdienst zwijgt."))
    assert [(hit.id, hit.words) for hit in found] == [("pleeg", "Pleegzorgdienst")]


@pytest.mark.parametrize("body", ["De verpleegkundige kwam.", "Hij pleegde fraude."])
def test_a_stem_does_not_count_inside_a_word_that_it_shuns(pipeline: Pipeline, body: str) -> None:
    assert "pleeg" not in _ids(pipeline, body)


def test_a_shunned_word_does_not_silence_another_word_of_the_same_stem(pipeline: Pipeline) -> None:
    assert "pleeg" in _ids(pipeline, "De verpleegkundige belde de pleegouders.")


def test_an_abbreviation_keeps_its_capitals(pipeline: Pipeline) -> None:
    assert "afkorting" in _ids(pipeline, "De IKT is te hoog.")
    assert "afkorting" not in _ids(pipeline, "De vos liep weg en ikt niet.")


def test_a_compound_behind_a_turkish_capital_is_found_at_its_place(pipeline: Pipeline) -> None:
    found = hits(pipeline, message("İİİ De Pleegdienst zwijgt."))
    assert [hit.words for hit in found] == ["Pleegdienst"]


def test_a_pattern_is_found_whatever_its_capitals(pipeline: Pipeline) -> None:
    assert "patroon" in _ids(pipeline, "De DEUR was op Slot.")


@pytest.mark.parametrize("gap", [". ", "! ", "? ", "\r\n", "\r\n\r\n", "… "])
def test_a_pattern_never_runs_over_the_end_of_a_sentence(pipeline: Pipeline, gap: str) -> None:
    assert "patroon" not in _ids(pipeline, f"Ik stond voor de deur{gap}Het slot was nieuw.")


@pytest.mark.parametrize("body", ["Elle n’a pas répondu.", "Mój ŻŁOBEK milczy.", "لدي شكوى ضد حضانة", "The Nursery"])
def test_words_of_other_languages_are_found_as_written(pipeline: Pipeline, body: str) -> None:
    assert "vreemd" in _ids(pipeline, body)


def test_words_of_other_languages_are_not_inflected(pipeline: Pipeline) -> None:
    assert "vreemd" not in _ids(pipeline, "All nurseries are closed.")


def test_a_signal_for_the_subject_counts_there_only(pipeline: Pipeline) -> None:
    assert "in-onderwerp" in _ids(pipeline, "Dag.", "Dringend")
    assert "in-onderwerp" not in _ids(pipeline, "Dringend!", "Dag")


def test_a_signal_for_the_text_does_not_count_in_the_subject(pipeline: Pipeline) -> None:
    assert "in-tekst" in _ids(pipeline, "Een brief.")
    assert "in-tekst" not in _ids(pipeline, "Dag.", "Een brief")


def test_a_signal_for_everywhere_counts_in_both(pipeline: Pipeline) -> None:
    found = hits(pipeline, message("De factuur is fout.", subject="Factuur"))
    assert [hit.part for hit in found] == ["onderwerp", "tekst"]


def test_a_signal_that_needs_company_in_its_sentence_is_worth_nothing_alone(pipeline: Pipeline) -> None:
    assert weights(pipeline, message("Het kindje heeft een blauwe plek."))["met-in-zin"] == 2
    assert weights(pipeline, message("Dat is een kindje. Ik zag een blauwe plek."))["met-in-zin"] == 0


def test_a_signal_that_needs_company_in_the_mail_may_find_it_in_another_sentence(pipeline: Pipeline) -> None:
    assert weights(pipeline, message("Dat is een kindje. Ik zag een schram."))["met-in-mail"] == 2
    assert weights(pipeline, message("Ik zag een schram."))["met-in-mail"] == 0


def test_quoted_company_is_no_company(pipeline: Pipeline) -> None:
    answer = message("Ik zag een schram.\r\n\r\n> Dat kindje is ziek.\r\n", subject="Re: x", In_Reply_To="<a@b>")
    assert weights(pipeline, answer)["met-in-mail"] == 0


def test_a_signal_is_silenced_by_company_it_shuns_in_its_own_sentence_only(pipeline: Pipeline) -> None:
    assert weights(pipeline, message("Het kindje had een brandwonde."))["schuw"] == 0
    assert weights(pipeline, message("Het kindje kwam. Er was een brandwonde."))["schuw"] == 2


def test_a_place_is_counted_once_though_two_ways_find_it(pipeline: Pipeline) -> None:
    found = hits(pipeline, message("De begeleider zwijgt."))
    assert len(found) == 1
