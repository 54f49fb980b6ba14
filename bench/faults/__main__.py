"""Runs faults one after another and prints one table; ends with 1 when something does not hold."""

import argparse
import sys
import traceback

from bench.faults.catalogue import FAULTS
from bench.faults.fault import suffer
from bench.faults.verdict import Verdict, table


def main() -> int:
    """Runs the named faults, or all."""
    chosen = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    chosen.add_argument("--seconds", type=float, default=20.0, help="how long each fault lasts")
    chosen.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(FAULTS)}")
    given = chosen.parse_args()
    if wrong := [name for name in given.names if name not in FAULTS]:
        chosen.error(f"unknown fault {wrong[0]!r}; choose from {', '.join(FAULTS)}")
    verdicts: list[Verdict] = []
    ended = 0
    for name in given.names or FAULTS:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            verdicts.append(suffer(FAULTS[name], given.seconds))
        except Exception:
            # One fault that cannot be run must not hide what the others found.
            traceback.print_exc()
            ended = 1
    print(table(verdicts))
    return 1 if ended or any(one.broken for one in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
