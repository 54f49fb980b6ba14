"""What both benches need: the mails, the processes' memory, percentiles, and the closing lines."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parseaddr
from pathlib import Path

import psutil  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "corpus"
Mail = tuple[str, bytes]
"""Envelope sender and bytes."""


def mails(*folders: Path) -> list[Mail]:
    """Every mail of these folders, with its Return-Path as envelope sender."""
    found: list[Mail] = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.eml"))):
        raw = path.read_bytes()
        head = BytesHeaderParser(policy=compat32).parsebytes(raw)
        found.append((parseaddr(str(head.get("Return-Path", "")))[1], raw))
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """The value under which this share of all values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def family(*pids: int) -> list[psutil.Process]:
    """These processes with all that they started."""
    found: dict[int, psutil.Process] = {}
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(pid)
            found |= {one.pid: one for one in (parent, *parent.children(recursive=True))}
    return list(found.values())


def memory_mb(processes: Sequence[psutil.Process]) -> float:
    """Proportional set size: shared pages count once over all processes, as they do in the machine."""
    total = 0
    for one in processes:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            total += one.memory_full_info().pss
    return total / 1e6


@contextmanager
def fresh_home() -> Iterator[Path]:
    """A data folder of its own, away after use."""
    with tempfile.TemporaryDirectory(prefix="klachtwijzer-", ignore_cleanup_errors=True) as name:
        yield Path(name) / "thuis"


def told(title: str, figures: Mapping[str, float | int | str]) -> None:
    """A short table."""
    print(f"{title} · {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name, value in figures.items():
        print(f"  {name:44} {value:>10.1f}" if isinstance(value, float) else f"  {name:44} {value:>10}")


def closing(figures: Mapping[str, float]) -> None:
    """The last line, for other programs."""
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}), flush=True)
