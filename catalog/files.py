"""The files of pictures: kept as long as a row names them, deleted afterwards.

Rows share files, so a file goes only when the last row that names it is gone, and only once that is
committed. Whatever is left behind all the same is found by `orphans`.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import connection, transaction

from catalog.models import ProductImage

FOLDER = "products"


def hold() -> None:
    """Keep every file that exists now until this transaction ends: a row is about to name it."""
    _lock("pg_advisory_xact_lock_shared")


def forget(names: Iterable[str | None]) -> None:
    """Delete these files and their thumbnails on commit, unless a row names them then."""
    if given := {name for name in names if name}:
        transaction.on_commit(lambda: delete_unused(given), robust=True)


def delete_on_commit(storage: Storage, name: str) -> None:
    """Delete this file, which no other row names, on commit."""
    transaction.on_commit(lambda: storage.delete(name), robust=True)


def delete_unused(names: set[str]) -> set[str]:
    """Delete those of these files that no row names; returns their names."""
    with transaction.atomic():
        _lock("pg_advisory_xact_lock")
        unused = names - set(ProductImage.objects.filter(picture__in=names).values_list("picture", flat=True))
        storage = storages["default"]
        for name in unused:
            storage.delete(name)
            _delete_folder(storage, thumbnails_of(name))
    return unused


def orphans(older_than: datetime) -> Iterator[str]:
    """The files that no row names and that were written before this time.

    A young file may be one whose row is about to be committed.
    """
    storage = storages["default"]
    for folder in _listdir(storage, FOLDER)[0]:
        names = {f"{FOLDER}/{folder}/{file}" for file in _listdir(storage, f"{FOLDER}/{folder}")[1]}
        names -= set(ProductImage.objects.filter(picture__in=names).values_list("picture", flat=True))
        yield from sorted(name for name in names if storage.get_modified_time(name) < older_than)


def thumbnails_of(name: str) -> str:
    """The folder in which imagekit keeps what it made of this file."""
    return f"{settings.IMAGEKIT_CACHEFILE_DIR}/{PurePosixPath(name).with_suffix('')}"


def _delete_folder(storage: Storage, folder: str) -> None:
    _folders, files = _listdir(storage, folder)
    for file in files:
        storage.delete(f"{folder}/{file}")
    if files:
        storage.delete(folder)


def _listdir(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext('catalog.files'))")
