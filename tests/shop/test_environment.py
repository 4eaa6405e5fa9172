"""Settings from the environment: typed, checked, and all of them documented."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured

from shop.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
NO_FILE = Path("/no/such/file")


@pytest.fixture
def env(monkeypatch):
    """Sets variables, and gives the look-ups over them."""

    def with_values(**values: str) -> Environment:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return Environment(NO_FILE)

    return with_values


def test_what_is_unset_or_empty_is_the_default(env):
    assert env().integer("LK_NUMBER", 7, minimum=1) == 7
    assert env(LK_NUMBER=" ").integer("LK_NUMBER", 7, minimum=1) == 7


@pytest.mark.parametrize("text", ["true", "1", "YES", "on"])
def test_a_flag_is_written_in_many_ways(env, text):
    assert env(LK_FLAG=text).flag("LK_FLAG", False) is True


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("LK_FLAG", "perhaps", lambda env: env.flag("LK_FLAG", False)),
        ("LK_NUMBER", "many", lambda env: env.integer("LK_NUMBER", 1, minimum=0)),
        ("LK_NUMBER", "0", lambda env: env.integer("LK_NUMBER", 1, minimum=1)),
        ("LK_NUMBER", "nan", lambda env: env.number("LK_NUMBER", 1, minimum=1)),
        ("LK_CHOICE", "xml", lambda env: env.choice("LK_CHOICE", ["line", "json"])),
        ("LK_SECRET", "changeme" * 8, lambda env: env.secret("LK_SECRET")),
        ("LK_SECRET", "short", lambda env: env.secret("LK_SECRET")),
        ("LK_SECRET", f"django-insecure-{'a1b2c3d4e5f6g7' * 3}", lambda env: env.secret("LK_SECRET")),
        ("LK_SECRET", f"ChangeMe-{'a1b2c3d4e5f6g7' * 3}", lambda env: env.secret("LK_SECRET")),
        ("LK_DB", "postgresql://user:password@host/lookalike", lambda env: env.database("LK_DB", None)),
        ("LK_REDIS", "redis://:change%6De@host", lambda env: env.redis("LK_REDIS", None)),
        ("LK_DB", "mysql://host/name", lambda env: env.database("LK_DB", None)),
        ("LK_REDIS", "amqp://host", lambda env: env.redis("LK_REDIS", None)),
        ("LK_REDIS", "valkey://host", lambda env: env.redis("LK_REDIS", None)),
        ("LK_ENGINE", "grpc://host:19530", lambda env: env.engine("LK_ENGINE")),
        ("LK_ENGINE", "vectors.sqlite", lambda env: env.engine("LK_ENGINE")),
    ],
)
def test_a_wrong_value_is_refused_by_name(env, name, value, read):
    with pytest.raises(ImproperlyConfigured, match=name):
        read(env(**{name: value}))


def test_in_development_a_password_may_be_a_usual_one(env):
    url = "postgresql://postgres:postgres@localhost/shop"
    assert env(LK_DB=url, DEBUG="true").database("LK_DB", None)["PASSWORD"] == "postgres"


def test_the_addresses_of_the_example_are_refused(env):
    example = dict(re.findall(r"^#(\w+_URL)=(\S*:password@.*)$", (ROOT / ".env.example").read_text(), re.M))
    assert set(example) == {"DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL"}
    for name, url in example.items():
        look_up = Environment.redis if name == "REDIS_URL" else Environment.database
        with pytest.raises(ImproperlyConfigured, match=f"{name} has the password of an example"):
            look_up(env(**{name: url}), name, None)


def test_a_milvus_is_a_url_or_a_file(env, tmp_path):
    assert env().engine("LK_ENGINE") == ""
    url = "https://user:word@milvus:19530/shop"
    assert env(LK_ENGINE=url).engine("LK_ENGINE") == url
    assert env(LK_ENGINE=f"{tmp_path}/v.db").engine("LK_ENGINE") == f"{tmp_path}/v.db"


@pytest.mark.parametrize(("look_up", "value"), [("engine", "http://milvus"), ("bucket", "pictures")])
def test_what_is_not_installed_is_asked_for_by_name(env, monkeypatch, look_up, value):
    monkeypatch.setattr("shop.environment.find_spec", lambda package: None)
    with pytest.raises(ImproperlyConfigured, match=r"LK_FAR is set, but .* requirements-scale.txt"):
        getattr(env(LK_FAR=value), look_up)("LK_FAR")


@pytest.mark.parametrize(("name", "value"), [("LK_SECRET", "hunter2"), ("LK_DB", "x://u:hunter2@host/name")])
def test_a_refusal_does_not_repeat_a_secret(env, name, value):
    look_up = Environment.secret if name == "LK_SECRET" else lambda e, n: e.database(n, None)
    with pytest.raises(ImproperlyConfigured) as refusal:
        look_up(env(**{name: value}), name)
    assert "hunter2" not in str(refusal.value)


def test_the_environment_wins_over_the_file(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text("LK_ONE=file\n")
    monkeypatch.setenv("LK_ONE", "environment")
    assert Environment(file).text("LK_ONE", "") == "environment"


def test_the_example_names_the_variables_of_the_settings_and_no_others():
    read = set(re.findall(r'env\.\w+\("([A-Z_]+)"', (ROOT / "shop/settings.py").read_text()))
    documented = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(documented) == read
    assert len(documented) == len(set(documented))


def test_containers_get_whatever_the_example_names():
    """All of `.env`, but for what is the same in every such set-up; exact versions of what is not ours."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    of_the_shop = [service for service in services.values() if service["image"] == "lookalike"]
    assert len(of_the_shop) == 5
    for service in of_the_shop:
        assert service["env_file"] == ".env"
        assert set(service["environment"]) == {
            "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL",
            "LOOKALIKE_STATE", "MEDIA_ROOT", "STATIC_ROOT",
        }  # fmt: skip
    foreign = {service["image"] for service in services.values()} - {"lookalike"}
    assert all(re.search(r":\d+\.\d+\.\d+-", image) for image in foreign)


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        # Playwright's tests set that one for their own process.
        env={**os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE": "", **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_wrong_value_ends_the_start_with_a_sentence():
    ended = manage("check", PHOTO_TIMEOUT_S="soon")
    assert ended.returncode != 0
    assert ended.stderr.strip().endswith("PHOTO_TIMEOUT_S='soon' is not a number.")


def test_production_settings_pass_djangos_deployment_checks():
    production = {
        "DEBUG": "false",
        "HTTPS": "true",
        "HSTS_SECONDS": "31536000",
        "HSTS_INCLUDE_SUBDOMAINS": "true",
        "HSTS_PRELOAD": "true",
        "ALLOWED_HOSTS": "shop.example",
        "SECRET_KEY": "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9t0u1v2w3x4y5z6",
    }
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **production)
    assert checked.returncode == 0, checked.stderr
