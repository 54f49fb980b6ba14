"""The register's real server, and the command in processes of its own."""

from tests.klachtwijzer.conftest import command, processes, rules  # noqa: F401 — fixtures of the command.
from tests.register.conftest import book, engine, home, own_home, template, url  # noqa: F401 — fixtures of the register.
