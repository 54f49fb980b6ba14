"""`klachtwijzer run`: the first start shows what becomes of the sample mails, and the way in."""

import re
import signal
from pathlib import Path

import httpx
import pytest

from klachtwijzer.first import SAMPLES
from tests.klachtwijzer.started import Process, Processes, until

CONSOLE = re.compile(r"^Staff console: (http://127\.0\.0\.1:\d+/inloggen/\S+) +\(works once\)$", re.MULTILINE)
PUBLIC = re.compile(r"^Public page: +(http://127\.0\.0\.1:\d+/)$", re.MULTILINE)
MAILS = sorted(path.name for path in SAMPLES.glob("*.eml"))


def begun(processes: Processes, home: Path) -> Process:
    """A start, up to its last line."""
    process = processes.start("run", HOME=str(home), LMTP_LISTEN="")
    until(lambda: "Ctrl-C stops everything." in process.output() or process.running.poll() is not None)
    assert process.running.poll() is None, process.told.read_text(encoding="utf-8")
    return process


@pytest.mark.timeout(300)
def test_a_first_start_shows_every_sample_and_a_way_in_and_later_ones_only_the_way(
    processes: Processes, own_home: Path
) -> None:
    first = begun(processes, own_home)
    rows = {row.split()[0]: row for row in first.output().splitlines() if row.strip() and row.split()[0] in MAILS}
    assert sorted(rows) == MAILS
    for name, row in rows.items():
        assert name == "11-afwezig.eml" or "KW-2" in row
    # Both terms of a complaint.
    assert len(re.findall(r" \d{4}-\d\d-\d\d", rows["01-huisbezoek.eml"])) == 2
    assert "negeren" in rows["11-afwezig.eml"]
    assert_opens_once(first)
    assert httpx.get(PUBLIC.findall(first.output())[0], timeout=60).status_code == 200
    assert first.stop(signal.SIGINT) == 0

    second = begun(processes, own_home)
    assert not [row for row in second.output().splitlines() if ".eml" in row]
    assert_opens_once(second)
    assert second.stop(signal.SIGINT) == 0
    # Every line of a log is JSON: nothing ended in a traceback.
    for process in (first, second):
        assert [line for line in process.log() if line.get("level") == "error"] == []


def assert_opens_once(process: Process) -> None:
    (link,) = CONSOLE.findall(process.output())
    with httpx.Client(follow_redirects=True, timeout=60) as browser:
        answer = browser.get(link)
        assert answer.status_code == 200
        assert answer.url.path == "/werkvoorraad"
        assert "KW-2" in answer.text
    with httpx.Client(follow_redirects=True, timeout=60) as stranger:
        assert stranger.get(link).status_code == 401
        assert stranger.get(answer.url).url.path == "/inloggen"
