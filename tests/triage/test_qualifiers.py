"""How far cues reach, which way, and what stops them."""

import pytest

from tests.triage.spoken import Found, hits, message, small, weights
from triage.pipeline import Pipeline, build

SIGNALS = r"""
- {id: slag, betekent: {gevaar: D1}, gewicht: 2, woorden: [klap, klappen]}
- {id: taai, betekent: {gevaar: D1}, gewicht: 2, woorden: [wonde], ongevoelig_voor: [ontkend]}
"""
CUES = r"""
- {id: niet, soort: ontkend, richting: vooruit, bereik: 3, woorden: [geen], talen: {fr: [pas de]}, stopt_bij: [maar]}
- {id: terug, soort: verleden, richting: achteruit, bereik: 3, patronen: ['\b\d+ jaar geleden\b'], stopt_bij: [nu]}
- {id: rond, soort: over_ander, richting: beide, bereik: 2, woorden: [buurman]}
- {id: kort, soort: ander_land, richting: beide, bereik: 4, letterlijk: [NL]}
"""


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return build(small(SIGNALS, CUES))


def _first(pipeline: Pipeline, body: str) -> Found:
    found = hits(pipeline, message(body))
    assert found, body
    return found[0]


def _said(pipeline: Pipeline, body: str) -> set[str]:
    return set(_first(pipeline, body).qualifiers)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Er was geen klap.", {"ontkend"}),
        ("Er viel een klap geen woord.", set()),
        ("Er was geen een twee klap.", {"ontkend"}),
        ("Er was geen een twee drie klap.", set()),
        ("Er was geen maar klap.", set()),
        ("Er was geen. Een klap.", set()),
        ("Er was geen\r\nklap.", set()),
        ("Il y avait pas de klap.", {"ontkend"}),
        ("Een klap dat was 3 jaar geleden.", {"verleden"}),
        ("Een klap en toen nog dat was 3 jaar geleden.", set()),
        ("Een klap nu dus 3 jaar geleden.", set()),
        ("Dat was 3 jaar geleden een klap.", set()),
        ("De buurman kreeg klappen.", {"over_ander"}),
        ("Een klap kreeg buurman Jan.", {"over_ander"}),
        ("De buurman zag een klap.", set()),
        ("In NL viel een klap.", {"ander_land"}),
        ("In nl viel een klap.", set()),
    ],
)
def test_a_cue_reaches_its_own_way_so_many_words_and_no_further(
    pipeline: Pipeline, body: str, expected: set[str]
) -> None:
    assert _said(pipeline, body) == expected


def test_every_qualifier_takes_its_part_of_the_weight(pipeline: Pipeline) -> None:
    assert _first(pipeline, "Er was een klap.").weight == 2
    assert _first(pipeline, "Er was geen klap.").weight == 0
    assert _first(pipeline, "Een klap kreeg buurman Jan.").weight == pytest.approx(2 * 0.4)
    assert _first(pipeline, "Buurman klap dat was 3 jaar geleden.").weight == pytest.approx(2 * 0.4 * 0.4)


def test_a_signal_is_not_weakened_by_a_qualifier_that_it_does_not_feel(pipeline: Pipeline) -> None:
    found = hits(pipeline, message("Geen wonde, geen klap."))
    assert {hit.id: (set(hit.qualifiers), hit.weight) for hit in found} == {
        "taai": (set(), 2.0),
        "slag": ({"ontkend"}, 0.0),
    }


def test_the_other_qualifiers_still_weaken_it(pipeline: Pipeline) -> None:
    assert _said(pipeline, "De buurman had een wonde.") == set()
    assert _said(pipeline, "De buurman zijn wonde.") == {"over_ander"}


def test_a_denied_place_leaves_an_undenied_one_its_weight(pipeline: Pipeline) -> None:
    assert weights(pipeline, message("Eerst geen klap. Dan toch een klap."))["slag"] == 2


def test_the_settings_replace_a_factor() -> None:
    louder = build(small(SIGNALS, CUES, weights="{ontkend: 0.5, over_ander: 1}"))
    assert _first(louder, "Er was geen klap.").weight == 1
    assert _first(louder, "Een klap kreeg buurman Jan.").weight == 2
