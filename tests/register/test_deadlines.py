from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from register.deadlines import (
    Clock,
    NoPauseError,
    TooLateError,
    check_extension,
    check_pause,
    clock_runs,
    day_of_receipt,
    due,
    first_due,
    holidays,
    why,
)
from register.law import Term, shipped
from triage.shapes import Source


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


def complaint(day: date, *, extended: date | None = None, paused: int = 0) -> Clock:
    regime = shipped().regime("klacht", day)
    assert regime is not None
    return Clock(regime, day, extended, paused)


def test_terms_count_calendar_days_after_receipt_and_do_not_shift_from_a_sunday() -> None:
    thursday = complaint(date(2026, 10, 15))
    assert due(thursday, "bevestigen") == date(2026, 10, 25)
    assert date(2026, 10, 25).isoweekday() == 7
    assert due(thursday, "antwoorden") == date(2026, 11, 29)


def test_the_end_of_summer_time_and_a_leap_day_cost_no_day() -> None:
    assert due(complaint(day_of_receipt(datetime(2026, 10, 24, 22, 30, tzinfo=UTC))), "antwoorden") == date(2026, 12, 9)
    assert due(complaint(date(2028, 2, 20)), "bevestigen") == date(2028, 3, 1)


def test_an_extended_term_is_ninety_days_in_all_and_leaves_the_acknowledgement() -> None:
    extended = complaint(date(2026, 1, 1), extended=date(2026, 2, 15))
    assert (due(extended, "bevestigen"), due(extended, "antwoorden")) == (date(2026, 1, 11), date(2026, 4, 1))
    assert first_due(extended, "antwoorden") == date(2026, 2, 15)


def test_an_extension_is_announced_on_the_last_day_of_the_first_term_at_the_latest_and_once() -> None:
    clock = complaint(date(2026, 1, 1))
    check_extension(clock, date(2026, 2, 15))
    with pytest.raises(TooLateError, match="15-02-2026"):
        check_extension(clock, date(2026, 2, 16))
    with pytest.raises(TooLateError, match="al verlengd"):
        check_extension(complaint(date(2026, 1, 1), extended=date(2026, 2, 1)), date(2026, 2, 2))


def test_requests_for_documents_have_twenty_days_that_become_forty() -> None:
    regime = shipped().regime_of_rule("openbaarheid-of-eigen-dossier", date(2026, 3, 2))
    assert regime is not None
    assert due(Clock(regime, date(2026, 3, 2)), "antwoorden") == date(2026, 3, 22)
    assert due(Clock(regime, date(2026, 3, 2), date(2026, 3, 20)), "antwoorden") == date(2026, 4, 11)
    assert due(Clock(regime, date(2026, 3, 2)), "bevestigen") is None


def test_the_law_of_today_names_no_ground_to_pause() -> None:
    with pytest.raises(NoPauseError, match="bemiddeling"):
        check_pause(complaint(date(2026, 1, 1)).regime, "bemiddeling")


def test_the_ten_public_holidays_of_a_year_are_known_by_name() -> None:
    assert {day.strftime("%m-%d"): name for day, name in holidays(2026, shipped().holidays).items()} == {
        "01-01": "Nieuwjaar", "04-06": "Paasmaandag", "05-01": "Dag van de Arbeid", "05-14": "O.L.H. Hemelvaart",
        "05-25": "Pinkstermaandag", "07-21": "Nationale feestdag", "08-15": "O.L.V. Hemelvaart",
        "11-01": "Allerheiligen", "11-11": "Wapenstilstand", "12-25": "Kerstmis",
    }  # fmt: skip


def test_a_regime_in_working_days_that_shifts_would_be_counted_so() -> None:
    plain = complaint(date(2026, 12, 24)).regime
    working = replace(plain, telling="werkdagen", termijnen=(Term("antwoorden", 2, "antwoorden", Source("x")),))
    # Christmas is a Friday, then comes a weekend: the first working day is the Monday.
    assert due(Clock(working, date(2026, 12, 24)), "antwoorden", shipped().holidays) == date(2026, 12, 29)
    shifting = replace(plain, verschuift=True, termijnen=(Term("antwoorden", 1, "antwoorden", Source("x")),))
    assert due(Clock(shifting, date(2026, 12, 24)), "antwoorden", shipped().holidays) == date(2026, 12, 28)


def test_a_date_is_explained_with_day_zero_source_extension_and_day_of_rest() -> None:
    said = " ".join(why(complaint(date(2026, 10, 15)), "bevestigen", shipped().holidays))
    assert "donderdag 15 oktober 2026: dat is dag 0" in said
    assert "10 kalenderdagen" in said and "II.77" in said
    assert "zondag 25 oktober 2026, tot 24 uur" in said and "schuift daarvoor niet op" in said
    longer = " ".join(why(complaint(date(2026, 10, 15), extended=date(2026, 11, 20)), "antwoorden"))
    assert "vrijdag 20 november 2026" in longer and "samen 90" in longer and "13 januari 2027" in longer


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
