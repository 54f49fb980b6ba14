"""All faults, by the name under which each is asked for."""

from bench.faults.apart import APART
from bench.faults.clock import CLOCK
from bench.faults.fault import Fault
from bench.faults.full_disk import FULL_DISK
from bench.faults.killed import KILLED
from bench.faults.posts import BOUNCED, LOOP, MAILBOX, RELAY
from bench.faults.restarted import CUT, RESTARTED, SILENT, SLOW
from bench.faults.rulebook import RULEBOOK

FAULTS: dict[str, Fault] = {
    "killed": KILLED,
    "restarted": RESTARTED,
    "slow": SLOW,
    "cut": CUT,
    "silent": SILENT,
    "full-disk": FULL_DISK,
    "mailbox": MAILBOX,
    "relay": RELAY,
    "loop": LOOP,
    "bounces": BOUNCED,
    "rulebook": RULEBOOK,
    "clock": CLOCK,
    "apart": APART,
}
