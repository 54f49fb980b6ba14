"""What a monitor may ask of any process, whatever its roles: alive, ready role by role, and the numbers."""

import time
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response

from console.health import answers, exposition, told_ready
from klachtwijzer.ruleset import Ruleset
from register.book import Book

# The worker looks after itself every five seconds; three rounds missed are no accident.
SILENT = 20.0


class Pulse:
    """Whether each role of this process does its work. Safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: dict[str, Callable[[], bool]] = {}
        self._heard: dict[str, float] = {}

    def watch(self, role: str, works: Callable[[], bool]) -> None:
        """From now on `works` tells whether this role does."""
        self._asked[role] = works

    def beats(self, role: str) -> Callable[[], None]:
        """What the role calls now and then; it counts as working while it did so lately."""
        self.watch(role, lambda: self._clock() - self._heard.get(role, float("-inf")) < SILENT)

        def beat() -> None:
            self._heard[role] = self._clock()

        return beat

    def silent(self) -> list[str]:
        """The roles that do not work at this moment, by name."""
        return sorted(role for role, works in self._asked.items() if not works())


def monitor(book: Book, rules: Ruleset, pulse: Pulse) -> FastAPI:
    """The application behind `KLACHTWIJZER_MONITOR_LISTEN`; it holds no word of anybody's mail and asks no login."""
    app = FastAPI(title="klachtwijzer", openapi_url=None, docs_url=None, redoc_url=None)

    def alive() -> Response:
        return PlainTextResponse("ok\n")

    def ready() -> Response:
        return told_ready([*([] if answers(book) else ["database"]), *pulse.silent()])

    def metrics() -> Response:
        return exposition(book, broken=rules.trouble is not None)

    for path, answer in (("/healthz", alive), ("/readyz", ready), ("/metrics", metrics)):
        app.add_api_route(path, answer, methods=["GET"], response_class=Response)
    return app
