"""Edits of two people: together where they do not touch, apart and said where they do."""

from console.workbench.compare import compared, difference
from console.workbench.merging import merge, moved

OLD = "een\ntwee\ndrie\nvier\nvijf\nzes\n"


def test_edits_on_different_lines_come_together() -> None:
    assert merge(OLD, OLD.replace("twee", "TWEE"), OLD.replace("vijf", "VIJF")) == OLD.replace("twee", "TWEE").replace(
        "vijf", "VIJF"
    )
    assert merge(OLD, OLD + "zeven\n", "nul\n" + OLD) == f"nul\n{OLD}zeven\n"
    assert merge(OLD, OLD, OLD.replace("zes\n", "")) == OLD.replace("zes\n", "")


def test_the_same_edit_of_both_is_made_once() -> None:
    both = OLD.replace("drie", "DRIE")
    assert merge(OLD, both, both) == both


def test_edits_on_the_same_or_neighbouring_lines_do_not() -> None:
    assert merge(OLD, OLD.replace("drie", "DRIE"), OLD.replace("drie", "3")) is None
    assert merge(OLD, OLD.replace("drie", "DRIE"), OLD.replace("vier", "4")) is None
    assert merge(OLD, OLD + "zeven\n", OLD + "acht\n") is None


def test_what_both_changed_is_named_and_what_came_meanwhile_is_no_edit_any_more() -> None:
    former = {"a": OLD.encode(), "b": b"b\n", "c": b"c\n", "d": b"d\n"}
    now = {"a": OLD.replace("een", "EEN").encode(), "b": b"van hen\n", "d": b"ook ik\n", "e": b"nieuw\n"}
    edits = {"a": OLD.replace("zes", "ZES"), "b": "van mij\n", "c": None, "d": "ook ik\n"}
    carried, clashes = moved(edits, former, now)
    assert carried == {"a": OLD.replace("een", "EEN").replace("zes", "ZES"), "b": "van mij\n"}
    assert clashes == ("b",)


def test_a_difference_shows_words_where_few_changed_and_counts_lines() -> None:
    changed, gone = difference({"a": b"x\nals: soort\ny\n", "b": b"weg\n"}, {"a": b"x\nals: sector\ny\n"})
    assert (changed.path, changed.kind, changed.came, changed.went) == ("a", "gewijzigd", 1, 1)
    (stretch,) = changed.stretches
    assert [(line.kind, line.before, line.after) for line in stretch] == [
        ("gelijk", 1, 1), ("weg", 2, None), ("bij", None, 2), ("gelijk", 3, 3),
    ]  # fmt: skip
    assert [one.text for one in stretch[1].pieces if one.kind == "weg"] == ["soort"]
    assert (gone.kind, gone.went) == ("weg", 1)


def test_fields_come_in_the_order_of_the_policy_and_nothing_is_no_value() -> None:
    found = compared(
        {"brief": (None, "x"), "automatisch": (False, True), "uitkomst": ("a", "b"), "instanties": ([], ["c"])}
    )
    assert [(one.name, one.before, one.after) for one in found] == [
        ("uitkomst", ("a",), ("b",)),
        ("instanties", (), ("c",)),
        ("brief", (), ("x",)),
        ("automatisch", ("nee",), ("ja",)),
    ]
