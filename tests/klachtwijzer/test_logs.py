"""What is logged, and above all what is not."""

import json
import subprocess
import sys

from klachtwijzer.settings import CHECKOUT

LOGGING = """
import logging, structlog
from klachtwijzer import logs
logs.configure()
structlog.get_logger().info("mail entered", digest="abc")
try:
    raise ValueError("mijn dochter")
except ValueError:
    logging.getLogger("een.bibliotheek").exception("kan %s niet lezen", "mijn dochter")
logging.getLogger("een.bibliotheek").error("mijn dochter")
logging.getLogger("een.bibliotheek").warning("mijn dochter")
logging.getLogger("klachtwijzer.intake.smtp").error("mail not kept: %s", "OperationalError")
"""


def test_a_log_is_json_and_libraries_cannot_put_words_of_a_mail_in_it() -> None:
    run = subprocess.run(
        [sys.executable, "-c", LOGGING], cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout == ""
    assert "dochter" not in run.stderr
    ours, failure, error, door = (json.loads(line) for line in run.stderr.splitlines())
    assert (ours["event"], ours["digest"], ours["level"]) == ("mail entered", "abc", "info")
    assert (failure["logger"], failure["level"], failure["kind"]) == ("een.bibliotheek", "error", "ValueError")
    assert "event" not in error
    assert door["event"] == "mail not kept: OperationalError"
    assert all(line["timestamp"] for line in (ours, failure, error, door))
