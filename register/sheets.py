"""The yearly report as CSV, XLSX and JSON."""

import csv
import io
import json
from dataclasses import asdict

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from register.report import Report

_HEAD = ("veld", "omschrijving", "aantal")
# A spreadsheet takes what begins so for a formula; a quote before it makes it words again.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(words: str) -> str:
    """Words that no spreadsheet runs as a formula."""
    return f"'{words}" if words.startswith(_FORMULA) else words


def as_csv(report: Report) -> bytes:
    """UTF-8 with a mark, semicolons and CRLF, as spreadsheets with Belgian settings open it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEAD)
    for line in report.lines:
        number = "" if line.number is None else f"{line.number:g}".replace(".", ",")
        writer.writerow((line.section, safe(line.label), number))
    for said in report.broken:
        writer.writerow(("", safe(f"Controle: {said}"), ""))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(report: Report) -> bytes:
    """One sheet with the figures, one with the period, the choice and the sums that hold or do not."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Verslag")
    sheet.set_column(1, 1, 70)
    sheet.write_row(0, 0, _HEAD, bold)
    for place, line in enumerate(report.lines, 1):
        sheet.write_number(place, 0, line.section)
        sheet.write_string(place, 1, line.label)
        if line.number is not None:
            sheet.write_number(place, 2, line.number)
    checks = book.add_worksheet("Controle")
    checks.set_column(0, 0, 100)
    told = [f"Periode: {report.period.first} tot {report.period.last}", *(f"Alleen {one}" for one in _chosen(report))]
    told += [f"Klopt niet: {said}" for said in report.broken] or ["Alle sommen kloppen."]
    for place, said in enumerate([*told, *(f"Klopt: {said}" for said in report.held)]):
        checks.write_string(place, 0, said)
    book.close()
    return out.getvalue()


def as_json(report: Report) -> str:
    """The figures with their keys, for other programs."""
    lines = [
        {"veld": line.section, "omschrijving": line.label, "aantal": line.number}
        | {"sleutel": line.field or "berekend", "waarde": line.value}
        for line in report.lines
    ]
    whole = {"van": report.period.first.isoformat(), "tot": report.period.last.isoformat(), "regels": lines}
    whole |= {"alleen": _chosen(report), "controle": list(report.broken)}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _chosen(report: Report) -> list[str]:
    """What the report was narrowed to; figures of a choice must not pass for those of all."""
    return [f"{name}: {value}" for name, value in asdict(report.only).items() if value and name != "department_of"]
