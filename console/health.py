"""What a monitor asks: is it alive, can it work, how much lies there. Open to all, without a word of anybody's mail."""

from collections.abc import Iterable, Iterator, Mapping

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from console.room import Here
from register.book import Book
from register.gauges import Gauges, gauges
from register.listing import Counts

router = APIRouter()


@router.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def ready(here: Here) -> Response:
    """The database answers as well; otherwise 503."""
    return told_ready([] if answers(here.book) else ["database"])


@router.get("/metrics")
def metrics(here: Here) -> Response:
    """The state of the work in numbers, in Prometheus' format."""
    return exposition(here.book, broken=here.desk.rules_state() is not None)


def answers(book: Book) -> bool:
    """Whether the database does."""
    try:
        with book.engine.connect():
            return True
    except Exception:
        return False


def told_ready(missing: list[str]) -> Response:
    """`ok`, or 503 with a line for each part that cannot work."""
    return PlainTextResponse("".join(f"{one}\n" for one in missing or ["ok"]), status_code=503 if missing else 200)


def exposition(book: Book, *, broken: bool) -> Response:
    """The numbers of the register and of this process, in Prometheus' format."""
    own = CollectorRegistry(auto_describe=False)
    with book.engine.connect() as connection:
        found = gauges(connection, book.now())
    own.register(_Work(book.counts(), found, broken=broken))
    return Response(generate_latest(own) + generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


class _Work(Collector):
    def __init__(self, counts: Counts, found: Gauges, *, broken: bool) -> None:
        self.counts = counts
        self.found = found
        self.broken = broken

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The numbers of this moment."""
        counts, found = self.counts, self.found
        yield _by("open_messages", "Open messages by urgency.", "dringendheid", counts.dringendheid)
        yield _by("open_outcomes", "Open messages by outcome.", "uitkomst", counts.uitkomst)
        yield _by("mails_last_day", "Messages received in the last 24 hours, by outcome.", "uitkomst", found.entered)
        yield _one("waiting_mails", "Mails kept but not yet understood.", counts.kept)
        yield _one("oldest_waiting_mail_seconds", "Age of the oldest mail not yet understood.", found.oldest_waiting)
        yield _one("shunted_messages", "Open messages that the program could not treat.", counts.shunted)
        yield _one("unconfirmed_escalations", "Escalations that nobody saw to yet.", found.escalations)
        yield _one("oldest_escalation_seconds", "Age of the oldest of these.", found.oldest_escalation)
        yield _by("letters", "Letters by state.", "staat", counts.letters)
        yield _by("oldest_letter_seconds", "Age of the oldest waiting letter by state.", "staat", found.oldest_letter)
        yield _one("letters_halted", "1 while the general pause keeps all letters in.", found.halted)
        yield _one("late_messages", "Open messages past their next day of the clock.", counts.late)
        yield _pairs("terms", "Running terms that are late or near.", ("termijn", "stand"), found.terms)
        yield _pairs("jobs", "Jobs by queue and status.", ("rij", "staat"), found.jobs)
        yield _by("job_lag_seconds", "How long the next job of a queue waits.", "rij", found.lag)
        yield _one("workers", "Workers that showed a sign of life.", found.workers)
        yield _one("journal_loose_rows", "Rows of the journal that are not yet chained.", found.loose)
        yield _one("rules_broken", "1 when the rules on disk are refused.", self.broken)


def _one(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"klachtwijzer_{name}", what, value=value)


def _by(name: str, what: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    return _each(name, what, (label,), [((key,), value) for key, value in values.items()])


def _pairs(name: str, what: str, labels: tuple[str, str], values: Mapping[tuple[str, str], int]) -> GaugeMetricFamily:
    return _each(name, what, labels, values.items())


def _each(
    name: str, what: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"klachtwijzer_{name}", what, labels=labels)
    for key, value in sorted(values):
        family.add_metric(key, value)
    return family
