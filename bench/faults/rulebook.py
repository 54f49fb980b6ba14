"""The rules on disk are broken in every way that an editor, a copy or a full disk breaks them, and mended."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from bench.faults.fault import ROLES, Fault
from bench.faults.killed import revived
from bench.faults.scene import Scene
from bench.faults.traffic import Traffic
from bench.running import ROOT


def _prepare(stage: Scene) -> None:
    shutil.copytree(ROOT / "rules", stage.folder / "rules")
    stage.more["RULES"] = str(stage.folder / "rules")
    stage.begin(*ROLES)


def _half(rules: Path) -> None:
    for path in (rules / "uitkomsten").glob("*.yaml"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _noise(rules: Path) -> None:
    (rules / "gevaren.yaml").write_bytes(b"\x00\xff\xfe: [")


def _without(rules: Path) -> None:
    shutil.rmtree(rules / "uitkomsten")


def _gone(rules: Path) -> None:
    shutil.rmtree(rules)


def _dangling(rules: Path) -> None:
    # What an editor's lock file looks like to whoever lists the folder.
    (rules / ".#gevaren.yaml").symlink_to("iemand@elders.1234")


BREAKS: tuple[Callable[[Path], None], ...] = (_half, _noise, _without, _gone, _dangling)


def _break(stage: Scene, traffic: Traffic, seconds: float) -> str:
    rules = stage.folder / "rules"
    for turn, wreck in enumerate(BREAKS):
        wreck(rules)
        if turn == 1:
            # A worker that starts now finds no good rules on disk; the register has them.
            worker = stage.of("worker")[0]
            worker.kill()
            worker.again()
            revived(worker)
        time.sleep(seconds / len(BREAKS))
        if rules.exists():
            shutil.rmtree(rules)
        shutil.copytree(ROOT / "rules", rules)
    return f"broken in {len(BREAKS)} ways, a worker started in between"


RULEBOOK = Fault("rulebook broken", _break, prepare=_prepare)
