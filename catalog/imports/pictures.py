"""The pictures of an import: which belong to a row, and how they get through the door into the storage."""

import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import BoundedSemaphore

from django.utils import timezone
from django.utils.translation import activate, get_language
from django.utils.translation import gettext as _

from catalog.images import ImageRefused, clean, open_picture
from catalog.imports.archive import EntryRefused, PictureArchive
from catalog.imports.fetch import FetchRefused, check, is_address
from catalog.imports.hosts import Hosts
from catalog.imports.models import PictureAddress
from catalog.imports.plan import Source
from catalog.imports.problems import Problem, shorten
from catalog.imports.rows import ProductRow
from catalog.models import ProductImage

# More than cores, because who fetches waits; but a decoder takes up to 160 MB, so only two decode at once.
THREADS = 4
decoding = BoundedSemaphore(2)
BEAT_S = 1.0

Stored = dict[str, ProductImage | ImageRefused]
Sources = dict[str, list[Source]]


def known_addresses(rows: Iterable[ProductRow]) -> dict[str, str]:
    """The checksums of what was behind the rows' addresses when they were fetched."""
    urls = {name for row in rows for name in row.pictures or () if is_address(name)}
    if not urls:
        return {}
    return dict(PictureAddress.objects.filter(url__in=urls).values_list("url", "source_checksum"))


def sources_of(
    row: ProductRow, archive: PictureArchive | None, known: Mapping[str, str]
) -> tuple[list[Source], list[Problem]]:
    """The row's pictures with their checksums, and a warning for each that cannot be had."""
    keys = row.pictures if row.pictures is not None else archive.of_sku(row.sku) if archive else ()
    sources, problems = [], []
    for key in keys:
        try:
            if is_address(key) and row.pictures is not None:
                check(key)
                sources.append(Source(key, known.get(key, key), is_address=True))
            elif archive is not None:
                found = archive.find(key)
                if found is None:
                    raise EntryRefused(_("The archive has no picture of this name."))
                sources.append(Source(found, hashlib.sha256(archive.read(found)).hexdigest()))
        except (EntryRefused, FetchRefused) as error:
            problems.append(Problem(row.number, "pictures", shorten(key), " ".join(error.messages)))
    return sources, problems


def store(
    sources: Iterable[Source], archive: PictureArchive | None, hosts: Hosts, beat: Callable[[], object]
) -> Stored:
    """Fetch or read each picture, put it through the door and into the storage; call `beat` while waiting.

    Returns by the source's checksum an unsaved `ProductImage` of no product, or why it was refused.
    """
    # Threads do not inherit the language in which reasons are written.
    with ThreadPoolExecutor(THREADS, "pictures", initializer=activate, initargs=(get_language(),)) as pool:
        work = {source.checksum: pool.submit(_store, source, archive, hosts) for source in sources}
        try:
            return {checksum: _wait(done, beat) for checksum, done in work.items()}
        finally:
            pool.shutdown(cancel_futures=True)


def _wait(
    done: "Future[ProductImage | ImageRefused]", beat: Callable[[], object]
) -> ProductImage | ImageRefused:
    while not wait([done], BEAT_S).done:
        beat()
    beat()
    return done.result()


def _store(source: Source, archive: PictureArchive | None, hosts: Hosts) -> ProductImage | ImageRefused:
    try:
        content = _read(source, archive, hosts)
        with decoding:
            cleaned = clean(io.BytesIO(content))
    except (ImageRefused, EntryRefused, FetchRefused) as error:
        return ImageRefused(error.messages)
    image = ProductImage()
    image.put(cleaned)
    return image


def _read(source: Source, archive: PictureArchive | None, hosts: Hosts) -> bytes:
    if source.is_address:
        return hosts.fetch(source.key)
    assert archive is not None, "a picture that is behind no address is in the archive"  # noqa: S101
    return archive.read(source.key)


def settle(sources: Sources, stored: Stored) -> Sources:
    """The sources with the checksums that the fetched ones turned out to have; `stored` learns them, too."""

    def settled(source: Source) -> Source:
        image = stored.get(source.checksum)
        if not source.is_address or not isinstance(image, ProductImage):
            return source
        stored[image.source_checksum] = image
        return Source(source.key, image.source_checksum, is_address=True)

    return {sku: [settled(source) for source in found] for sku, found in sources.items()}


def fetched(sources: Sources, known: Mapping[str, str]) -> list[PictureAddress]:
    """What is new about addresses."""
    found = {source.key: source.checksum for each in sources.values() for source in each if source.is_address}
    return [
        PictureAddress(url=url, source_checksum=checksum, fetched_at=timezone.now())
        for url, checksum in sorted(found.items())
        if checksum not in (url, known.get(url))
    ]


def remember(addresses: Iterable[PictureAddress]) -> None:
    PictureAddress.objects.bulk_create(
        addresses,
        update_conflicts=True,
        unique_fields=["url"],
        update_fields=["source_checksum", "fetched_at"],
    )


def drop_lost(stored: Stored) -> None:
    """Take out those whose file was deleted meanwhile, as the last picture that had shared it went."""
    for checksum, image in list(stored.items()):
        if isinstance(image, ProductImage) and not image.picture.storage.exists(str(image.picture)):
            del stored[checksum]


def look(
    sources: Iterable[Source], archive: PictureArchive, beat: Callable[[], object]
) -> dict[str, ImageRefused]:
    """Read only the headers of pictures, for a preview; returns by checksum why some would be refused."""
    refused = {}
    for source in sources:
        beat()
        try:
            if not source.is_address:
                open_picture(io.BytesIO(archive.read(source.key)))
        except (ImageRefused, EntryRefused) as error:
            refused[source.checksum] = ImageRefused(error.messages)
    return refused
