"""What a decision costs as rules are added, beside trying every rule with the plain rule engine."""

import gc
import time
from collections.abc import Callable
from datetime import date

from bench.rulebooks import assessments, contents, rulebook
from bench.running import closing, told
from triage.decide import decide
from triage.decision import Known
from triage.grounds import grounds
from triage.rulebook import assemble

SIZES = (100, 1_000, 10_000)
MAILS = 300
PLAIN_MAILS = 5
ROUNDS = 5
ON = date(2026, 11, 23)
KNOWN = Known(register=True)


def best(work: Callable[[], object], times: int, rounds: int = ROUNDS) -> float:
    """Milliseconds for one of `times`, in the quickest of some rounds: what else runs only makes it slower."""
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) / times * 1000)
    return min(took)


def indexed(rules: int) -> float:
    """One decision, all of it: facts made plain, rules tried, reasons given."""
    book, mails = rulebook(rules), assessments(rules, MAILS)
    gc.collect()
    return best(lambda: [decide(mail, book, ON, KNOWN) for mail in mails], MAILS)


def plain(rules: int) -> float:
    """Every rule held against the mail by the rule engine alone."""
    book = rulebook(rules)
    flats = [grounds(mail, mail.facts, book, KNOWN) for mail in assessments(rules, PLAIN_MAILS)]
    conditions = [book.conditions[rule.id].rule for rule in book.outcomes]
    return best(lambda: [[one.matches(flat) for one in conditions] for flat in flats], PLAIN_MAILS, rounds=1)


def checking() -> float:
    """Seconds for `rules check` on a thousand rules beside all shipped words."""
    whole = contents(1_000, words=True)
    return best(lambda: assemble(whole), 1, rounds=3) / 1000


def main() -> None:
    figures = {f"ms_{size}": indexed(size) for size in SIZES}
    figures["ratio"] = figures["ms_10000"] / figures["ms_100"]
    figures["plain_ms_10000"] = plain(10_000)
    figures["check_s_1000"] = checking()
    told(
        "rules · cost of one decision",
        {
            "ms with 100 rules": figures["ms_100"],
            "ms with 1,000 rules": figures["ms_1000"],
            "ms with 10,000 rules": figures["ms_10000"],
            "10,000 rules against 100": figures["ratio"],
            "ms with 10,000 rules, each by the plain rule engine": figures["plain_ms_10000"],
            "s to check 1,000 rules with all words": figures["check_s_1000"],
        },
    )
    closing(figures)


if __name__ == "__main__":
    main()
