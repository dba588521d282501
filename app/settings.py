"""Every setting: a flag wins over SLUICE_* in the environment, over sluice.toml, over the default.

`DATABASE_URL` and libpq's `PG*` variables are understood for the database alone.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from app import __version__
from app.errors import ConfigError, UnknownName


class Settings(BaseSettings):
    """What an operator may set. Durations are seconds, sizes are bytes."""

    model_config = SettingsConfigDict(
        env_prefix="SLUICE_", frozen=True, extra="forbid", toml_file="sluice.toml"
    )

    database_url: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("SLUICE_DATABASE_URL", "DATABASE_URL", "database_url"),
        description="Postgres to use; empty starts the built-in one.",
    )
    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("sluice")),
        description="Where the built-in Postgres and the logs live.",
    )
    database_timeout: float = Field(
        default=10.0, gt=0, description="Longest wait for one database call."
    )
    database_deadline: float = Field(
        default=30.0, gt=0, description="How long a command waits for the database to answer."
    )

    concurrency: int = Field(
        default=50, ge=1, le=1000, description="Items in flight in one worker process."
    )
    lease: float = Field(
        default=15.0, ge=1, description="How long a worker may be silent before its items go back."
    )
    heartbeat: float = Field(default=5.0, ge=0.1, description="How often a worker renews leases.")
    poll: float = Field(
        default=1.0, ge=0.05, le=2, description="Longest wait for a job when no notice arrives."
    )
    grace: float = Field(
        default=20.0, ge=0, description="How long SIGTERM waits for items in flight."
    )
    attempts: int = Field(
        default=4, ge=1, le=50, description="Tries of one item, the first included."
    )
    backoff: float = Field(
        default=4.0, ge=0, description="Wait before the second try; doubles with every further one."
    )
    backoff_cap: float = Field(default=300.0, ge=0, description="Longest wait between two tries.")
    breaker_share: float = Field(
        default=0.8,
        ge=0.1,
        lt=1,
        description="A stage pauses itself when more than this share of its latest attempts failed"
        " for one cause.",
    )
    breaker_window: int = Field(
        default=50, ge=0, le=1000, description="How many attempts are the latest; 0 never pauses."
    )
    breaker_wait: float = Field(
        default=15.0, gt=0, description="Wait before one item is tried; doubles each time it fails."
    )
    breaker_wait_cap: float = Field(default=120.0, gt=0, description="Longest such wait.")
    breaker_probes: int = Field(
        default=6, ge=1, le=100, description="Tries that may fail before the stage waits no longer."
    )
    allowed_failures: float = Field(
        default=0.1, ge=0, le=1, description="Share of failed items that still counts as success."
    )
    stage_timeout: float = Field(
        default=3600.0, gt=0, description="How long a command waits for one stage."
    )

    contact: str = Field(
        default="", description="Address or URL in the User-Agent, for site owners to reach you."
    )
    host_spacing: float = Field(default=1.0, ge=0, description="Between two requests to one host.")
    max_pages: int = Field(default=12, ge=1, le=200, description="Pages read of one site.")
    max_age: float = Field(
        default=86_400.0,
        ge=0,
        description="Pages read so many seconds ago, by any run, are used again; 0: never.",
    )
    request_timeout: float = Field(default=20.0, gt=0, description="Longest time for one request.")
    allow_addresses: tuple[str, ...] = Field(
        default=(),
        description="Private addresses (ip or ip:port) that may be fetched, one by one; for tests.",
    )

    smtp_host: str = Field(default="", description="Mail server; empty sends nothing.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_user: str = Field(default="", description="User at the mail server.")
    smtp_password: SecretStr = Field(
        default=SecretStr(""), description="Password at the mail server."
    )
    smtp_from: str = Field(default="", description="Sender of notices.")
    smtp_tls: str = Field(
        default="starttls",
        pattern="^(starttls|tls|none)$",
        description="starttls, tls, or none (loopback only).",
    )

    log_level: str = Field(
        default="info", pattern="^(debug|info|warning|error)$", description="Least level logged."
    )
    log_format: str = Field(
        default="auto", pattern="^(auto|console|json)$", description="auto: console on a terminal."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def user_agent(self) -> str:
        """Who we say we are to the sites that we read."""
        contact = f" (+{self.contact})" if self.contact else ""
        return f"Sluice/{__version__}{contact}"

    @property
    def dsn(self) -> str:
        """The configured database, or empty for the built-in one. PG* alone count as configured."""
        configured = self.database_url.get_secret_value()
        if not configured and any(os.environ.get(name) for name in ("PGHOST", "PGSERVICE")):
            return "postgresql://"
        return configured


def load_settings(flags: Mapping[str, object] | None = None) -> Settings:
    """Settings from flags, environment and sluice.toml.

    Raises ConfigError for a bad value, UnknownName for a SLUICE_* name that is no setting.
    """
    _refuse_unknown_names()
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"setting {name}: {first['msg']}; see: sluice config") from None
    except ValueError as error:
        raise ConfigError(f"sluice.toml cannot be read: {error}") from None


def _refuse_unknown_names() -> None:
    known = {f"SLUICE_{name.upper()}" for name in Settings.model_fields}
    for name in os.environ:
        if name.startswith("SLUICE_") and name.upper() not in known:
            raise UnknownName("setting", name, known)
