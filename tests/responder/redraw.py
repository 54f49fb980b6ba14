"""Writes the golden letters anew: `python -m tests.responder.redraw`, then read every difference aloud."""

from tests.responder.cases import GOLDEN, bodies, body_in, cases, reply, shown


def redraw() -> None:
    """Replaces every golden letter by what is composed now."""
    for old in GOLDEN.iterdir():
        old.unlink()
    for case in cases():
        found = reply(case)
        if found is None:
            raise ValueError(f"{case.name}: no letter")
        (GOLDEN / f"{case.name}.txt").write_text(shown(found), encoding="utf-8")
        (GOLDEN / f"{case.name}.html").write_text(found.html, encoding="utf-8")
    each = (text for id in sorted(bodies()) for text in (f"##### {id}", body_in(id, ()), body_in(id, ("D10",))))
    (GOLDEN.parent / "golden-instanties.txt").write_text("\n".join(each), encoding="utf-8")


if __name__ == "__main__":
    redraw()
