"""The law's clock: pure functions from a moment of receipt to the last day of a term."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


def day_of_receipt(received: datetime) -> date:
    """Day 0: the day in Brussels on which the mail reached us, whoever opened it when."""
    return received.astimezone(BRUSSELS).date()


def acknowledge_by(receipt: date) -> date:
    """Ten calendar days after receipt (Bestuursdecreet, title II chapter 5; a refusal is due then too, art. II.77 §2).

    Weekends and holidays count, and a last day on one of them does not shift.
    """
    return receipt + timedelta(days=10)


def answer_by(receipt: date) -> date:
    """Forty-five calendar days after receipt (Bestuursdecreet art. II.83), counted as in `acknowledge_by`."""
    return receipt + timedelta(days=45)


def clock_runs(soort: str, uitkomst: str) -> bool:
    """Whether the terms of a complaint run: for a complaint, and for what is registered or asked to be completed."""
    return uitkomst != "negeren" and (soort == "klacht" or uitkomst in ("registreren", "opvragen"))
