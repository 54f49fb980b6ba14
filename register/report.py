"""The yearly report to the Vlaamse Ombudsdienst (Bestuursdecreet art. II.87): its fields, in its order, with its sums.

Whole months without a filter are read from `tally`; any other period, and any filter, is counted from the dossiers.
Both count the same way, in the database's own function `tallies`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, Select, Text, any_, func, literal, select, text, true

from register.law import Law
from register.tables import dossier
from register.trust_tables import tally

Counts = Mapping[tuple[str, str], int]
_FOLDING = 0x6B6C6166


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day of receipt, both included."""

    first: date
    last: date

    @property
    def whole_months(self) -> bool:
        """Whether it begins with a month and ends with one."""
        return self.first.day == 1 and (self.last + timedelta(days=1)).day == 1


@dataclass(frozen=True, slots=True)
class Only:
    """Which dossiers to count; what is empty does not matter."""

    sector: str = ""
    decreet: str = ""
    betrokkene: str = ""
    theme: str = ""
    handler: str = ""


ALL = Only()


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the report."""

    section: int
    """Number of the field in the form, 1 to 9."""
    label: str
    number: float | None
    """None where there is nothing to divide by."""
    field: str
    value: str
    """With `field` what `behind` takes to give the dossiers of this figure; an empty field cannot be opened."""


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a period, and which of its sums do not hold."""

    period: Period
    only: Only
    lines: tuple[Line, ...]
    broken: tuple[str, ...] = field(default=())
    """In words, for whoever must still complete dossiers; empty when every sum rule holds."""

    def number(self, field_: str, value: str) -> float | None:
        """One figure by its key. Raises KeyError."""
        for line in self.lines:
            if (line.field, line.value) == (field_, value):
                return line.number
        raise KeyError((field_, value))


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31))


def yearly(connection: Connection, period: Period, law: Law, only: Only = ALL) -> Report:
    """The report of a period."""
    counts = _counts(connection, period, only)
    return Report(period, only, tuple(_lines(counts, law)), tuple(_broken(counts, law)))


def behind(  # noqa: PLR0913
    connection: Connection,
    period: Period,
    field_: str,
    value: str,
    only: Only = ALL,
    *,
    after: str = "",
    limit: int = 100,
) -> tuple[str, ...]:
    """References of the dossiers behind one figure, in order of reference, from `after` on."""
    counted = func.tallies(text("dossier")).table_valued("month", "field", "value", "number")
    hit = select(counted.c.number).where(counted.c.field == field_, counted.c.value == value)
    wanted = _chosen(select(dossier.c.reference), period, only).where(hit.exists(), dossier.c.reference > after)
    return tuple(connection.scalars(wanted.order_by(dossier.c.reference).limit(limit)))


def fold(connection: Connection, *, at_least: int = 1_000) -> int:
    """Sum up what changes have added to `tally`, once there are so many rows more than needed; rows taken away."""
    if not connection.scalar(select(func.pg_try_advisory_xact_lock(_FOLDING))):
        return 0
    spare = text("select count(*) from (select from tally limit :most) as spare")
    distinct = text("select count(*) from (select distinct month, field, value from tally) as spare")
    rows = connection.scalar(spare, {"most": 1_000_000}) or 0
    if rows < at_least or rows < 2 * (connection.scalar(distinct) or 0):
        return 0
    summed = text(
        """
        with gone as (delete from tally returning month, field, value, number), made as (
            insert into tally (month, field, value, number)
            select month, field, value, sum(number) from gone group by 1, 2, 3 having sum(number) <> 0 returning 1
        ) select (select count(*) from gone) - (select count(*) from made)
        """
    )
    return int(connection.scalar(summed) or 0)


def _counts(connection: Connection, period: Period, only: Only) -> Counts:
    if period.whole_months and only == ALL:
        summed = select(tally.c.field, tally.c.value, func.sum(tally.c.number))
        months = tally.c.month.between(period.first, period.last)
        wanted: Select[*tuple[object, ...]] = summed.where(months).group_by(tally.c.field, tally.c.value)
    else:
        counted = func.tallies(text("dossier")).table_valued("month", "field", "value", "number").lateral()
        every = select(counted.c.field, counted.c.value, func.sum(counted.c.number))
        every = every.select_from(dossier.join(counted, true())).group_by(counted.c.field, counted.c.value)
        wanted = _chosen(every, period, only)
    found: Counter[tuple[str, str]] = Counter()
    for name, value, number in connection.execute(wanted):
        found[str(name), str(value)] += int(str(number))
    return found


def _chosen(wanted: Select[*tuple[object, ...]], period: Period, only: Only) -> Select[*tuple[object, ...]]:
    wanted = wanted.where(dossier.c.day_zero.between(period.first, period.last), dossier.c.qualification != "")
    for name, value in (
        ("sector", only.sector),
        ("decreet", only.decreet),
        ("betrokkene", only.betrokkene),
        ("handler", only.handler),
    ):
        if value:
            wanted = wanted.where(dossier.c[name] == value)
    return wanted.where(literal(only.theme, Text).op("=")(any_(dossier.c.themes))) if only.theme else wanted


