"""Writing a plan: everything of a chunk in the transaction that the caller has begun."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import files
from catalog.images import ImageRefused
from catalog.imports.plan import Change, Defaults, PictureChange, Plan
from catalog.imports.problems import Problem
from catalog.models import Product, ProductImage, product_slug, search_text
from catalog.signals import pictures_saved

# What `ProductImage.put` fills.
PICTURE_FIELDS = ["picture", "checksum", "source_checksum", "width", "height"]


@dataclass
class Written:
    """How much of a plan was written, and which pictures could not be."""

    created: set[int] = field(default_factory=set)  # numbers of rows
    changed: set[int] = field(default_factory=set)
    images: int = 0
    problems: list[Problem] = field(default_factory=list)


def write(plan: Plan, stored: Mapping[str, ProductImage | ImageRefused], defaults: Defaults) -> Written:
    """Write categories, brands, products and pictures of `plan`; tell who listens which pictures are new.

    `stored` holds the files of all pictures the plan asks for, by the checksum of their source.
    """
    plan.brands.make(change.row.brand or change.row.brand_guess for change in plan.changes)
    new = [change for change in plan.changes if change.product is None]
    changed = [change for change in plan.changes if change.differences]
    _create(new, plan, defaults)
    _update(changed, plan)
    images, problems, touched = _write_pictures(plan.changes, stored)
    created = {change.row.number for change in new}
    return Written(created, ({change.row.number for change in changed} | touched) - created, images, problems)


def _create(changes: list[Change], plan: Plan, defaults: Defaults) -> None:
    products = []
    for change in changes:
        row = change.row
        product = Product(sku=row.sku, **{"price": defaults.price, "stock": defaults.stock} | row.values)
        product.category = plan.categories.make(row.category)
        product.brand = plan.brands.find(row.brand or row.brand_guess)
        product.slug = product_slug(product.name, product.sku)
        product.search_text = search_text(product)
        change.product = product
        products.append(product)
    _part_slugs(products)
    Product.objects.bulk_create(products)


def _part_slugs(products: list[Product]) -> None:
    """Give another slug to products whose SKUs differ, but not as slugs: “A/1” and “A 1”."""
    taken = set(Product.objects.filter(slug__in=[p.slug for p in products]).values_list("slug", flat=True))
    for product in products:
        if product.slug in taken:
            product.slug = f"{product.slug[:147]}-{hashlib.sha256(product.sku.encode()).hexdigest()[:12]}"
        taken.add(product.slug)


def _update(changes: list[Change], plan: Plan) -> None:
    """Write only the columns that differ somewhere, so that what others edit meanwhile stays theirs."""
    columns, products, now = {"updated_at"}, [], timezone.now()
    for change in changes:
        product, row = change.product, change.row
        assert product is not None, "only existing products differ"  # noqa: S101
        for name in change.differences.keys() & row.values.keys():
            setattr(product, name, row.values[name])
        product.category = plan.categories.make(row.category)
        if "brand" in change.differences:
            product.brand = plan.brands.find(row.brand or "")
        text = search_text(product)
        columns |= change.differences.keys() | ({"search_text"} if text != product.search_text else set())
        product.search_text, product.updated_at = text, now
        products.append(product)
    if products:
        Product.objects.bulk_update(products, sorted(columns))


def _write_pictures(
    changes: list[Change], stored: Mapping[str, ProductImage | ImageRefused]
) -> tuple[int, list[Problem], set[int]]:
    """How many pictures were written, which were not and why, and the numbers of the rows that got some."""
    new: list[ProductImage] = []
    replaced: list[ProductImage] = []
    forgotten, problems, touched = [], [], set()
    for change in changes:
        taken = {image.checksum for image in change.gallery}
        for picture in change.pictures:
            file = stored[picture.source.checksum]
            if isinstance(file, ImageRefused):
                problems.append(picture_problem(change, picture, " ".join(file.messages)))
                continue
            image = picture.replaces or ProductImage(product=change.product, position=picture.position)
            if file.checksum in taken and file.checksum != image.checksum:
                problems.append(picture_problem(change, picture, _("The product has this picture already.")))
                continue
            taken.add(file.checksum)
            if picture.replaces:
                forgotten.append(image.picture.name)
            for name in PICTURE_FIELDS:
                setattr(image, name, getattr(file, name))
            (replaced if picture.replaces else new).append(image)
            touched.add(change.row.number)
    ProductImage.objects.bulk_create(new)
    ProductImage.objects.bulk_update(replaced, PICTURE_FIELDS)
    files.forget(forgotten)
    if new or replaced:
        pictures_saved.send(ProductImage, images=[image.pk for image in new + replaced])
    return len(new) + len(replaced), problems, touched


def picture_problem(change: Change, picture: PictureChange, reason: str) -> Problem:
    return Problem(change.row.number, "pictures", picture.source.key, reason)
