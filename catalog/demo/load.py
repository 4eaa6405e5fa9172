"""Puts the demo catalogue into the database: through the one door for pixels and the models' own `save`."""

import multiprocessing
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import slugify

from catalog.demo.assortment import DemoProduct, products
from catalog.demo.photos import QueryPhoto, query_photos
from catalog.demo.pool import photo_of, picture_of
from catalog.images import CleanImage
from catalog.models import Brand, Category, Product, ProductImage

# Small enough that the first products are in the shop, and at the workers, while the rest is being drawn.
CHUNK = 24
SAMPLES = "samples"


def load(advance: Callable[[int, int], None]) -> int:
    """Make the demo products and sample photos that are not there yet; returns how many products were made.

    Calls `advance(done, total)` now and then. Products are found by SKU; one that a person has changed
    stays as it is.
    """
    there = set(Product.objects.values_list("sku", flat=True))
    missing = [product for product in mixed(products()) if product.sku not in there]
    photos = [photo for photo in query_photos() if not default_storage.exists(sample_name(photo))]
    if not missing and not photos:
        return 0
    total = sum(len(product.views) for product in missing) + len(photos)
    done = 0
    # Fresh processes instead of forks: a fork would share this one's database connection.
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        pictures = pool.map(picture_of, [view for product in missing for view in product.views])
        for start in range(0, len(missing), CHUNK):
            with transaction.atomic():
                for product in missing[start : start + CHUNK]:
                    save(product, [next(pictures) for _ in product.views])
                    done += len(product.views)
            advance(done, total)
        for photo, content in zip(photos, pool.map(photo_of, photos), strict=True):
            default_storage.save(sample_name(photo), ContentFile(content))
            done += 1
            advance(done, total)
    return len(missing)


def mixed(assortment: Sequence[DemoProduct]) -> list[DemoProduct]:
    """All kinds evenly spread: what is newest in the shop would else be one kind only, the last one made."""
    numbers = Counter(product.category for product in assortment)
    places: Counter[tuple[str, ...]] = Counter()
    shares = []
    for product in assortment:
        places[product.category] += 1
        shares.append(places[product.category] / numbers[product.category])
    mixed_up = random.Random(0).sample(range(len(assortment)), len(assortment))  # noqa: S311 - no secret
    return [assortment[place] for place in sorted(mixed_up, key=shares.__getitem__)]


def sample_name(photo: QueryPhoto) -> str:
    """Where a sample photo is stored; the SKU tells which product it shows."""
    return f"{SAMPLES}/{photo.sku}.jpg"


def save(demo: DemoProduct, pictures: Iterable[CleanImage]) -> Product:
    """Save one demo product with its pictures."""
    product = Product.objects.create(
        sku=demo.sku,
        name=demo.name,
        description=demo.description,
        category=category(demo.category),
        brand=Brand.objects.get_or_create(name=demo.brand, defaults={"slug": slugify(demo.brand)})[0],
        base_colour=demo.base_colour,
        gender=demo.gender,
        season=demo.season,
        usage=demo.usage,
        price=demo.price,
        currency=demo.currency,
        stock=demo.stock,
    )
    seen = set()
    for position, (view, picture) in enumerate(zip(demo.views, pictures, strict=True)):
        if picture.checksum in seen:
            continue  # what is the same from both sides needs one picture
        seen.add(picture.checksum)
        image = ProductImage(product=product, alt=view.alt, position=position)
        image.put(picture)
        image.save()
    return product


def category(path: tuple[str, ...]) -> Category:
    """The category at `path`, made with its ancestors if need be."""
    node: Category | None = None
    for depth, name in enumerate(path, start=1):
        slug = slugify(" ".join(path[:depth]) if depth < len(path) else name)
        node, _ = Category.objects.get_or_create(parent=node, name=name, defaults={"slug": slug})
    assert node is not None, "a category path is never empty"  # noqa: S101
    return node
