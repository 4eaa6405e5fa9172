"""Reads settings from the environment; a wrong value ends the start with a sentence that names it."""

from collections.abc import Sequence
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# Whoever wrote one of these into a secret or a password has not made it up yet.
PLACEHOLDERS = (
    "change", "dummy", "example", "insecure", "lookalike", "password", "placeholder", "postgres", "secret",
)  # fmt: skip


class Environment:
    """Typed look-ups over `django-environ`. Each raises `ImproperlyConfigured` naming the variable."""

    def __init__(self, dotenv: Path):
        """Values of the environment win over those of the file `dotenv`, which need not exist."""
        self._env = environ.Env()
        if dotenv.is_file():
            self._env.read_env(dotenv)

    def _read(self, name: str, wanted: str, cast: Any, default: Any) -> Any:
        raw = self._env.ENVIRON.get(name, "").strip()
        if not raw:
            return default
        try:
            return cast(raw)
        except (ValueError, TypeError, ImproperlyConfigured) as error:
            raise ImproperlyConfigured(f"{name}={raw!r} is not {wanted}.") from error

    def text(self, name: str, default: str) -> str:
        return self._read(name, "text", str, default)

    def words(self, name: str, default: list[str]) -> list[str]:
        """Comma-separated."""
        return self._read(
            name, "a list", lambda raw: [p.strip() for p in raw.split(",") if p.strip()], default
        )

    def networks(self, name: str) -> list[str]:
        """Comma-separated IP addresses and networks, such as 10.1.2.0/24; none when unset."""

        def cast(raw: str) -> list[str]:
            return [str(ip_network(part.strip())) for part in raw.split(",") if part.strip()]

        return self._read(name, "a list of IP networks", cast, [])

    def flag(self, name: str, default: bool) -> bool:
        values = {"true": True, "1": True, "yes": True, "on": True}
        values |= {"false": False, "0": False, "no": False, "off": False}

        def cast(raw: str) -> bool:
            if raw.lower() not in values:
                raise ValueError(raw)
            return values[raw.lower()]

        return self._read(name, "true or false", cast, default)

    def choice(self, name: str, values: Sequence[str]) -> str:
        """One of `values`; the first when unset."""

        def cast(raw: str) -> str:
            if raw not in values:
                raise ValueError(raw)
            return raw

        return self._read(name, f"one of {', '.join(values)}", cast, values[0])

    def integer(self, name: str, default: int, minimum: int) -> int:
        value = self._read(name, "a whole number", int, default)
        return self._at_least(name, value, minimum)

    def number(self, name: str, default: float, minimum: float) -> float:
        value = self._read(name, "a number", float, default)
        return self._at_least(name, value, minimum)

    @staticmethod
    def _at_least(name: str, value: Any, minimum: Any) -> Any:
        if not value >= minimum:
            raise ImproperlyConfigured(f"{name}={value} is too small: at least {minimum} is needed.")
        return value

    def path(self, name: str, default: Path) -> Path:
        return self._read(name, "a path", lambda raw: Path(raw).expanduser().resolve(), default)

    def secret(self, name: str) -> str:
        """At least 50 characters, of at least 8 kinds and none of them words; or empty when unset."""
        value = self._read(name, "text", str, "")
        if value and len(value) < 50:
            raise ImproperlyConfigured(f"{name} is too short: at least 50 random characters are needed.")
        if value and len(set(value)) < 8:
            raise ImproperlyConfigured(f"{name} repeats itself: 50 random characters are needed.")
        if any(word in value.lower() for word in PLACEHOLDERS):
            raise ImproperlyConfigured(f"{name} is a placeholder: 50 random characters are needed.")
        return value

    def _refuse_placeholder(self, name: str, url: str) -> None:
        """A password that stands in every example keeps nobody out; in development nobody has to be."""
        password = unquote(urlsplit(url).password or "").lower()
        if password in {*PLACEHOLDERS, "changeme", "admin", "root"} and not self.flag("DEBUG", False):
            raise ImproperlyConfigured(f"{name} has the password of an example: make up one of your own.")

    def database(self, name: str, default: str | None) -> dict[str, Any]:
        """A `postgresql://` URL as Django's database settings."""
        url = self._read(name, "text", str, default or "postgresql:///lookalike")
        if not url.startswith(("postgresql://", "postgres://")):
            raise ImproperlyConfigured(f"{name} must begin with postgresql://, not {url.split(':')[0]}:")
        try:
            found = {**self._env.db_url_config(url), "ENGINE": "django.db.backends.postgresql"}
        except (ValueError, ImproperlyConfigured) as error:
            raise ImproperlyConfigured(f"{name} is not a database URL: {error}") from error
        self._refuse_placeholder(name, url)
        return found

    def engine(self, name: str) -> str:
        """Where a Milvus is: an `http(s)://` URL, or the path of an embedded one, made absolute; or empty.

        The path ends in `.db`, as pymilvus wants it.
        """

        value = self._read(name, "text", str, "")
        if not value:
            return ""
        self._need(name, "pymilvus")
        if value.startswith(("http://", "https://")) and urlsplit(value).hostname:
            self._refuse_placeholder(name, value)
            return value
        if "://" in value or not value.endswith(".db"):  # not repeated: it may hold a password
            raise ImproperlyConfigured(
                f"{name} must be an http(s):// URL of a Milvus, or the path of a file that ends in .db."
            )
        return str(Path(value).expanduser().resolve())

    def bucket(self, name: str) -> str:
        """The name of a bucket, or empty."""
        value = self._read(name, "text", str, "")
        if value:
            self._need(name, "storages")
        return value

    @staticmethod
    def _need(name: str, package: str) -> None:
        if find_spec(package) is None:
            raise ImproperlyConfigured(
                f"{name} is set, but {package} is not installed: pip install -r requirements-scale.txt."
            )

    def redis(self, name: str, default: str | None) -> str:
        """A `redis://`, `rediss://` or `unix://` URL."""
        url = self._read(name, "text", str, default or "redis://127.0.0.1:6379")
        if not url.startswith(("redis://", "rediss://", "unix://")):
            raise ImproperlyConfigured(
                f"{name} must begin with redis://, rediss:// or unix://, not {url.split(':')[0]}:"
            )
        self._refuse_placeholder(name, url)
        return url
