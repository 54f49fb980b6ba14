"""Charts as plain shapes, drawn on the server: widths are shares of the page, so that words keep their size."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from register.overview import Volume

ROW = 44
"""Height of one bar with its label, in pixels."""
TALL = 150
_WIDEST = 86.0
"""In percent; the rest is for the number after the longest bar."""
_LONGEST_LABEL = 34
_LABELS = 6
_MONTHS = {
    "januari": "jan", "februari": "feb", "maart": "mrt", "april": "apr", "mei": "mei", "juni": "juni", "juli": "juli",
    "augustus": "aug", "september": "sep", "oktober": "okt", "november": "nov", "december": "dec",
}  # fmt: skip
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One value: its words, its number, how long or tall it is drawn, and where its dossiers are."""

    label: str
    short: str
    """The label as it fits on a telephone; a month without its year."""
    number: int
    share: str
    """Of all, in words as `12 %`."""
    size: float
    """Width in percent of a lying bar, height in pixels of a standing one."""
    at: float
    """Top in pixels of a lying bar, left side in percent of a standing one."""
    href: str
    marked: bool = True
    """Whether a standing bar bears its label; where there are many, some do not."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with what they show in words."""

    bars: tuple[Bar, ...]
    rows: tuple[Bar, ...]
    """All values, for the table; the drawing shows the first ones only."""
    height: int
    breadth: float
    """Of one standing bar, in percent."""
    total: int
    told: str
    """What the drawing shows, for whoever does not see it."""


def lying(
    volumes: Iterable[Volume], named: Callable[[str], str], href: Callable[[str], str], *, of: int | None = None
) -> Chart:
    """Bars below each other, in the order given; shares are `of` so many, or of their own sum."""
    given = tuple(volumes)
    most = max((one.number for one in given), default=0)
    total = sum(one.number for one in given) if of is None else of
    rows = tuple(
        Bar(
            label := named(one.value),
            label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…",
            one.number,
            share(one.number, total),
            round(_WIDEST * one.number / most, 2) if most else 0,
            place * ROW,
            href(one.value),
        )
        for place, one in enumerate(given)
    )
    drawn = rows[:SHOWN]
    return Chart(drawn, rows, len(drawn) * ROW + 4, 0, total, _told(drawn, len(rows)))


def standing(volumes: Iterable[Volume], named: Callable[[str], str], href: Callable[[str], str]) -> Chart:
    """Bars beside each other, in the order given, as over time."""
    given = tuple(volumes)
    most, total = max((one.number for one in given), default=0), sum(one.number for one in given)
    step = -(-len(given) // _LABELS) or 1
    breadth = 100 / len(given) if given else 0
    bars = tuple(
        Bar(
            label := named(one.value),
            _MONTHS.get(label.partition(" ")[0], label),
            one.number,
            share(one.number, total),
            round(TALL * one.number / most, 1) if most else 0,
            round(place * breadth, 3),
            href(one.value),
            marked=place % step == 0,
        )
        for place, one in enumerate(given)
    )
    return Chart(bars, bars, TALL + 44, round(breadth, 3), total, _told(bars, len(bars)))


def share(number: int, total: int) -> str:
    """`12 %` of the whole; empty where there is nothing to divide by."""
    if not total:
        return ""
    percent = 100 * number / total
    return f"{percent:.0f} %" if percent >= 1 or number == 0 else "< 1 %"


def _told(bars: tuple[Bar, ...], all_: int) -> str:
    if not any(bar.number for bar in bars):
        return "Er is niets om te tonen."
    most = sorted(bars, key=lambda bar: -bar.number)[:3]
    said = ", ".join(f"{bar.label} ({bar.number})" for bar in most)
    rest = f" De tekening toont er {len(bars)} van de {all_}." if all_ > len(bars) else ""
    return f"Het vaakst: {said}. Alle aantallen staan in de tabel ernaast.{rest}"
