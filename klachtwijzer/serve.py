"""Starts the roles of one process, and stops them in order."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial

import structlog
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from console.accounts.entry import Entry
from intake.smtp import SmtpDoor
from klachtwijzer import doors
from klachtwijzer.front import Front
from klachtwijzer.metrics import Pulse, monitor
from klachtwijzer.provider import OpenId, terms
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.settings import Settings, address, listed
from klachtwijzer.story import Story
from klachtwijzer.webhooks import Teller
from klachtwijzer.worker import work
from register import law, sealing, server
from register.book import Book
from register.groupcommit import GroupCommit
from register.marks import Marks
from register.sealing import Key
from register.versions import Versions
from responder.seal import Seal

ROLES = ("smtp", "imap", "folder", "worker", "console", "chat")
DOORS = frozenset({"smtp", "imap", "folder"})
log = structlog.get_logger()
Ready = Callable[["Running"], None]


class ServeError(Exception):
    """A role cannot start; the message is one line."""


class Running:
    """What one process shares between its roles."""

    def __init__(self, settings: Settings, url: str, engine: Engine, key: Key | None = None) -> None:
        self.settings = settings
        self.url = url
        self.engine = engine
        self.book = Book(engine, law=law.of(settings.rules), key=key)
        self.rules = Ruleset(settings.rules, Versions(engine))
        self.story = Story(
            self.book,
            self.rules,
            mailbox=settings.recipients[0],
            relay=settings.relay,
            seal=Seal(settings.dkim_selector, settings.dkim_key) if settings.dkim_key else None,
            scanner=settings.clamd,
            now=lambda: datetime.now(UTC),
        )
        self.addresses: dict[str, str] = {}
        """Where each role listens, once it does."""
        self.pulse = Pulse()
        """Whether each role does its work."""


@contextmanager
def opened(settings: Settings) -> Iterator[Running]:
    """The register of these settings, migrated; closed at the end of the block. Raises ServeError."""
    engine = None
    try:
        url = settings.database_url or server.embedded(settings.home)
        engine = server.engine(driver(url))
        server.migrate(engine)
        key = sealing.from_words(settings.key) if settings.key else sealing.at(settings.home / "sleutel")
        with engine.begin() as connection:
            sealing.prove(connection, key)
    except Exception as trouble:
        if engine is not None:
            engine.dispose()
        line = str(trouble).strip().splitlines()
        raise ServeError(f"the database cannot be opened: {line[0] if line else type(trouble).__name__}") from trouble
    try:
        yield Running(settings, driver(url), engine, key)
    finally:
        engine.dispose()
        if not settings.database_url:
            server.release(settings.home)


def driver(url: str) -> str:
    """The URL as SQLAlchemy wants it, with our driver named."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


async def serve(running: Running, roles: tuple[str, ...], ready: Ready | None = None) -> None:
    """Runs the roles until SIGINT or SIGTERM; `ready` is called in a thread once all doors are open."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    tasks: list[asyncio.Task[None]] = []
    with ExitStack() as closing:
        listening, watches = await _doors(running, roles, closing)
        asked = [*roles, *(["monitor"] if running.settings.monitor_listen else [])]
        fronts = [await _front(running, role) for role in ("console", "chat", "monitor") if role in asked]
        try:
            tasks = [asyncio.create_task(front.run_on()) for front in fronts]
            for role, watch in watches.items():
                tasks.append(asyncio.create_task(watch.run(stop)))
                running.pulse.watch(role, partial(_goes_on, tasks[-1]))
            if "worker" in roles:
                beat = running.pulse.beats("worker")
                tasks.append(asyncio.create_task(work(running.url, running.story, stop, beat)))
                teller = Teller(running.book, running.settings.address, running.settings.webhooks_inside)
                tasks.append(asyncio.create_task(teller.run(stop)))
            log.info("ready", roles=list(roles), **running.addresses)
            if ready is not None:
                tasks.append(asyncio.create_task(asyncio.to_thread(ready, running)))
            await _until(stop, tasks)
        finally:
            stop.set()
            for door in listening:
                await door.stop()
            for front in fronts:
                front.should_exit = True
            await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        if not task.cancelled() and (trouble := task.exception()) is not None:
            raise trouble


def _goes_on(task: asyncio.Task[None]) -> bool:
    return not task.done()


async def _until(stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    """Waits for the signal, or for the first role that breaks; a task that merely ends is no reason to stop."""
    stopping = asyncio.create_task(stop.wait())
    waiting: set[asyncio.Task[None] | asyncio.Task[bool]] = {stopping, *tasks}
    while not stop.is_set():
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if any(task is not stopping and task.exception() is not None for task in done):
            stop.set()
    stopping.cancel()


async def _doors(
    running: Running, roles: tuple[str, ...], closing: ExitStack
) -> tuple[list[SmtpDoor], dict[str, doors.Watch]]:
    """The doors of these roles; those that look get their place among the addresses too."""
    if not DOORS & set(roles):
        return [], {}
    keep = GroupCommit(running.book)
    closing.callback(keep.close)
    try:
        watches = doors.watching(running.settings, roles, keep, Marks(running.engine))
        opened = await doors.listening(running.settings, keep) if "smtp" in roles else {}
    except doors.DoorError as trouble:
        raise ServeError(str(trouble)) from trouble
    for name, door in opened.items():
        running.addresses[name] = f"{door.host}:{door.port}"
        running.pulse.watch(name, door.is_open)
    return list(opened.values()), watches


class _Server(uvicorn.Server):
    """A web server whose signals are ours, so that all roles stop together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def run_on(self) -> None:
        """Answers until `should_exit` is set, then finishes what is under way."""
        await self.main_loop()
        await self.shutdown()


async def _front(running: Running, role: str) -> _Server:
    settings = running.settings
    listen = {"console": settings.console_listen, "chat": settings.chat_listen}.get(role, settings.monitor_listen)
    host, port = address(listen)
    config = uvicorn.Config(
        _app(running, role),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    config.load()
    one = _Server(config)
    one.lifespan = config.lifespan_class(config)
    try:
        await one.startup()
    except SystemExit:
        # That is how this server says that its address is taken.
        raise ServeError(f"KLACHTWIJZER_{role.upper()}_LISTEN: cannot listen on {listen}") from None
    bound = one.servers[0].sockets[0].getsockname()[1]
    running.addresses[role] = f"{host}:{bound}"
    running.pulse.watch(role, lambda: one.started and not one.should_exit)
    return one


def _app(running: Running, role: str) -> FastAPI:
    if role == "monitor":
        return monitor(running.book, running.rules, running.pulse)
    settings = running.settings
    entry = Entry(
        second_for=listed(settings.second_step),
        provider=OpenId(terms(settings.openid)) if settings.openid else None,
        address=settings.address,
        inside=settings.webhooks_inside,
    )
    front = Front(running.book, running.story, running.rules, secure=settings.https, entry=entry)
    return front.staff(largest=settings.size_limit) if role == "console" else front.public()
