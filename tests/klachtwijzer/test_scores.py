"""Our scores against the reference scorer, over whatever predictions chance makes."""

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from klachtwijzer import scores
from tests.score import score as untyped
from triage.vocabulary import BETROKKENEN, DRINGENDHEDEN, GEVAREN, SOORTEN, UITKOMSTEN

# The reference scorer is kept as it came, without types.
reference: Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, float | int]] = untyped

BODIES = ("organisator", "vlaamse-ombudsdienst", "school", "politie")
DECREES = (*tuple(sorted({decree for main in scores.MAIN.values() for decree in main})), "rechtspositie")


def some(values: tuple[str, ...], most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=most)


FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    "soort": st.sampled_from(SOORTEN),
    "sector": st.sampled_from(tuple(scores.MAIN)),
    "decreten": some(DECREES),
    "betrokkene": st.sampled_from(BETROKKENEN),
    "uitkomst": st.sampled_from(UITKOMSTEN),
    "instanties": some(BODIES),
    "gevaar": some(GEVAREN),
    "dringendheid": st.sampled_from(DRINGENDHEDEN),
    "taal": st.sampled_from(("nl", "fr", "tr")),
}
ACCEPTABLE = st.fixed_dictionaries(
    {},
    optional={
        "uitkomst": some(UITKOMSTEN),
        "sector": some(tuple(scores.MAIN)),
        "instanties": some(BODIES),
        "decreten": some(DECREES),
        "soort": some(SOORTEN),
        "dringendheid": some(DRINGENDHEDEN),
    },
)
LABEL = st.fixed_dictionaries(dict(FIELDS), optional={"aanvaardbaar": ACCEPTABLE})
# Outcome and sector are in every line that we write, and the reference counts on them.
SAID = st.fixed_dictionaries(
    {name: FIELDS[name] for name in ("uitkomst", "sector")},
    optional={name: one for name, one in FIELDS.items() if name not in ("uitkomst", "sector")},
)
FILES = tuple(f"{number}.eml" for number in range(12))


@given(
    gold=st.dictionaries(st.sampled_from(FILES), LABEL, min_size=1),
    said=st.dictionaries(st.sampled_from(FILES), SAID),
)
def test_every_score_is_that_of_the_reference_to_the_digit(gold: dict[str, Any], said: dict[str, Any]) -> None:
    ours, theirs = scores.score(gold, said), reference(gold, said)
    assert list(ours) == list(theirs)
    assert ours == theirs
    assert [type(value) for value in ours.values()] == [type(value) for value in theirs.values()]


@given(gold=st.dictionaries(st.sampled_from(FILES), LABEL, min_size=1))
def test_saying_what_the_labels_say_leaves_no_letter_wrong(gold: dict[str, Any]) -> None:
    said = {file: {name: label[name] for name in FIELDS} for file, label in gold.items()}
    found = scores.score(gold, said)
    assert found["sector"] == found["uitkomst"] == found["uitkomst_macro_f1"] == 1
    assert found["missing"] == 0


@given(label=LABEL, said=SAID)
def test_a_letter_is_wrong_exactly_when_the_reference_counts_it(label: dict[str, Any], said: dict[str, Any]) -> None:
    wrong = reference({"a": label}, {"a": said})["wrong_letters"]
    assert wrong == int(said["uitkomst"] in scores.LETTERS and scores.wrong_letter(label, said))
