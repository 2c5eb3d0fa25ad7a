"""Every setting, read once at start, frozen, and checked; the only place that looks at the environment.

Each is described in docs/settings.md (a test holds the two together).
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import BadSetting

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_PATH = 100


class Settings(BaseSettings):
    """Settings of one installation; environment variables with the prefix NIGHTLIGHT_, or a file `.env`."""

    model_config = SettingsConfigDict(env_prefix="NIGHTLIGHT_", env_file=".env", frozen=True, extra="ignore")

    port: int = Field(8800, ge=0, le=65535, description="Port of the website chat.")
    host: str = Field("127.0.0.1", description="Address to listen on. Put a TLS proxy in front before it is public.")
    home: Path = Field(Path("var"), description="Folder for the database, the spool and logs.")
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in the home folder.")
    public_url: str = Field("", description="The address people see (https://…); empty means http://localhost:PORT.")
    programme_name: str = Field("this programme", description="Name of the recovery programme, shown on the page.")
    region: str = Field("US", description="Region of people who have not told theirs: US, CA, GB, IE, AU or INT.")
    time_zone: str = Field("America/New_York", description="Time zone of people who have not told theirs.")
    embed_origins: tuple[str, ...] = Field((), description='Sites that may embed the chat: ["https://example.org"].')
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR. No level logs a person's words.")
    brain_python: str = Field("", description="Python of the brain's environment; set by the Makefile.")
    brain_model: Path = Field(Path("models/brain.tar.gz"), description="The trained model; set by the Makefile.")
    turn_deadline_s: float = Field(8.0, gt=0, description="How long one turn may take, in seconds.")
    patience_s: float = Field(3.0, gt=0, description="When to say that an answer is late, in seconds.")
    retention_days: int = Field(90, ge=1, description="A conversation is erased after so many days without a message.")

    @field_validator("region")
    @classmethod
    def _known_region(cls, value: str) -> str:
        if value not in {"US", "CA", "GB", "IE", "AU", "INT"}:
            raise ValueError("must be one of US, CA, GB, IE, AU, INT")
        return value

    @property
    def content(self) -> Path:
        return ROOT / "bot" / "content"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.home / 'nightlight.db').resolve()}"

    @property
    def spool(self) -> Path:
        return self.home / "spool"

    @property
    def address(self) -> str:
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def is_secure(self) -> bool:
        return urlsplit(self.address).scheme == "https"


def read_settings() -> Settings:
    """Read the settings.

    Raises:
        BadSetting: One of them cannot be used; says which and why.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "NIGHTLIGHT_" + "_".join(str(part) for part in first["loc"]).upper()
        raise BadSetting(f"{name}: {first['msg']}; see docs/settings.md") from error
