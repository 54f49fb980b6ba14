"""The register for the tests of delivery."""

from tests.register.conftest import book, engine, home, template, url  # noqa: F401 — fixtures of the register.
