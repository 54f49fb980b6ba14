"""The first minute of a site: settings and secrets on disk, a register, and a login that works once."""

import re
import subprocess
from pathlib import Path

import httpx
import pytest

from klachtwijzer.init import FILE, FOLDER, SECRETS
from klachtwijzer.settings import Settings
from register import server
from tests.klachtwijzer.command import Command, assert_misuse
from tests.klachtwijzer.started import Processes

RELAY = 'smtp://brief:ge"h$e`im\\@relay.example:25'


def shell(file: Path) -> dict[str, str]:
    """What a shell makes of the file."""
    told = subprocess.run(
        ["/bin/sh", "-c", f"set -a; . {file}; env"], env={}, capture_output=True, text=True, check=True
    )
    return {
        name: value for name, _, value in (line.partition("=") for line in told.stdout.splitlines()) if "KLACHT" in name
    }


def test_a_site_starts_with_what_init_wrote_and_the_link_logs_in_once(
    command: Command, processes: Processes, url: str, tmp_path: Path
) -> None:
    folder, home = tmp_path / "etc", tmp_path / "var"
    given = {
        "DATABASE_URL": server.libpq(url),
        "HOME": str(home),
        "KEY": "",
        "RELAY": RELAY,
        "RECIPIENTS": "a@b.example,c@d.example",
    }
    made = command("init", folder, "--account", "an", **given)
    assert made.returncode == 0, made.stderr
    written = shell(folder / FILE)
    assert written["KLACHTWIJZER_RECIPIENTS"] == "a@b.example,c@d.example"
    assert written["KLACHTWIJZER_RELAY_FILE"] == str(folder / FOLDER / "relay")
    assert (folder / FOLDER / "relay").read_text(encoding="utf-8").strip() == RELAY
    console = processes.start(
        "serve",
        "--role",
        "console",
        **{name.removeprefix("KLACHTWIJZER_"): value for name, value in written.items()}
        | {"CONSOLE_LISTEN": "127.0.0.1:0"},
    )
    path = re.search(r"/inloggen/\S+", made.stdout)
    assert path is not None
    there = f"http://{console.addresses()['console']}{path[0]}"
    assert [httpx.get(there).status_code for _ in range(2)] == [303, 401]


def test_secrets_stand_in_files_of_their_owner_and_nowhere_else(command: Command, url: str, tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    said = command("init", folder, DATABASE_URL=server.libpq(url), HOME=str(tmp_path / "var"), KEY="", RELAY=RELAY)
    assert 'ge"h' not in (folder / FILE).read_text(encoding="utf-8") + said.stdout
    assert {one.name for one in (folder / FOLDER).iterdir()} == {"database_url", "key", "relay"}
    assert {one.stat().st_mode & 0o777 for one in (folder / FOLDER).iterdir()} == {0o600}
    assert ((folder / FOLDER).stat().st_mode & 0o777, (folder / FILE).stat().st_mode & 0o777) == (0o700, 0o640)


def test_what_stands_is_never_written_over_and_a_folder_that_cannot_be_made_is_told(
    command: Command, url: str, tmp_path: Path
) -> None:
    given = {"DATABASE_URL": server.libpq(url), "HOME": str(tmp_path / "var"), "KEY": ""}
    command("init", tmp_path / "etc", **given)
    before = (tmp_path / "etc" / FOLDER / "key").read_bytes()
    assert_misuse(command("init", tmp_path / "etc", **given), "bestaat al")
    assert (tmp_path / "etc" / FOLDER / "key").read_bytes() == before
    (tmp_path / "plat").write_text("", encoding="utf-8")
    assert_misuse(command("init", tmp_path / "plat" / "etc", **given), "plat")


def test_a_key_that_lies_in_the_home_stays_the_key(command: Command, url: str, tmp_path: Path) -> None:
    given = {"DATABASE_URL": server.libpq(url), "HOME": str(tmp_path / "var"), "KEY": ""}
    command("verify", **given)
    lying = (tmp_path / "var" / "sleutel").read_text(encoding="ascii")
    assert command("init", tmp_path / "etc", **given).returncode == 0
    assert (tmp_path / "etc" / FOLDER / "key").read_text(encoding="ascii") == lying


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_that_could_hold_a_secret_goes_to_a_file(name: str) -> None:
    told = f"{name} {Settings.model_fields[name].description}".lower()
    suspect = re.search(r"password|secret|token|grant|\bkey\b|_key|pass@|private", told) is not None
    # The certificate's key and its chain are named by path, so no secret stands in the value.
    assert (name in SECRETS) >= (suspect and "pem file" not in told), name
