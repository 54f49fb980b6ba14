from datetime import UTC, date, datetime

import pytest

from console import dates

NOW = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 3, 29), "vandaag"),
        (date(2026, 3, 30), "morgen"),
        (date(2026, 4, 1), "nog 3 dagen"),
        (date(2026, 3, 28), "1 dag te laat"),
        (date(2026, 3, 20), "9 dagen te laat"),
    ],
)
def test_days_are_counted_in_brussels_where_it_is_already_tomorrow(due: date, said: str) -> None:
    assert dates.left(due, NOW) == said


def test_a_moment_is_told_in_the_time_of_brussels() -> None:
    assert dates.moment(datetime(2026, 7, 1, 22, 5, tzinfo=UTC)) == "2 juli 2026 om 00:05"
