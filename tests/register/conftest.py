"""One real server for all tests of the register, and a fresh database for each."""

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from register import server
from register.book import Book

_numbers = itertools.count(1)


@contextmanager
def new_home() -> Iterator[Path]:
    """A folder for a server, stopped and removed afterwards.

    Not one of pytest's own: each run of pytest shuts their common parent to other users, and as root the server is one.
    """
    with tempfile.TemporaryDirectory(prefix="klachtwijzer-", ignore_cleanup_errors=True) as name:
        folder = Path(name) / "thuis"
        yield folder
        if (folder / "postgres" / "postmaster.pid").exists():
            # Whatever a killed process left running is joined first, so that it can be stopped.
            server.embedded(folder)
        server.release(folder)


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    with new_home() as folder:
        yield folder


@pytest.fixture
def own_home() -> Iterator[Path]:
    """A home for a test that starts and stops servers itself."""
    with new_home() as folder:
        yield folder


@pytest.fixture(scope="session")
def template(home: Path) -> str:
    """URL of a migrated database that has no connections, so that it can be copied."""
    url = server.embedded(home)
    server.migrate(url)
    return url


@pytest.fixture
def url(template: str) -> Iterator[str]:
    name = f"proef_{next(_numbers)}"
    with psycopg.connect(server.libpq(template).replace("/klachtwijzer?", "/postgres?"), autocommit=True) as admin:
        admin.execute(f"create database {name} template klachtwijzer")
        yield template.replace("/klachtwijzer?", f"/{name}?")
        admin.execute(f"drop database {name} with (force)")


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = server.engine(url)
    yield made
    made.dispose()


@pytest.fixture
def book(engine: Engine) -> Book:
    return Book(engine)


@pytest.fixture(scope="session")
def engine_of_session(template: str) -> Iterator[Engine]:
    """For tests that only compute; connects beside the template, which must stay free of connections."""
    made = server.engine(template.replace("/klachtwijzer?", "/postgres?"))
    yield made
    made.dispose()
