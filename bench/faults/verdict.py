"""What must hold after a fault, looked up in the register and at the relay, past everything that was broken."""

import time
from dataclasses import dataclass, fields

from sqlalchemy import Connection, text

from bench.faults.scene import Scene
from bench.faults.traffic import Traffic

SETTLED = 150.0
"""Seconds within which all work is done once the fault is over: a dead worker's work is taken up after 20 to 25."""
_WAITING = "select count(*) from raw_mail where state = 'bewaard'"
_LEAVING = "select count(*) from outgoing where state = 'vrijgegeven' and withdrawn is null"
_NEXT_TRY = """update procrastinate_jobs set scheduled_at = clock_timestamp()
               where status = 'todo' and scheduled_at > clock_timestamp()"""
_LONGEST = """select coalesce(max(extract(epoch from e.at - r.kept)), 0) from raw_mail r
              join event e on e.digest = r.digest and e.what = 'ingeschreven'"""
_TWICE = """select count(*) from (select digest from event where what = 'ingeschreven'
            group by digest having count(*) > 1) as twice"""
_GAPS = """select coalesce(sum(gap), 0) from
           (select max(number) - count(*) as gap from dossier group by year) as years"""
_HOMELESS = """select count(*) from item where uitkomst <> 'negeren' and dossier is null"""
_SHOWN = """select item.digest from item join dossier on reference = item.dossier
            where item.uitkomst = 'escaleren' and item.rank = 0 or item.dringendheid in ('nu', 'vandaag')"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The row of one fault, and in words what does not hold."""

    fault: str
    sent: int
    accepted: int
    kept: int
    """Of the accepted ones."""
    entered: int
    """Of the kept ones, all; those put before a person unread among them."""
    shunted: int
    doubled: int
    """Mails that were kept, entered or numbered twice."""
    letters: int
    """That were released and left, or may have left."""
    relayed: int
    """Different letters that the relay had whole."""
    twice: int
    """Letters that it had more than once."""
    uncertain: int
    """Letters of which nobody can tell; a person decides (docs/records/0011)."""
    silent: int
    """Dangers that nobody is shown."""
    journal: bool
    longest: float
    """Seconds from kept to entered, at most."""
    seconds: float
    """The whole, from the first start to this row."""
    remark: str
    broken: tuple[str, ...]


def settled(scene: Scene, *, within: float = SETTLED) -> bool:
    """Waits until every kept mail is entered and no released letter waits; False when that takes too long.

    A letter that the relay refused would wait minutes for its next try; that wait is cut short here, and nothing else.
    """
    end = time.monotonic() + within
    while time.monotonic() < end:
        with scene.engine.begin() as connection:
            if not _number(connection, _WAITING) and not _number(connection, _LEAVING):
                return True
            connection.execute(text(_NEXT_TRY))
        time.sleep(1.0)
    return False


def look(  # noqa: PLR0913 - what was seen of a fault, each by its name.
    fault: str, scene: Scene, traffic: Traffic, *, begun: float, remark: str, left: bool
) -> Verdict:
    """The verdict; `left` says whether `settled` came true."""
    accepted = {mail.digest: mail for mail in list(traffic.accepted)}
    offered = {mail.digest for mail in list(traffic.sent)}
    with scene.engine.connect() as connection:
        raws = {str(row[0]): str(row[1]) for row in connection.execute(text("select digest, state from raw_mail"))}
        shown = set(connection.scalars(text(_SHOWN)))
        items = set(connection.scalars(text("select digest from item")))
        letters = connection.execute(text("select state, why, message_id from outgoing where released is not null"))
        rows = [(str(state), str(why), str(number)) for state, why, number in letters]
        twice = _number(connection, _TWICE) + _number(connection, _GAPS)
        homeless, longest = _number(connection, _HOMELESS), float(connection.scalar(text(_LONGEST)) or 0)
    scene.book.upkeep()
    whole = scene.book.verify_journal().whole
    had = scene.relay.had()
    out = {number for state, _, number in rows if state == "verzonden"}
    unsure = {number for state, why, number in rows if state == "mislukt" and "niet zeker" in why}
    entered = sum(1 for digest, state in raws.items() if state != "bewaard" and digest in items)
    silent = [mail for digest, mail in accepted.items() if mail.danger and digest not in shown]
    doubled = twice + len(list(traffic.accepted)) - len(accepted)
    broken = {
        "an accepted mail is not kept": len(accepted.keys() - raws.keys()),
        "a mail is kept that nobody sent": 0 if remark.startswith("mails of its own") else len(raws.keys() - offered),
        "a kept mail is not entered": len(raws) - entered,
        "a mail is there twice, or a number is missing": doubled,
        "a mail has no dossier": homeless,
        "a letter came twice": sum(1 for times in had.values() if times > 1),
        "a letter is noted as sent that the relay never had": len(out - had.keys()),
        "a letter left of which the register knows nothing": len(had.keys() - out - unsure),
        "a danger is shown to nobody": len(silent),
        "the journal is broken": not whole,
        "work still waits": not left,
    }
    return Verdict(
        fault, len(offered), len(accepted), len(accepted.keys() & raws.keys()), entered,
        sum(state == "vastgelopen" for state in raws.values()), doubled, len(out | unsure), len(had),
        broken["a letter came twice"], len(unsure), len(silent), whole, longest, time.monotonic() - begun, remark,
        tuple(f"{what} ({int(number)})" for what, number in broken.items() if number),
    )  # fmt: skip


def _number(connection: Connection, statement: str) -> int:
    return int(connection.scalar(text(statement)) or 0)


def table(verdicts: list[Verdict]) -> str:
    """All rows as a table of Markdown, with what does not hold under it."""
    shown = [field.name for field in fields(Verdict)][:-1]
    lines = ["| " + " | ".join(shown) + " |", "|---" * len(shown) + "|"]
    lines += ["| " + " | ".join(_cell(getattr(one, name)) for name in shown) + " |" for one in verdicts]
    lines += [f"BROKEN {one.fault}: {'; '.join(one.broken)}" for one in verdicts if one.broken]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "intact" if value else "BROKEN"
    return f"{value:.0f}" if isinstance(value, float) else str(value)
