"""What a monitor asks: is it alive, can it work, how much lies there. Open to all, without a word of anybody's mail."""

from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from console.room import Here
from register.listing import Counts

router = APIRouter()


@router.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def ready(here: Here) -> Response:
    """The database answers as well; otherwise 503."""
    try:
        with here.book.engine.connect():
            return PlainTextResponse("ok\n")
    except Exception:
        return PlainTextResponse("database\n", status_code=503)


@router.get("/metrics")
def metrics(here: Here) -> Response:
    """The state of the work in numbers, in Prometheus' format."""
    own = CollectorRegistry(auto_describe=False)
    own.register(_Work(here.book.counts(), broken=here.desk.rules_state() is not None))
    return Response(generate_latest(own) + generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


class _Work(Collector):
    def __init__(self, counts: Counts, *, broken: bool) -> None:
        self.counts = counts
        self.broken = broken

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The numbers of this moment."""
        counts = self.counts
        yield _by("open_messages", "Open messages by urgency.", "dringendheid", counts.dringendheid)
        yield _by("open_outcomes", "Open messages by outcome.", "uitkomst", counts.uitkomst)
        yield _by("letters", "Letters by state.", "staat", counts.letters)
        yield _one("late_messages", "Open messages past their next day of the clock.", counts.late)
        yield _one("waiting_mails", "Mails kept but not yet understood.", counts.kept)
        yield _one("shunted_messages", "Open messages that the program could not treat.", counts.shunted)
        yield _one("rules_broken", "1 when the rules on disk are refused.", self.broken)


def _one(name: str, what: str, value: int) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"klachtwijzer_{name}", what, value=value)


def _by(name: str, what: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"klachtwijzer_{name}", what, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
