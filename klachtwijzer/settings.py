"""The environment, typed. Nobody else reads it; every other part takes plain arguments."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from console.roles import ROLES
from intake.mailbox import account
from intake.oauth import Grant
from klachtwijzer.provider import terms
from register import sealing
from responder.seal import Seal, is_selector

CHECKOUT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting cannot be used; the message is one line that names it."""


class Settings(BaseSettings):
    """Settings of the product, read from `KLACHTWIJZER_…`; a secret may come from `KLACHTWIJZER_…_FILE`."""

    model_config = SettingsConfigDict(env_prefix="KLACHTWIJZER_", frozen=True, extra="ignore")

    home: Path = Field(default=Path("~/.local/share/klachtwijzer"), description="Data folder of the embedded server.")
    database_url: str = Field(default="", description="PostgreSQL ≥ 15; empty: the embedded server under HOME.")
    smtp_listen: str = Field(default="127.0.0.1:8025", description="Address of the SMTP door.")
    lmtp_listen: str = Field(default="", description="Address of the LMTP door; empty: off.")
    smtp_cert: str = Field(default="", description="Certificate chain of both doors, a PEM file; empty: no STARTTLS.")
    smtp_key: str = Field(default="", description="Key of that certificate, a PEM file.")
    smtp_login: str = Field(default="", description="name:password that the SMTP door demands; needs a certificate.")
    smtp_rate: int = Field(default=0, ge=0, description="Mails a minute from one address; 0: no limit.")
    connections: int = Field(default=100, gt=0, description="Most connections of each mail door at once.")
    imap: str = Field(default="", description="imap[s]://user:password@host:port/folder; empty: off.")
    imap_oauth: str = Field(default="", description="JSON with the grant for XOAUTH2; empty: the password is used.")
    imap_done: str = Field(default="", description="Mailbox folder for kept mails; empty: they stay where they are.")
    folder: str = Field(default="", description="Watched folder for .eml and .mbox files; empty: off.")
    console_listen: str = Field(default="127.0.0.1:8000", description="Address of the staff console.")
    chat_listen: str = Field(default="127.0.0.1:8001", description="Address of the public chat page.")
    monitor_listen: str = Field(default="", description="Address of health and metrics of this process; empty: off.")
    key: str = Field(default="", description="Opens names: 32 bytes in base64; empty: the file `sleutel` under HOME.")
    recipients: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("klachten@opgroeien.example",), description="Addresses for which mail is accepted; comma list."
    )
    relay: str = Field(default="", description="smtp[s]://user:pass@host:port; empty: letters are held.")
    clamd: str = Field(default="", description="Virus scanner: socket path or host:port of a clamd; empty: off.")
    dkim_key: str = Field(default="", description="RSA key (PEM) that signs letters (DKIM); empty: unsigned.")
    dkim_selector: str = Field(default="klachtwijzer", description="Name under which the DNS shows its public half.")
    rules: Path = Field(default=CHECKOUT / "rules", description="The folder of YAML rules.")
    size_limit: int = Field(default=35_000_000, gt=0, description="Largest mail that the doors accept, in bytes.")
    address: str = Field(default="", description="Where people reach the console, as https://klachten.example.")
    second_step: str = Field(
        default="", description="Roles that log in with a code of the telephone as well; comma list."
    )
    openid: str = Field(default="", description="JSON with the terms of an OpenID provider; empty: off.")
    webhooks_inside: bool = Field(default=False, description="Webhooks may reach our own network, and by http.")
    https: bool = Field(
        default=False, description="People reach the console by HTTPS; cookies are then never sent without it."
    )

    # The library names these arguments and their order.
    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `read` hands over counts: it looked at the environment it was given and at files of secrets."""
        return (init_settings,)

    @field_validator("recipients", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @field_validator("recipients")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or any(address.count("@") != 1 for address in value):
            raise ValueError("must be a comma list of mail addresses")
        return value

    @field_validator("second_step")
    @classmethod
    def _second_step(cls, value: str) -> str:
        if unknown := sorted(listed(value) - set(ROLES)):
            raise ValueError(f"{unknown[0]!r} is no role; choose from {', '.join(ROLES)}")
        return value

    @field_validator("address")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
            raise ValueError("must look like https://klachten.example")
        return value.rstrip("/")

    @field_validator("openid")
    @classmethod
    def _openid(cls, value: str) -> str:
        if value:
            terms(value)
        return value

    @field_validator("home", "rules")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser()

    @field_validator("smtp_listen", "lmtp_listen", "console_listen", "chat_listen", "monitor_listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        if value:
            address(value)
        return value

    @field_validator("smtp_login")
    @classmethod
    def _login(cls, value: str) -> str:
        if value and not all(value.partition(":")):
            raise ValueError("must look like name:password")
        return value

    @field_validator("imap")
    @classmethod
    def _imap(cls, value: str) -> str:
        if value:
            account(value)
        return value

    @field_validator("imap_oauth")
    @classmethod
    def _imap_oauth(cls, value: str) -> str:
        if value:
            grant(value)
        return value

    @field_validator("dkim_key")
    @classmethod
    def _dkim_key(cls, value: str) -> str:
        if value:
            Seal("klachtwijzer", value)
        return value

    @field_validator("dkim_selector")
    @classmethod
    def _dkim_selector(cls, value: str) -> str:
        if not is_selector(value):
            raise ValueError("must be a name for the DNS: letters, digits, dots and dashes")
        return value

    @field_validator("key")
    @classmethod
    def _key(cls, value: str) -> str:
        if value:
            sealing.from_words(value)
        return value

    @field_validator("relay")
    @classmethod
    def _relay(cls, value: str) -> str:
        if value and not value.startswith(("smtp://", "smtps://")):
            raise ValueError("must look like smtp[s]://user:pass@host:port")
        return value


def grant(text: str) -> Grant:
    """The grant of a JSON object; raises ValueError, which never repeats it."""
    names = tuple(field.name for field in fields(Grant))
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise ValueError("must be a JSON object of texts")
    if unknown := sorted(set(given) - set(names)):
        raise ValueError(f"knows no {unknown[0]!r}; it has {', '.join(names)}")
    if not given.get("token_url") or not given.get("client_id"):
        raise ValueError("needs token_url and client_id")
    return Grant(**given)


def listed(words: str) -> frozenset[str]:
    """The words of a comma list."""
    return frozenset(part.strip() for part in words.split(",") if part.strip())


def address(listen: str) -> tuple[str, int]:
    """`host:port` as a pair; raises ValueError when it is not one. Port 0 lets the system choose."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError("must look like host:port")
    return host.strip("[]"), int(port)


def read(environment: dict[str, str]) -> Settings:
    """The settings in force. Raises SettingsError for the first wrong value, a missing file of a secret included."""
    given: dict[str, str] = {}
    for name in Settings.model_fields:
        variable = f"KLACHTWIJZER_{name.upper()}"
        path = environment.get(f"{variable}_FILE")
        if path:
            try:
                given[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SettingsError(f"{variable}_FILE: cannot read {path}: {error.strerror}") from None
        elif environment.get(variable):
            given[name] = environment[variable]
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        variable = f"KLACHTWIJZER_{str(first['loc'][0]).upper()}"
        raise SettingsError(f"{variable}: {first['msg'].removeprefix('Value error, ')}") from None
