"""Structured logs on standard error: what happened to which digest, never a word of a mail."""

import logging
import sys

import structlog


def configure(*, level: str = "info") -> None:
    """One JSON object a line, from our own logs and from the libraries'."""
    number = getattr(logging, level.upper())
    shared = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # Libraries log what they handle, and that may be a mail: only their warnings pass, without arguments.
    logging.basicConfig(level=logging.ERROR, format='{"level": "%(levelname)s", "logger": "%(name)s"}', force=True)
