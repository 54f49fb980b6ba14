"""When a connection to the database counts as lost: after half a minute without a sign of life, on both sides.

A machine that is cut off says nothing. We let go, so that the work goes on by another connection; the server lets go,
so that the rows which a lost worker held are free for the others. Without this TCP waits for two hours.
"""

from sqlalchemy import make_url

_OURS = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}
_THEIRS = " ".join(f"-c tcp_{name.removeprefix('tcp_')}={value}" for name, value in _OURS.items())


def connecting(url: str) -> dict[str, str | int]:
    """What every lasting connection asks for; sockets of this machine ignore it.

    What the URL itself asks of the server (`?options=…`) is kept.
    """
    own = make_url(url).query.get("options", "")
    asked = own if isinstance(own, str) else " ".join(own)
    return {**_OURS, "options": f"{_THEIRS} {asked}".strip()}
