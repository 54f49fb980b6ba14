import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from register import report
from register.book import Book
from register.law import shipped
from register.report import Line, Only, Period, Report, year
from register.sheets import as_csv, as_json, as_xlsx, safe
from tests.register.counted import change, dossiers
from tests.register.made import entered

# Table H1, as printed: the answer days are made so that the printed average comes out.
REFUSED = {
    2016: {"anoniem": 1, "beleid-of-regelgeving": 8, "beroep-open": 1, "onbevoegd": 3},
    2018: {"anoniem": 3, "beleid-of-regelgeving": 22, "geen-vlaamse-overheid": 1, "beroep-open": 3, "onbevoegd": 5},
}
FOUND = {
    2016: [("gegrond", "opgelost", 5), ("deels-gegrond", "opgelost", 3), ("ongegrond", "", 17)],
    2018: [("gegrond", "opgelost", 6), ("deels-gegrond", "opgelost", 4),
           ("deels-gegrond", "deels-opgelost", 1), ("ongegrond", "", 20)],
}  # fmt: skip
NORMS = {
    2016: {"N08": 2, "N10": 1, "N11": 4, "N05": 2, "N15": 1},
    2018: {"N08": 2, "N10": 5, "N11": 7, "N14": 1, "N04": 1},
}
PRINTED = {
    2016: {
        ("", "totaal"): 41, ("totaal", "klacht"): 38, ("totaal", "andere"): 3, ("termijn", "op-tijd"): 35,
        ("termijn", "te-laat"): 3, ("", "gemiddelde"): 29, ("ontvankelijk", "nee"): 13, ("reden", "anoniem"): 1,
        ("reden", "beleid-of-regelgeving"): 8, ("reden", "beroep-open"): 1, ("reden", "onbevoegd"): 3,
        ("ontvankelijk", "ja"): 25, ("bevinding", "gegrond"): 5, ("bevinding", "deels-gegrond"): 3,
        ("bevinding", "ongegrond"): 17, ("oplossing", "gegrond:opgelost"): 5,
        ("oplossing", "deels-gegrond:opgelost"): 3,
        ("oplossing", "deels-gegrond:deels-opgelost"): 0, ("", "N08"): 2, ("", "N10"): 1, ("", "N11"): 4,
        ("", "N05"): 2, ("", "N15"): 1, ("drager", "brief"): 2, ("drager", "mail"): 29, ("drager", "telefoon"): 7,
        ("drager", "andere"): 1,
        ("kanaal", "burger"): 33, ("kanaal", "middenveld"): 2, ("kanaal", "kabinet"): 1, ("kanaal", "andere"): 3,
    },
    2018: {
        ("", "totaal"): 68, ("totaal", "klacht"): 65, ("totaal", "andere"): 3, ("termijn", "op-tijd"): 58,
        ("termijn", "te-laat"): 7, ("", "gemiddelde"): 36, ("ontvankelijk", "nee"): 34, ("reden", "anoniem"): 3,
        ("reden", "beleid-of-regelgeving"): 22, ("reden", "geen-vlaamse-overheid"): 1, ("reden", "beroep-open"): 3,
        ("reden", "onbevoegd"): 5, ("ontvankelijk", "ja"): 31, ("bevinding", "gegrond"): 6,
        ("bevinding", "deels-gegrond"): 5, ("bevinding", "ongegrond"): 20, ("oplossing", "gegrond:opgelost"): 6,
        ("oplossing", "deels-gegrond:opgelost"): 4, ("oplossing", "deels-gegrond:deels-opgelost"): 1, ("", "N08"): 2,
        ("", "N10"): 5, ("", "N11"): 7, ("", "N14"): 1, ("", "N04"): 1,
    },
}  # fmt: skip


def published(book: Book, number: int) -> None:
    """The dossiers of one year of table H1."""
    day = date(number, 3, 15)
    dossiers(book, 3, day, qualification="andere")
    references = [
        one
        for ground, many in REFUSED[number].items()
        for one in dossiers(book, many, day, days=10, admissible=False, ground=ground)
    ]
    founded: list[str] = []
    for finding, solution, many in FOUND[number]:
        made = dossiers(book, many, day, days=10, admissible=True, finding=finding, solution=solution)
        references += made
        founded += made if finding != "ongegrond" else []
    given: list[list[str]] = [[] for _ in founded]
    for place, norm in enumerate(norm for norm, many in NORMS[number].items() for _ in range(many)):
        given[place % len(founded)].append(norm)
    for reference, norms in zip(founded, given, strict=True):
        change(book, [reference], {"norms": norms})
    late = {2016: 3, 2018: 7}[number]
    total = {2016: 29, 2018: 36}[number] * len(references)
    rest, extra = divmod(total - late * 60, len(references) - late)
    assert rest < 45
    days = [60] * late + [rest + 1] * extra + [rest] * (len(references) - late - extra)
    for reference, lasted in zip(references, days, strict=True):
        answered = date.fromordinal(day.toordinal() + lasted)
        change(book, [reference], {"answered": f"{answered} 23:30 Europe/Brussels"})
    if number == 2016:
        plan = [["brief"]] * 2 + [["mail"]] * 28 + [["mail", "telefoon"]] + [["telefoon"]] * 6 + [["andere"]]
        ways = [["burger"]] * 32 + [["burger", "kabinet"]] + [["middenveld"]] * 2 + [["andere"]] * 3
        for reference, carriers, channels in zip(references, plan, ways, strict=True):
            change(book, [reference], {"carriers": carriers, "channels": channels})


