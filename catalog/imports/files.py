"""Where uploaded tables and archives lie, and how they are read: as files of this machine."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db.models.fields.files import FieldFile
from django.utils.functional import LazyObject


class PrivateFolder(FileSystemStorage):
    """Beside the database, never under the media address."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> str:
        return str(settings.STATE_DIR / "imports")

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)  # noqa: PTH100 - as in the class above


class PrivateStorage(LazyObject):
    """The storage that the settings call "private"; migrations know it by this name."""

    def _setup(self) -> None:
        self._wrapped = storages["private"]

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        return "catalog.imports.models.PrivateStorage", (), {}


# `Any`, because what it is shows only when it is used.
PRIVATE: Any = PrivateStorage()


@contextmanager
def local_copy(file: FieldFile, beat: Callable[[], object] = bool) -> Iterator[Path]:
    """The file's path, or that of a copy which is deleted afterwards where it lies in a bucket.

    `beat` is called now and then while it is copied.
    """
    try:
        here = Path(file.path)
    except NotImplementedError:  # the storage has no paths
        here = None
    if here is not None:
        yield here
        return
    with TemporaryDirectory() as folder:
        path = Path(folder, PurePosixPath(file.name or "").name)
        with file.storage.open(str(file.name)) as source, path.open("wb") as out:
            for block in source.chunks():
                out.write(block)
                beat()
        yield path