def _lines(counts: Counts, law: Law) -> list[Line]:
    def line(section: int, label: str, name: str, value: str) -> Line:
        return Line(section, label, counts.get((name, value), 0), name, value)

    received = counts.get(("totaal", "klacht"), 0)
    settled = counts.get(("termijn", "op-tijd"), 0) + counts.get(("termijn", "te-laat"), 0)
    lines = [
        Line(1, "Totaal aantal klachten", received + counts.get(("totaal", "andere"), 0), "", "totaal"),
        line(1, "Ontvangen klachten", "totaal", "klacht"),
        line(1, "Niet gekwalificeerd als klacht, andere registraties", "totaal", "andere"),
        line(2, "Beantwoord binnen 0 tot 45 dagen", "termijn", "op-tijd"),
        line(2, "Beantwoord na meer dan 45 dagen", "termijn", "te-laat"),
        line(2, "Nog niet beantwoord", "termijn", "loopt"),
        Line(2, "Gemiddeld aantal dagen", _mean(counts.get(("dagen", "som"), 0), settled), "", "gemiddelde"),
        line(3, "Ontvankelijk", "ontvankelijk", "ja"),
        line(3, "Onontvankelijk", "ontvankelijk", "nee"),
        line(3, "Nog niet beslist", "ontvankelijk", "open"),
    ]
    lines += [line(4, _title(name), "reden", value) for value, name in law.choices("onontvankelijk").items()]
    lines += [line(5, _title(name), "bevinding", value) for value, name in law.choices("bevinding").items()]
    lines.append(line(5, "Nog geen eindbevinding", "bevinding", "open"))
    solutions = law.choices("oplossing")
    for finding in law.founded():
        told = law.choices("bevinding")[finding]
        lines += [
            line(6, _title(f"{told}, {name}"), "oplossing", f"{finding}:{value}") for value, name in solutions.items()
        ]
        lines.append(line(6, _title(f"{told}, nog niet ingevuld"), "oplossing", f"{finding}:"))
    for norm, name in law.choices("ombudsnorm").items():
        both = sum(counts.get(("norm", f"{finding}:{norm}"), 0) for finding in law.founded())
        lines.append(Line(7, _title(name), both, "", norm))
        for finding in law.founded():
            label = _title(f"{name} ({law.choices('bevinding')[finding]})")
            lines.append(line(7, label, "norm", f"{finding}:{norm}"))
    lines += [line(8, _title(name), "drager", value) for value, name in law.choices("drager").items()]
    lines += [line(9, _title(name), "kanaal", value) for value, name in law.choices("kanaal").items()]
    return lines


def _broken(counts: Counts, law: Law) -> list[str]:
    """The sum rules of the form that do not hold."""

    def total(name: str, *values: str) -> int:
        keys = values or tuple(value for field_, value in counts if field_ == name)
        return sum(counts.get((name, value), 0) for value in keys)

    received = total("totaal", "klacht")
    admissible, refused = total("ontvankelijk", "ja"), total("ontvankelijk", "nee")
    founded = total("bevinding", *law.founded())
    solved = sum(total("oplossing", f"{one}:{value}") for one in law.founded() for value in law.choices("oplossing"))
    norms = sum(
        number for (name, value), number in counts.items() if name == "norm" and value.split(":")[0] in law.founded()
    )
    rules = [
        (
            admissible + refused == received,
            f"ontvankelijk ({admissible}) en onontvankelijk ({refused}) zijn niet samen {received}",
        ),
        (
            total("reden") == refused,
            f"de redenen ({total('reden')}) zijn niet samen {refused} onontvankelijke klachten",
        ),
        (
            total("bevinding") - total("bevinding", "open") == admissible,
            f"{total('bevinding', 'open')} van {admissible} ontvankelijke klachten hebben geen eindbevinding",
        ),
        (
            solved == founded,
            f"van {founded} (deels) gegronde klachten is bij {founded - solved} de oplossing niet ingevuld",
        ),
        (norms >= founded, f"er zijn minder ombudsnormen ({norms}) dan (deels) gegronde klachten ({founded})"),
        (total("termijn", "loopt") == 0, f"{total('termijn', 'loopt')} klachten zijn nog niet beantwoord"),
        (total("drager") >= received, f"de dragers ({total('drager')}) zijn samen minder dan {received} klachten"),
        (total("kanaal") >= received, f"de kanalen ({total('kanaal')}) zijn samen minder dan {received} klachten"),
    ]
    return [said for holds, said in rules if not holds]


def _mean(days: int, settled: int) -> float | None:
    return round(days / settled, 1) if settled else None


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]