@pytest.mark.parametrize("number", [2016, 2018])
def test_the_published_tables_come_out_to_the_digit_and_their_sums_hold(book: Book, number: int) -> None:
    published(book, 2016)
    published(book, 2018)
    made = book.report(year(number))
    assert {key: made.number(*key) for key in PRINTED[number]} == PRINTED[number]
    assert made.broken == ()
    norms = [line.number for line in made.lines if line.section == 7 and not line.field]
    assert sum(one or 0 for one in norms) == {2016: 10, 2018: 16}[number]
    carriers = sum(line.number or 0 for line in made.lines if line.section == 8)
    assert carriers == {2016: 39, 2018: 65}[number]


def test_days_counted_from_the_dossiers_and_months_from_the_tallies_are_the_same(book: Book) -> None:
    published(book, 2016)
    whole, by_day = book.report(year(2016)), book.report(Period(date(2016, 1, 1), date(2016, 12, 30)))
    assert whole.lines == by_day.lines
    with book.engine.begin() as connection:
        assert report.fold(connection, at_least=1) > 0
    assert book.report(year(2016)).lines == whole.lines
    chosen = book.report(year(2016), Only(sector="pleegzorg"))
    assert {line.number for line in chosen.lines} == {0, None}


def test_each_figure_leads_to_exactly_its_dossiers(book: Book) -> None:
    published(book, 2018)
    made = book.report(year(2018))
    with book.engine.connect() as connection:
        for line in made.lines:
            if line.field:
                found = report.behind(connection, made.period, line.field, line.value)
                assert len(found) == line.number, line
        founded = shipped().founded()
        for value in ("totaal", "N08", "N10"):
            found = report.behind(connection, made.period, "", value, founded=founded)
            assert len(found) == made.number("", value), value
        answered = report.behind(connection, made.period, "", "gemiddelde")
    assert len(answered) == 65


def test_sums_that_do_not_hold_are_told_in_words(book: Book) -> None:
    day = date(2026, 2, 1)
    dossiers(book, 1, day, admissible=True, finding="gegrond", carriers=[])
    dossiers(book, 2, day, days=3)
    told = " / ".join(book.report(year(2026)).broken)
    assert book.report(year(2026)).held == (
        "de redenen zijn samen de onontvankelijke klachten",
        "elke ontvankelijke klacht heeft een eindbevinding",
        "er zijn minstens zoveel kanalen als klachten",
    )
    for words in (
        "ontvankelijk (1)",
        "oplossing niet ingevuld",
        "minder ombudsnormen (0)",
        "1 klachten zijn nog niet",
        "dragers (2)",
    ):
        assert words in told


def test_a_changed_a_lapsed_and_a_removed_dossier_are_taken_off_the_tallies(book: Book) -> None:
    made = dossiers(book, 3, date(2026, 2, 1), admissible=True, finding="gegrond")
    change(book, made[:1], {"finding": "ongegrond"})
    change(book, made[1:2], {"status": "vervallen"})
    with book.engine.begin() as connection:
        connection.execute(text("delete from dossier where reference = :one"), {"one": made[2]})
    now = book.report(year(2026))
    assert [now.number("bevinding", value) for value in ("gegrond", "ongegrond")] == [0, 1]
    assert now.number("totaal", "klacht") == 1


def test_a_complaint_by_mail_is_counted_when_it_comes_and_a_question_is_not(book: Book) -> None:
    entered(book)
    now = book.report(year(2026))
    assert (now.number("totaal", "klacht"), now.number("drager", "mail"), now.number("termijn", "loopt")) == (1, 1, 1)


def test_sheets_hold_the_same_figures_and_no_formulas(book: Book) -> None:
    published(book, 2016)
    made = book.report(year(2016))
    rows = list(csv.reader(io.StringIO(as_csv(made).decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == ["1", "Totaal aantal klachten", "41"]
    assert json.loads(as_json(made))["regels"][1] == {
        "veld": 1, "omschrijving": "Ontvangen klachten", "aantal": 38, "sleutel": "totaal", "waarde": "klacht",
    }  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(as_xlsx(made))) as book_:
        sheet = book_.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>41</v>" in sheet and "<f>" not in sheet


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_stays_words(words: str) -> None:
    assert safe(words) == f"'{words}"
    evil = Report(year(2026), Only(), (Line(1, words, 1, "", ""),), (words,))
    first = next(
        csv.reader(
            io.StringIO(as_csv(evil).decode("utf-8-sig")[len("veld;omschrijving;aantal\r\n") :], newline=""),
            delimiter=";",
        )
    )
    assert first[1] == f"'{words}"
    with zipfile.ZipFile(io.BytesIO(as_xlsx(evil))) as made:
        assert "<f>" not in made.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in made.read("xl/worksheets/sheet2.xml").decode()
    assert replace(evil, broken=()).broken == ()
