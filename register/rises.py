"""Unusual rises: what is complained of more often than the year before lets expect, by a stated rule.

Two numbers of a Poisson law are compared exactly (Przyborowski and Wilenski 1940): were a value as frequent in the
period as in the 365 days before it, its dossiers of both would fall into the period by the share of its days. The
chance of so many or more is then one of a binomial law, whatever the true frequency. Many values are looked at in
one go, so chance is allowed for by the step-up rule of Benjamini and Hochberg (1995): of the rises that are told, at
most one in ten is expected to be chance.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import exp, lgamma, log

from sqlalchemy import Connection

from register.overview import volumes
from register.report import ALL, Only, Period

FALSE_SHARE = 0.1
"""The share of chance that is expected among the rises that are told."""
LEAST = 3
"""Fewer dossiers than this are never called a rise."""
BEFORE = 365
"""Days before the period that it is measured against."""


@dataclass(frozen=True, slots=True)
class Rise:
    """A value that occurs more often than the year before lets expect."""

    value: str
    number: int
    expected: float
    """What the year before gives for as many days."""
    chance: float
    """Of so many or more if nothing had changed."""


@dataclass(frozen=True, slots=True)
class Rises:
    """What rose, the least likely first, and how many values were looked at."""

    found: tuple[Rise, ...]
    looked_at: int


def rises(connection: Connection, period: Period, feature: str, only: Only = ALL) -> Rises:
    """Values of a feature that occur unusually often in the period, as the rule above says."""
    before = Period(period.first - timedelta(days=BEFORE), period.first - timedelta(days=1))
    usual = {one.value: one.number for one in volumes(connection, before, feature, only) if one.value}
    now = {one.value: one.number for one in volumes(connection, period, feature, only) if one.value}
    days = (period.last - period.first).days + 1
    share = days / (days + BEFORE)
    looked_at = len(usual.keys() | now.keys())
    told = sorted(
        (
            Rise(value, number, usual.get(value, 0) * days / BEFORE, at_least(number, usual.get(value, 0), share))
            for value, number in now.items()
        ),
        key=lambda one: (one.chance, one.value),
    )
    small_enough = [place for place, one in enumerate(told, 1) if one.chance <= FALSE_SHARE * place / looked_at]
    kept = told[: max(small_enough, default=0)]
    return Rises(tuple(one for one in kept if one.number >= LEAST), looked_at)


def at_least(number: int, before: int, share: float) -> float:
    """The chance that so many or more of `number + before` dossiers fall into a part of the days with that share."""
    total = number + before
    if number == 0 or share >= 1:
        return 1.0

    def exactly(times: int) -> float:
        ways = lgamma(total + 1) - lgamma(times + 1) - lgamma(total - times + 1)
        return exp(ways + times * log(share) + (total - times) * log(1 - share))

    # The shorter side is summed; close to one the exact figure no longer matters.
    if number <= total * share:
        return max(0.0, 1 - sum(exactly(times) for times in range(number)))
    return min(1.0, sum(exactly(times) for times in range(number, total + 1)))
