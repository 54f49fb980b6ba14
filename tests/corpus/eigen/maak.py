"""Renders our own labelled mails (`sources/*.jsonl`) into `learn/` and `fold/`; every fifth mail is kept apart.

`fold/` is run, never read: no rule is written and nothing is trained with it.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
RENDER = HERE.parent.parent / "render.py"
APART = 5


def main() -> None:
    """Writes both folders anew."""
    for folder in ("learn", "fold"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
        (HERE / folder).mkdir()
    chosen: dict[str, list[str]] = {"learn": [], "fold": []}
    for source in sorted((HERE / "sources").glob("*.jsonl")):
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                json.loads(line)
                chosen["fold" if number % APART == 0 else "learn"].append(line)
    for folder, lines in chosen.items():
        path = HERE / folder / "source.jsonl"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        subprocess.run([sys.executable, str(RENDER), str(HERE / folder), str(path)], check=True)


if __name__ == "__main__":
    main()
