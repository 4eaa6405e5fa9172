"""The pictures of an import: which belong to a row, and how they get through the door into the storage."""

import hashlib
import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from django.utils.translation import gettext as _

from catalog.images import ImageRefused, clean, open_picture
from catalog.imports.archive import EntryRefused, PictureArchive
from catalog.imports.plan import Source
from catalog.imports.problems import Problem, shorten
from catalog.imports.rows import ProductRow
from catalog.models import ProductImage

THREADS = 2


def sources_of(row: ProductRow, archive: PictureArchive) -> tuple[list[Source], list[Problem]]:
    """The row's pictures in the archive with their checksums, and a warning for each that cannot be had."""
    keys, problems = list(archive.of_sku(row.sku)), []
    if row.pictures is not None:
        found = {name: archive.find(name) for name in row.pictures}
        keys = [key for key in found.values() if key]
        missing = [name for name, key in found.items() if not key]
        reason = _("The archive has no picture of this name.")
        problems = [Problem(row.number, "pictures", shorten(name), reason) for name in missing]
    sources = []
    for key in keys:
        try:
            sources.append(Source(key, hashlib.sha256(archive.read(key)).hexdigest()))
        except EntryRefused as error:
            problems.append(Problem(row.number, "pictures", shorten(key), " ".join(error.messages)))
    return sources, problems


def store(
    sources: Iterable[Source], archive: PictureArchive, beat: Callable[[], object]
) -> dict[str, ProductImage | ImageRefused]:
    """Put each picture through the door and into the storage; call `beat` after each.

    Returns by the source's checksum an unsaved `ProductImage` of no product, or why it was refused.
    """
    with ThreadPoolExecutor(THREADS, thread_name_prefix="pictures") as pool:
        work = {source.checksum: pool.submit(_store, source, archive) for source in sources}
        try:
            stored = {}
            for checksum, done in work.items():
                stored[checksum] = done.result()
                beat()
        finally:
            pool.shutdown(cancel_futures=True)
        return stored


def _store(source: Source, archive: PictureArchive) -> ProductImage | ImageRefused:
    try:
        cleaned = clean(io.BytesIO(archive.read(source.key)))
    except (ImageRefused, EntryRefused) as error:
        return ImageRefused(error.messages)
    image = ProductImage()
    image.put(cleaned)
    return image


def drop_lost(stored: dict[str, ProductImage | ImageRefused]) -> None:
    """Take out those whose file was deleted meanwhile, as the last picture that had shared it went."""
    for checksum, image in list(stored.items()):
        if isinstance(image, ProductImage) and not image.picture.storage.exists(str(image.picture)):
            del stored[checksum]


def look(sources: Iterable[Source], archive: PictureArchive) -> dict[str, ImageRefused]:
    """Read only the headers of pictures, for a preview; returns by checksum why some would be refused."""
    refused = {}
    for source in sources:
        try:
            open_picture(io.BytesIO(archive.read(source.key)))
        except (ImageRefused, EntryRefused) as error:
            refused[source.checksum] = ImageRefused(error.messages)
    return refused
