"""When a connection to the database counts as lost."""

from register import server
from register.silence import connecting


def test_both_sides_let_go_of_a_connection_that_is_silent_for_half_a_minute() -> None:
    asked = connecting("postgresql://kw@register.example/klachten")
    idle, interval, number = (asked[f"keepalives_{name}"] for name in ("idle", "interval", "count"))
    assert int(idle) + int(interval) * int(number) <= 30
    assert asked["tcp_user_timeout"] == 30_000
    for name in ("tcp_keepalives_idle=10", "tcp_keepalives_interval=5", "tcp_user_timeout=30000"):
        assert f"-c {name}" in str(asked["options"])


def test_what_the_url_asks_of_the_server_is_kept(url: str) -> None:
    engine = server.engine(f"{url}&options=-c%20statement_timeout%3D7s")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("show statement_timeout").scalar_one() == "7s"
    engine.dispose()
