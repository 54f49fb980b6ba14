"""The settings: every one of them, from the environment or from a file, and what is said of a wrong one."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from klachtwijzer.settings import CHECKOUT, Settings, SettingsError, address, read

GRANT = '{"token_url": "https://login.example/token", "client_id": "ons", "refresh_token": "geheim"}'
TERMS = '{"issuer": "https://inloggen.example", "client_id": "ons", "roles": {"kw": "lezer"}}'
KEY = (CHECKOUT / "tests" / "responder" / "dkim.pem").read_text(encoding="utf-8").strip()
GIVEN: Mapping[str, tuple[str, object]] = {
    "home": ("/srv/klachtwijzer", Path("/srv/klachtwijzer")),
    "database_url": ("postgresql://u:p@db.example/kw", "postgresql://u:p@db.example/kw"),
    "smtp_listen": ("[::1]:2525", "[::1]:2525"),
    "lmtp_listen": ("127.0.0.1:2424", "127.0.0.1:2424"),
    "smtp_cert": ("/etc/ssl/keten.pem", "/etc/ssl/keten.pem"),
    "smtp_key": ("/etc/ssl/sleutel.pem", "/etc/ssl/sleutel.pem"),
    "smtp_login": ("relais:een:geheim", "relais:een:geheim"),
    "smtp_rate": ("600", 600),
    "connections": ("20", 20),
    "imap": ("imaps://k%40o.example:geheim@mail.example/INBOX", "imaps://k%40o.example:geheim@mail.example/INBOX"),
    "imap_oauth": (GRANT, GRANT),
    "imap_done": ("Ingelezen", "Ingelezen"),
    "folder": ("/srv/mails", "/srv/mails"),
    "clamd": ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
    "console_listen": ("0.0.0.0:80", "0.0.0.0:80"),
    "chat_listen": ("chat.example:0", "chat.example:0"),
    "monitor_listen": ("127.0.0.1:9300", "127.0.0.1:9300"),
    "recipients": (
        "Klachten@Opgroeien.example, ombud@opgroeien.example,",
        ("klachten@opgroeien.example", "ombud@opgroeien.example"),
    ),
    "relay": ("smtps://brief:geheim@relay.example:465", "smtps://brief:geheim@relay.example:465"),
    "dkim_key": (KEY, KEY),
    "dkim_selector": ("kw2026", "kw2026"),
    "rules": ("/srv/regels", Path("/srv/regels")),
    "size_limit": ("1000000", 1_000_000),
    "key": (f"{'a' * 43}=", f"{'a' * 43}="),
    "https": ("true", True),
    "address": ("https://klachten.example/", "https://klachten.example"),
    "second_step": ("beheerder, regelbeheerder", "beheerder, regelbeheerder"),
    "openid": (TERMS, TERMS),
    "webhooks_inside": ("true", True),
}
WRONG: Mapping[str, tuple[str, ...]] = {
    "smtp_listen": ("8025", "localhost:", "localhost:smtp", "127.0.0.1:65536", ":25"),
    "lmtp_listen": ("nergens",),
    "smtp_login": ("relais", "relais:", ":geheim"),
    "smtp_rate": ("-1", "veel"),
    "connections": ("0",),
    "imap": ("mail.example", "imaps://mail.example", "pop3://k:geheim@mail.example"),
    "imap_oauth": (
        "geheim",
        "[]",
        '{"token_url": "https://x.example"}',
        '{"token_url": "http://x.example", "client_id": "geheim"}',
        '{"geheim": 1}',
    ),
    "console_listen": ("127.0.0.1",),
    "chat_listen": ("127.0.0.1:-1",),
    "recipients": ("klachten", " , ", "a@b@c.example"),
    "relay": ("relay.example:25", "http://relay.example"),
    "dkim_key": ("geheim", KEY[:200]),
    "dkim_selector": ("a b", "-x"),
    "size_limit": ("0", "-5", "veel"),
    "key": ("kort", "a2s="),
    "https": ("misschien",),
    "address": ("klachten.example", "ftp://klachten.example", "https://klachten.example/pad", "https://"),
    "second_step": ("baas",),
    "openid": (
        "geheim",
        "[]",
        '{"issuer": "https://x.example", "client_id": "wij"}',
        '{"issuer": "https://x.example", "client_id": "wij", "roles": ["geheim"]}',
        '{"issuer": "https://x.example", "client_id": 7, "roles": {}}',
        '{"issuer": "http://x.example", "client_id": "geheim", "roles": {"kw": "lezer"}}',
        '{"issuer": "https://x.example", "client_id": "wij", "roles": {"kw": "baas"}}',
        '{"issuer": "https://x.example", "client_id": "wij", "roles": {}, "elders": "geheim"}',
    ),
    "webhooks_inside": ("misschien",),
}


def variable(name: str) -> str:
    return f"KLACHTWIJZER_{name.upper()}"


def test_every_setting_is_tried_here() -> None:
    assert set(GIVEN) == set(Settings.model_fields)


def test_without_any_setting_everything_has_its_documented_default() -> None:
    settings = read({})
    assert settings.home == Path("~/.local/share/klachtwijzer").expanduser()
    assert (settings.database_url, settings.lmtp_listen, settings.relay, settings.https) == ("", "", "", False)
    listening = (settings.smtp_listen, settings.console_listen, settings.chat_listen)
    assert listening == ("127.0.0.1:8025", "127.0.0.1:8000", "127.0.0.1:8001")
    assert settings.recipients == ("klachten@opgroeien.example",)
    assert settings.rules == CHECKOUT / "rules"
    assert settings.size_limit == 35_000_000


@pytest.mark.parametrize("name", GIVEN)
def test_a_setting_comes_from_its_variable(name: str) -> None:
    given, wanted = GIVEN[name]
    assert getattr(read({variable(name): given}), name) == wanted


@pytest.mark.parametrize("name", GIVEN)
def test_a_setting_comes_from_a_file_without_the_line_end_behind_it(name: str, tmp_path: Path) -> None:
    given, wanted = GIVEN[name]
    (tmp_path / "waarde").write_text(f"{given}\n", encoding="utf-8")
    assert getattr(read({f"{variable(name)}_FILE": str(tmp_path / "waarde")}), name) == wanted


@pytest.mark.parametrize("name", GIVEN)
def test_a_file_that_cannot_be_read_is_told_with_the_name_of_its_variable(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=rf"^{variable(name)}_FILE: cannot read .*weg: No such file") as told:
        read({f"{variable(name)}_FILE": str(tmp_path / "weg")})
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", GIVEN)
def test_an_empty_variable_is_the_same_as_none(name: str) -> None:
    assert getattr(read({variable(name): ""}), name) == getattr(read({}), name)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_told_in_one_line_that_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{variable(name)}: ") as told:
        read({variable(name): value})
    assert "\n" not in str(told.value)


def test_a_file_wins_over_the_variable_beside_it(tmp_path: Path) -> None:
    (tmp_path / "relay").write_text("smtp://uit.bestand:25", encoding="utf-8")
    settings = read(
        {"KLACHTWIJZER_RELAY": "smtp://uit.omgeving:25", "KLACHTWIJZER_RELAY_FILE": str(tmp_path / "relay")}
    )
    assert settings.relay == "smtp://uit.bestand:25"


@pytest.mark.parametrize("name", ["imap", "imap_oauth", "smtp_login", "dkim_key", "openid"])
def test_no_secret_is_repeated_in_what_is_said_of_a_wrong_one(name: str) -> None:
    for value in WRONG[name]:
        with pytest.raises(SettingsError) as told:
            read({variable(name): value})
        assert "geheim" not in str(told.value)


def test_a_wrong_secret_is_not_repeated_in_what_is_said_of_it() -> None:
    with pytest.raises(SettingsError) as told:
        read({"KLACHTWIJZER_RELAY": "brief:geheim@relay.example"})
    assert "geheim" not in str(told.value)


def test_variables_of_others_and_unknown_ones_change_nothing() -> None:
    assert read({"HOME": "/elders", "KLACHTWIJZER_ONBEKEND": "x", "RELAY": "smtp://x:25"}) == read({})


def test_a_home_in_the_folder_of_the_user_is_found() -> None:
    assert read({"KLACHTWIJZER_HOME": "~/kw"}).home == Path("~/kw").expanduser()


@pytest.mark.parametrize(
    ("listen", "pair"), [("127.0.0.1:25", ("127.0.0.1", 25)), ("[::1]:0", ("::1", 0)), ("host:65535", ("host", 65535))]
)
def test_an_address_is_host_and_port(listen: str, pair: tuple[str, int]) -> None:
    assert address(listen) == pair
