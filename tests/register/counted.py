"""Dossiers in bulk, for the tables that were published."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import text

from register.book import Book

_PLAIN = {
    "qualification": "klacht", "carriers": ["mail"], "channels": ["burger"], "norms": [], "themes": [],
    "outcomes": [], "admissible": None, "ground": "", "finding": "", "solution": "", "form": "", "sector": "",
    "severity": "gewoon", "answered": None,
}  # fmt: skip


def dossiers(book: Book, number: int, day: date, *, days: int | None = None, **values: object) -> list[str]:
    """So many dossiers of that day of receipt with these columns, answered after so many days; their references."""
    row = _PLAIN | values
    row["answered"] = None if days is None else f"{day + timedelta(days=days)} 12:00 Europe/Brussels"
    columns = ", ".join(row)
    given = ", ".join(f"cast(:{name} as {_type(name)})" for name in row)
    statement = text(
        f"""
        insert into dossier (reference, year, number, opened, regime, day_zero, {columns})
        select format('KW-%s-%s', cast(:year as integer), lpad(n::text, 5, '0')), :year, n, :day, 'klacht', :day,
            {given}
        from generate_series(
            (select coalesce(max(number), 0) + 1 from dossier where year = :year),
            (select coalesce(max(number), 0) + :many from dossier where year = :year)
        ) as n returning reference
        """
    )
    with book.engine.begin() as connection:
        return list(connection.scalars(statement, row | {"year": day.year, "day": day, "many": number}))


def change(book: Book, references: list[str], values: Mapping[str, object]) -> None:
    """Change columns of some dossiers."""
    given = ", ".join(f"{name} = cast(:{name} as {_type(name)})" for name in values)
    with book.engine.begin() as connection:
        statement = text(f"update dossier set {given} where reference = any(:references)")
        connection.execute(statement, {**values, "references": references})


def _type(name: str) -> str:
    if name in {"norms", "carriers", "channels", "themes", "outcomes"}:
        return "text[]"
    return {"admissible": "boolean", "answered": "timestamptz"}.get(name, "text")
