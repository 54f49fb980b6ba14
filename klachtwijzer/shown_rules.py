"""What maintainers see of rules in a terminal: what would change, what a shadow saw, who changed what."""

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from klachtwijzer.difference import spoken, weight
from klachtwijzer.impact import Change, Impact
from register.rulebooks import Shade, Turn

Line = dict[str, object]
_MOST_ROWS = 200


def impact(console: Console, result: Impact, address: str) -> None:
    """The outcomes before and after, then every mail that changes: escalations that come or go first."""
    console.print(
        f"{result.mails} mails, {len(result.changes)} anders; "
        f"[bold]{len(result.new_escalations)} escalaties erbij, {len(result.lost_escalations)} minder[/bold]"
        f" ({result.reread} opnieuw gelezen)",
        highlight=False,
    )
    moved = [(pair, number) for pair, number in result.moves.most_common() if pair[0] != pair[1]]
    if moved:
        table = Table("nu", "straks", "mails", title="uitkomst", box=box.SIMPLE_HEAD)
        for (before, after), number in moved:
            table.add_row(before, after, str(number))
        console.print(table)
    _changes(console, result.changes, address)


def _changes(console: Console, changes: Sequence[Change], address: str) -> None:
    titles = ("escalaties die erbij komen of wegvallen", "andere dringendheid", "andere uitkomst", "andere gegevens")
    for level, title in enumerate(titles):
        here = [one for one in changes if weight(one.differs) == level]
        if not here:
            continue
        console.rule(f"{title} ({len(here)})", align="left")
        for one in here[:_MOST_ROWS]:
            rules = one.after_rule if one.before_rule == one.after_rule else f"{one.before_rule} → {one.after_rule}"
            name = one.reference or one.digest[:12]
            console.print(f"{name} · {one.received:%Y-%m-%d} · {spoken(one.differs)}", markup=False, highlight=False)
            console.print(
                f"    {rules} · {address}/bericht/{one.digest}", markup=False, highlight=False, soft_wrap=True
            )
        if len(here) > _MOST_ROWS:
            console.print(f"… en nog {len(here) - _MOST_ROWS}; met --json komen ze alle")


def lines(result: Impact, address: str) -> Iterator[Line]:
    """One line a mail that changes, and a last one with the numbers."""
    for one in result.changes:
        yield {
            "referentie": one.reference,
            "ontvangen": one.received.isoformat(),
            "verschil": {name: {"nu": pair[0], "straks": pair[1]} for name, pair in one.differs.items()},
            "regel": {"nu": one.before_rule, "straks": one.after_rule},
            "adres": f"{address}/bericht/{one.digest}",
        }
    yield {
        "mails": result.mails,
        "anders": len(result.changes),
        "escalaties_erbij": len(result.new_escalations),
        "escalaties_minder": len(result.lost_escalations),
        "opnieuw_gelezen": result.reread,
    }


def shades(console: Console, fingerprint: str, seen: int, found: Iterable[Shade], address: str) -> None:
    """What the shadow would have decided otherwise, the worst first."""
    differing = sorted(found, key=lambda one: weight(one.differs))
    console.print(f"regels {fingerprint[:12]} keken mee bij {seen} mails; {len(differing)} zouden anders zijn")
    for one in differing:
        console.print(f"{one.at:%Y-%m-%d %H:%M} · {spoken(one.differs)}", markup=False, highlight=False)
        console.print(f"    {address}/bericht/{one.digest}", markup=False, highlight=False, soft_wrap=True)


def told_turn(console: Console, turn: Turn) -> None:
    """One change of the rules in force."""
    by = f"{turn.who}, gepubliceerd door {turn.second}" if turn.second else turn.who
    console.print(
        f"{turn.at:%Y-%m-%d %H:%M} · {turn.fingerprint[:12]} · {by}: {turn.why}", markup=False, highlight=False
    )
    for path in turn.changed:
        console.print(f"    {path}", markup=False, highlight=False)


def turn(one: Turn) -> Line:
    """The same for other programs."""
    return {
        "op": one.at.isoformat(),
        "rulebook": one.fingerprint,
        "wie": one.who,
        "tweede": one.second,
        "waarom": one.why,
        "bestanden": list(one.changed),
    }
