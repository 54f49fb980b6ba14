"""Events told to a real program over a real socket: signed, tried again ever later, given up, never twice."""

import asyncio
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import Engine

from klachtwijzer.webhooks import Teller
from register import events, webhooks
from register.book import Book
from register.sealing import Key
from tests.klachtwijzer.started import until
from tests.register.made import entered

CLOSED = "dossier.gesloten"


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class Listener:
    """Another program: answers with `status` and remembers what it was told."""

    url: str
    status: int = 204
    told: list[tuple[bytes, str]] = field(default_factory=list)
    hold: threading.Event | None = None


@contextmanager
def listening() -> Iterator[Listener]:
    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            one.told.append((body, self.headers["X-Klachtwijzer-Handtekening"]))
            if one.hold is not None:
                one.hold.wait(10)
            self.send_response(one.status)
            self.send_header("location", "http://127.0.0.1:1/elders")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        one = Listener(f"http://127.0.0.1:{server.server_port}/meldingen?van=kw")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield one
        server.shutdown()
        thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as one:
        yield one


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(engine: Engine, clock: Clock) -> Book:
    return Book(engine, key=Key(bytes(range(32))), now=lambda: clock.now)


@pytest.fixture
def teller(book: Book) -> Teller:
    return Teller(book, "https://klachten.example", inside=True)


def hook(book: Book, listener: Listener, *names: str) -> str:
    """A webhook to that program; its secret."""
    assert book.key is not None
    with book.begin() as page:
        return webhooks.make(page.connection, listener.url, names or (CLOSED,), book.key, "an")


def closed(book: Book, clock: Clock, times: int = 1) -> None:
    """So many dossiers were closed, and it is a moment later."""
    with book.begin() as page:
        for _ in range(times):
            events.write(page.connection, events.line(events.CLOSED, who="an", grond="Lien Vermeer"))
    clock.now = datetime.now(UTC) + timedelta(seconds=1)


def state(book: Book) -> list[tuple[int, bool, bool, str]]:
    with book.engine.connect() as connection:
        rows = [one for each in webhooks.listed(connection) for one in webhooks.deliveries(connection, each.id)]
    return [(one.tries, one.ended is not None, one.delivered, one.said) for one in rows]


def test_an_event_arrives_signed_with_a_link_and_without_a_word_of_a_mail(
    book: Book, teller: Teller, listener: Listener, clock: Clock
) -> None:
    secret = hook(book, listener, "bericht.ingeschreven")
    _, dossier = entered(book)
    assert dossier is not None
    clock.now = datetime.now(UTC) + timedelta(seconds=1)
    assert teller.tell() == 1
    ((body, signature),) = listener.told
    parts = dict(one.split("=") for one in signature.split(","))
    wanted = hmac.new(secret.encode(), f"{parts['t']}.".encode() + body, sha256).hexdigest()
    assert hmac.compare_digest(wanted, parts["v1"])
    assert abs(int(parts["t"]) - datetime.now(UTC).timestamp()) < 60
    told = json.loads(body)
    assert (told["soort"], told["referentie"]) == ("bericht.ingeschreven", dossier.reference)
    assert told["pagina"] == f"https://klachten.example/bericht/{told['digest']}"
    assert set(told) == {"id", "soort", "op", "referentie", "digest", "pagina"}
    assert teller.tell() == 0
    assert (len(listener.told), state(book)) == (1, [(1, True, True, "Antwoord 204.")])


def test_what_was_undone_is_not_told(book: Book, teller: Teller, listener: Listener, clock: Clock) -> None:
    hook(book, listener)
    with pytest.raises(RuntimeError), book.begin() as page:
        events.write(page.connection, events.line(events.CLOSED, who="an"))
        raise RuntimeError("undo")
    clock.now += timedelta(seconds=5)
    assert (teller.tell(), listener.told) == (0, [])


