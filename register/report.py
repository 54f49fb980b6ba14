"""The yearly report to the Vlaamse Ombudsdienst (Bestuursdecreet art. II.87): its fields, in its order, with its sums.

Whole months without a filter are read from `tally`; any other period, and any filter, is counted from the dossiers.
Both count the same way, in the database's own function `tallies`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, Select, Text, and_, any_, func, literal, or_, select, text, true

from register.file_tables import contribution, part
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
    department_of: str = ""
    """An account: only dossiers about which its department was asked or that are its department's."""


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
    """With `field` what `behind` takes to give the dossiers of this figure; an empty field is a sum of others."""


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a period, and which of its sums do not hold."""

    period: Period
    only: Only
    lines: tuple[Line, ...]
    broken: tuple[str, ...] = field(default=())
    """In words, for whoever must still complete dossiers; empty when every sum rule holds."""
    held: tuple[str, ...] = field(default=())
    """The sum rules that hold, in words."""

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
    rules = _sums(counts, law)
    broken = tuple(wrong for holds, _, wrong in rules if not holds)
    return Report(period, only, tuple(_lines(counts, law)), broken, tuple(right for holds, right, _ in rules if holds))


def behind(  # noqa: PLR0913
    connection: Connection,
    period: Period,
    field_: str,
    value: str,
    only: Only = ALL,
    *,
    founded: tuple[str, ...] = (),
    after: str = "",
    limit: int = 100,
) -> tuple[str, ...]:
    """References of the dossiers behind one figure, in order of reference, from `after` on.

    `founded` are the findings that count as founded; the sum of a norm (with an empty field) is over these.
    """
    counted = func.tallies(text("dossier")).table_valued("month", "field", "value", "number")
    own = and_(counted.c.field == field_, counted.c.value == value)
    if not field_:
        sums = {
            "totaal": counted.c.field == "totaal",
            "gemiddelde": and_(counted.c.field == "termijn", counted.c.value.in_(("op-tijd", "te-laat"))),
        }
        norms = and_(counted.c.field == "norm", counted.c.value.in_([f"{one}:{value}" for one in founded]))
        own = sums.get(value, norms)
    hit = select(counted.c.number).where(own)
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
    counted = (dossier.c.day_zero.between(period.first, period.last), dossier.c.qualification != "")
    return narrowed(wanted.where(*counted), only)


def narrowed(wanted: Select[*tuple[object, ...]], only: Only) -> Select[*tuple[object, ...]]:
    """The same question about these dossiers only."""
    for name in ("sector", "decreet", "betrokkene", "handler"):
        if value := getattr(only, name):
            wanted = wanted.where(dossier.c[name] == value)
    if only.theme:
        wanted = wanted.where(literal(only.theme, Text).op("=")(any_(dossier.c.themes)))
    if only.department_of:
        own = select(contribution.c.department).where(
            contribution.c.account == only.department_of, contribution.c.department != ""
        )
        asked = select(contribution.c.dossier).where(
            or_(contribution.c.account == only.department_of, contribution.c.department.in_(own))
        )
        theirs = select(part.c.dossier).where(part.c.department.in_(own))
        wanted = wanted.where(dossier.c.reference.in_(asked.union(theirs)))
    return wanted


def departments(connection: Connection, account: str) -> tuple[str, ...]:
    """The departments that this account was asked to contribute for, as far as the register knows."""
    mine = select(contribution.c.department).distinct().where(contribution.c.account == account)
    return tuple(connection.scalars(mine.where(contribution.c.department != "").order_by(contribution.c.department)))


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


def _sums(counts: Counts, law: Law) -> list[tuple[bool, str, str]]:
    """The sum rules of the form: whether each holds, the rule, and what is wrong when it does not."""

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
    grounds, open_, late = total("reden"), total("bevinding", "open"), total("termijn", "loopt")
    carriers, channels = total("drager"), total("kanaal")
    both = f"ontvankelijk ({admissible}) en onontvankelijk ({refused}) zijn niet samen {received}"
    reasons = f"de redenen ({grounds}) zijn niet samen {refused} onontvankelijke klachten"
    concluded = f"{open_} van {admissible} ontvankelijke klachten hebben geen eindbevinding"
    unsolved = f"van {founded} (deels) gegronde klachten is bij {founded - solved} de oplossing niet ingevuld"
    normless = f"er zijn minder ombudsnormen ({norms}) dan (deels) gegronde klachten ({founded})"
    return [
        (admissible + refused == received, "ontvankelijk en onontvankelijk zijn samen de ontvangen klachten", both),
        (grounds == refused, "de redenen zijn samen de onontvankelijke klachten", reasons),
        (
            total("bevinding") - open_ == admissible,
            "elke ontvankelijke klacht heeft een eindbevinding",
            concluded,
        ),
        (solved == founded, "elke (deels) gegronde klacht heeft een mate van oplossing", unsolved),
        (norms >= founded, "er zijn minstens zoveel ombudsnormen als (deels) gegronde klachten", normless),
        (late == 0, "elke klacht is beantwoord", f"{late} klachten zijn nog niet beantwoord"),
        (carriers >= received, "er zijn minstens zoveel dragers als klachten", _fewer("dragers", carriers, received)),
        (channels >= received, "er zijn minstens zoveel kanalen als klachten", _fewer("kanalen", channels, received)),
    ]


def _fewer(what: str, number: int, received: int) -> str:
    return f"de {what} ({number}) zijn samen minder dan {received} klachten"


def _mean(days: int, settled: int) -> float | None:
    return round(days / settled, 1) if settled else None


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]
