"""Fixtures for every test."""

from pathlib import Path
from typing import Any

import pytest

from similarity import samples


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """An empty folder for the pictures of this test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    samples._names.cache_clear()  # kept for a minute, which is longer than most tests take
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Any) -> None:
    """A password's hash is slow by design; no test is about that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _static_files_as_they_are(settings: Any) -> None:
    """Pages link to style sheets by their plain names: nothing has to be collected before."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
