"""Both applications behind real sockets, a real database, and a real browser."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from console.staff import staff
from register.book import Book
from tests.console.made import MadeDesk
from tests.register.conftest import book, engine, home, template, url  # noqa: F401 — fixtures of the register.

CHROMIUM = "/usr/bin/chromium"
_FLAGS = (
    "--no-sandbox --headless=new --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
LogIn = Callable[..., httpx.Client]


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The application on a free port; its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    end = time.monotonic() + 20
    while not server.started and time.monotonic() < end:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture
def desk(book: Book) -> MadeDesk:  # noqa: F811
    return MadeDesk(book)


@pytest.fixture
def app(book: Book, desk: MadeDesk) -> FastAPI:  # noqa: F811
    return staff(book, desk, secure=False)


@pytest.fixture
def console(app: FastAPI) -> Iterator[str]:
    with running(app) as address:
        yield address


@pytest.fixture
def log_in(book: Book, console: str) -> Iterator[LogIn]:  # noqa: F811
    """Opens a client for a person with these roles."""
    clients: list[httpx.Client] = []

    def opened(*roles: str, name: str = "lien") -> httpx.Client:
        book.create_account(name, None, roles or ("beheerder",))
        client = httpx.Client(base_url=console, follow_redirects=True)
        clients.append(client)
        assert client.get(f"/inloggen/{book.login_link(name)}").status_code == 200
        return client

    yield opened
    for client in clients:
        client.close()


# The browser's own loop would stand in the way of asynchronous tests elsewhere, so it ends with this package.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS.split())
        yield chromium
        chromium.close()


# What Chromium itself says when a test asks for a refusal, or cuts the line.
_FORESEEN = ("status of", "ERR_CONNECTION_RESET")


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser window without a history; any error of a page's script fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(**wanted: Any) -> BrowserContext:
        context = browser.new_context(locale="nl-BE", **wanted)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()
    assert not [error for error in errors if not any(known in error for known in _FORESEEN)]