def test_what_is_refused_is_tried_ever_later_then_given_up_and_told_again_on_request(
    book: Book, teller: Teller, listener: Listener, clock: Clock
) -> None:
    hook(book, listener)
    closed(book, clock)
    listener.status = 500
    for tries, wait in enumerate(webhooks.WAITS, start=1):
        assert teller.tell() == 0
        assert state(book) == [(tries, False, False, "Antwoord 500.")]
        clock.now += wait - timedelta(seconds=1)
        teller.tell()
        assert len(listener.told) == tries
        clock.now += timedelta(seconds=2)
    teller.tell()
    last = len(webhooks.WAITS) + 1
    assert state(book) == [(last, True, False, "Antwoord 500.")]
    clock.now += timedelta(days=30)
    teller.tell()
    assert len(listener.told) == last
    (given_up,) = [event for event in book.events() if event.what == webhooks.GIVEN_UP]
    assert given_up.detail["adres"] == listener.url.removesuffix("?van=kw")
    with book.begin() as page:
        (one,) = webhooks.listed(page.connection)
        (told,) = webhooks.deliveries(page.connection, one.id)
        assert one.given_up == 1
        assert webhooks.again(page.connection, told.id, clock.now, of=one.id)
    listener.status = 200
    assert teller.tell() == 1
    assert state(book) == [(1, True, True, "Antwoord 200.")]
    assert len({body for body, _ in listener.told}) == 1


def test_what_ended_long_ago_is_forgotten_and_what_waits_is_not(
    book: Book, teller: Teller, listener: Listener, clock: Clock
) -> None:
    hook(book, listener)
    closed(book, clock)
    teller.tell()
    listener.status = 500
    closed(book, clock)
    teller.tell()
    clock.now += timedelta(days=89)
    teller.forget()
    assert len(state(book)) == 2
    clock.now += timedelta(days=2)
    teller.forget()
    assert state(book) == [(1, False, False, "Antwoord 500.")]


def test_a_program_that_is_away_is_asked_once_a_round_and_keeps_nothing_from_others(
    book: Book, teller: Teller, listener: Listener, clock: Clock
) -> None:
    with listening() as other:
        hook(book, listener)
        hook(book, other)
        listener.status = 503
        closed(book, clock, 3)
        assert teller.tell() == 3
        assert (len(listener.told), len(other.told)) == (1, 3)


def test_a_redirect_is_not_followed(book: Book, teller: Teller, listener: Listener, clock: Clock) -> None:
    hook(book, listener)
    listener.status = 307
    closed(book, clock)
    teller.tell()
    assert state(book) == [(1, False, False, "Antwoord 307.")]


def test_without_the_setting_our_own_network_is_not_reached(book: Book, listener: Listener, clock: Clock) -> None:
    hook(book, listener)
    closed(book, clock)
    assert Teller(book, "").tell() == 0
    assert listener.told == []
    ((_, ended, _, said),) = state(book)
    assert (ended, said) == (False, "Het adres moet beginnen met https://.")


def test_two_processes_at_the_same_time_tell_each_thing_once(
    book: Book, teller: Teller, listener: Listener, clock: Clock
) -> None:
    hook(book, listener)
    closed(book, clock, 2)
    listener.hold = threading.Event()
    first = threading.Thread(target=teller.tell)
    first.start()
    until(lambda: bool(listener.told))
    second = threading.Thread(target=teller.tell)
    second.start()
    until(lambda: len(listener.told) == 2)
    listener.hold.set()
    first.join()
    second.join()
    assert len({json.loads(body)["id"] for body, _ in listener.told}) == len(listener.told) == 2


async def test_the_running_teller_outlives_a_lost_database_and_ends_when_asked(
    book: Book, listener: Listener, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(book, listener)
    closed(book, clock)
    monkeypatch.setattr("klachtwijzer.webhooks._EVERY", 0.05)
    refusals = iter([ConnectionError("away"), ConnectionError("away")])
    claim = webhooks.claim

    def broken(*given: object, **named: object) -> object:
        for trouble in refusals:
            raise trouble
        return claim(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(webhooks, "claim", broken)
    stop = asyncio.Event()
    running = asyncio.create_task(Teller(book, inside=True).run(stop))
    await asyncio.to_thread(until, lambda: bool(listener.told))
    stop.set()
    await asyncio.wait_for(running, 10)
    assert len(listener.told) == 1
