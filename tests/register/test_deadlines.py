from datetime import UTC, date, datetime

import pytest

from register.deadlines import acknowledge_by, answer_by, clock_runs, day_of_receipt


@pytest.mark.parametrize(
    ("received", "day"),
    [
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
    ],
)
def test_the_day_of_receipt_is_the_day_in_brussels(received: datetime, day: date) -> None:
    assert day_of_receipt(received) == day


def test_terms_count_calendar_days_after_receipt_and_do_not_shift_from_a_sunday() -> None:
    thursday = date(2026, 10, 15)
    assert acknowledge_by(thursday) == date(2026, 10, 25)
    assert acknowledge_by(thursday).isoweekday() == 7
    assert answer_by(thursday) == date(2026, 11, 29)


def test_the_end_of_summer_time_and_a_leap_day_cost_no_day() -> None:
    assert answer_by(day_of_receipt(datetime(2026, 10, 24, 22, 30, tzinfo=UTC))) == date(2026, 12, 9)
    assert acknowledge_by(date(2028, 2, 20)) == date(2028, 3, 1)


@pytest.mark.parametrize(
    ("soort", "uitkomst", "runs"),
    [
        ("klacht", "doorverwijzen", True),
        ("vraag", "registreren", True),
        ("overig", "opvragen", True),
        ("vraag", "beantwoorden", False),
        ("klacht", "negeren", False),
        ("verontrusting", "escaleren", False),
    ],
)
def test_the_clock_runs_for_complaints_and_what_is_treated_as_one(soort: str, uitkomst: str, runs: bool) -> None:
    assert clock_runs(soort, uitkomst) is runs
