"""The API against its own description, by schemathesis in a process of its own."""

import subprocess
import sys
from pathlib import Path

import httpx
from fastapi import FastAPI

from register.book import Book
from tests.console.api.conftest import token
from tests.console.made import office

EXAMPLES = 40


def test_schemathesis_finds_no_fault(book: Book, app: FastAPI, console: str, tmp_path: Path) -> None:
    office(book)
    (mount,) = [route for route in app.routes if getattr(route, "path", "") == "/api/v1"]
    for pace in (mount.app.state.counter.pace, mount.app.state.counter.strangers):  # type: ignore[attr-defined]
        pace.limit = 1_000_000
    told = subprocess.run(
        [
            *(Path(sys.executable).parent / "schemathesis", "run", f"{console}/api/v1/openapi.json"),
            *("--url", f"{console}/api/v1", "--header", f"Authorization: Bearer {token(book)}"),
            *("--checks", "all", "--max-examples", str(EXAMPLES), "--seed", "7", "--no-color"),
            *("--generation-database", "none"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert told.returncode == 0, told.stdout[-6000:] + told.stderr[-2000:]


def test_the_description_says_of_every_route_what_it_may_answer(console: str) -> None:
    schema = httpx.get(f"{console}/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    for path, routes in schema["paths"].items():
        for method, route in routes.items():
            assert {"401", "403", "422", "429"} <= route["responses"].keys(), (method, path)
            assert route["security"], (method, path)
            assert all(
                "application/problem+json" in one["content"] for code, one in route["responses"].items() if code >= "4"
            )
