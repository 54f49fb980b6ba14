"""Structured logs on standard error: what happened to which digest, never a word of a mail."""

import json
import logging
import sys
from datetime import UTC, datetime

import structlog
from structlog.typing import Processor


def configure(*, level: str = "info") -> None:
    """One JSON object a line, from our own logs and from the libraries'."""
    number = getattr(logging, level.upper())
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    errors = logging.StreamHandler(sys.stderr)
    errors.setFormatter(_Terse())
    logging.basicConfig(level=logging.ERROR, handlers=[errors], force=True)


class _Terse(logging.Formatter):
    """Libraries log what they handle, and that may be a mail: only who and what kind passes, no words, no traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"level": record.levelname.lower(), "logger": record.name}
        line |= {"timestamp": datetime.fromtimestamp(record.created, UTC).isoformat()}
        if record.name.startswith("klachtwijzer."):
            line["event"] = record.getMessage()
        if record.exc_info and record.exc_info[0]:
            line["kind"] = record.exc_info[0].__name__
        return json.dumps(line)
