from datetime import date

import pytest
from sqlalchemy import text

from register import directory, overview
from register.book import Book
from register.law import shipped
from register.overview import RuleQuality, Volume
from register.report import Only, Period, year
from tests.register.counted import dossiers
from tests.register.made import decision, entered
from tests.register.test_entering import correct

# Tables A, B and C as they were published.
CALLS = {
    "orientatie": 160, "verbindend-gesprek": 65, "concilierend-gesprek": 11, "formele-klacht": 69,
    "private-voorziening": 26, "interne-tweedelijnsklacht": 8,
}  # fmt: skip
CHILDCARE = {2012: 860, 2013: 844, 2014: 804, 2015: 654}
THEMES = {"communicatie": 423, "dynamische-veiligheid": 381, "personeelsomkadering": 345}
FOLLOWED = {
    "inspectieopdracht": 864, "informatieve-nota": 641, "opdracht-aan-voorziening": 367, "ingetrokken": 236,
    "gevaarsituatie": 207,
}  # fmt: skip
DANGERS = {2016: 83, 2017: 83, 2018: 83, 2019: 115, 2020: 99, 2021: 163, 2022: 345}


def counted(book: Book, period: Period, feature: str, only: Only = Only()) -> dict[str, int]:  # noqa: B008
    with book.engine.connect() as connection:
        return {one.value: one.number for one in overview.volumes(connection, period, feature, only)}


def test_the_calls_of_2016_come_out_by_their_nature(book: Book) -> None:
    for form, number in CALLS.items():
        dossiers(book, number, date(2016, 5, 1), form=form)
    assert counted(book, year(2016), "form") == CALLS
    assert counted(book, year(2016), "year") == {"2016": 339}


def test_the_complaints_on_childcare_come_out_by_year_theme_and_what_followed(book: Book) -> None:
    themes = [[theme] for theme, number in THEMES.items() for _ in range(number)]
    followed = [[one] for one, number in FOLLOWED.items() for _ in range(number)]
    for number, many in CHILDCARE.items():
        dossiers(book, many, date(number, 6, 1), sector="kinderopvang")
    with book.engine.begin() as connection:
        references = connection.scalars(text("select reference from dossier order by reference")).all()
        rows = [
            {"r": one, "t": (themes[n : n + 1] or [[]])[0], "f": (followed[n : n + 1] or [[]])[0]}
            for n, one in enumerate(references)
        ]
        connection.execute(text("update dossier set themes = :t, outcomes = :f where reference = :r"), rows)
    period = Period(date(2012, 1, 1), date(2015, 12, 31))
    assert counted(book, period, "year") == {str(number): many for number, many in CHILDCARE.items()}
    assert counted(book, period, "themes") == THEMES | {"": 2013}
    assert counted(book, period, "outcomes") == FOLLOWED | {"": 847}
    assert sum(counted(book, period, "sector").values()) == 3162
    assert counted(book, period, "sector", Only(theme="communicatie")) == {"kinderopvang": 423}
    with book.engine.connect() as connection:
        found = overview.behind(connection, period, "outcomes", "gevaarsituatie", limit=1000)
    assert len(found) == 207


def test_the_dangers_in_childcare_come_out_by_year(book: Book) -> None:
    for number, many in DANGERS.items():
        dossiers(book, many, date(number, 6, 1), sector="kinderopvang", severity="gevaar")
    period = Period(date(2016, 1, 1), date(2022, 12, 31))
    assert counted(book, period, "year") == {str(number): many for number, many in DANGERS.items()}
    assert counted(book, period, "severity") == {"gevaar": sum(DANGERS.values())}


def test_ageing_and_terms_met_are_counted_by_their_own_last_day(book: Book) -> None:
    dossiers(book, 2, date(2026, 3, 1), days=5)
    dossiers(book, 3, date(2026, 3, 1))
    dossiers(book, 1, date(2025, 11, 1))
    with book.engine.begin() as connection:
        connection.execute(text("update dossier set due_answer = day_zero + 4 where number = 1 and year = 2026"))
        connection.execute(text("update dossier set due_answer = day_zero + 45 where due_answer is null"))
        met = overview.punctuality(connection, year(2026))
        ages = overview.ageing(connection, date(2026, 3, 12))
        counted_ = {
            name: len(overview.punctual(connection, year(2026), name)) for name in ("in_time", "late", "running")
        }
        aged = {one.value: len(overview.aged(connection, date(2026, 3, 12), one.value)) for one in ages}
        every = overview.opened(connection, year(2026))
        of_care = overview.punctual(connection, year(2026), "late", Only(sector="pleegzorg"))
    assert ages == (Volume("0-10", 0), Volume("11-20", 5), Volume("21-45", 0), Volume("46-90", 0), Volume("> 90", 1))
    assert counted_ == {"in_time": 1, "late": 1, "running": 3}
    assert aged == {one.value: one.number for one in ages}
    assert of_care == ()
    assert len(every) == 5
    assert (met.in_time, met.late, met.running) == (1, 1, 3)


def test_volumes_per_kind_of_organiser_count_a_dossier_once_for_each(book: Book) -> None:
    _, dossier = entered(book)
    assert dossier is not None
    with book.begin() as page:
        body = directory.add_organiser(page.connection, "an", "De Bij", "kinderopvang", shipped())
        page.connection.execute(text("update part set organiser = :body"), {"body": body})
    assert counted(book, year(2026), "organiser_kind") == {"kinderopvang": 1}
    with pytest.raises(ValueError, match="no feature kleur"), book.engine.connect() as connection:
        overview.volumes(connection, year(2026), "kleur")


def test_the_triage_is_judged_by_what_staff_corrected_per_rule(book: Book) -> None:
    digest, _ = entered(book, decision("beantwoorden", "vraag", regel="vraag"))
    entered(book, decision("beantwoorden", "vraag", regel="vraag"))
    entered(book)
    correct(book, digest, decision())
    with book.engine.connect() as connection:
        found = overview.rule_quality(connection, year(2026))
        mails = overview.decided(connection, year(2026), "vraag", corrected=True)
        both = overview.decided(connection, year(2026), "vraag", corrected=False)
    assert found == (RuleQuality("vraag", 2, 1, (("uitkomst", 1),)), RuleQuality("r", 1, 0))
    assert mails == (digest,)
    assert digest in both and len(both) == 2
