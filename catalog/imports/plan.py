"""What a chunk of rows would change. Reads, never writes: a preview is a plan that is not applied."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from catalog.imports.rows import ProductRow
from catalog.imports.shelves import Brands, Categories, path_text
from catalog.models import Product, ProductImage


@dataclass(frozen=True)
class Defaults:
    """What a new product gets where the file does not say."""

    price: Decimal = Decimal(0)  # shown as “price on request”: an invented price would be a lie
    stock: int = 1


@dataclass(frozen=True)
class Source:
    """A picture in the archive or behind an address: its key there and the sha256 of its bytes.

    As long as an address was never fetched, the address itself stands in for the checksum.
    """

    key: str
    checksum: str
    is_address: bool = False


@dataclass(frozen=True)
class PictureChange:
    """A picture to be stored: in the place of `replaces`, or as a new one at `position`."""

    source: Source
    position: int
    replaces: ProductImage | None


@dataclass
class Change:
    """What a row does to its product, which is None when it is new, and to the gallery of its pictures.

    `differences` holds (old, new) by field, as people read them, for a product that exists.
    """

    row: ProductRow
    product: Product | None
    gallery: list[ProductImage]
    differences: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    pictures: list[PictureChange] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return self.product is not None and not self.differences and not self.pictures

    def shown(self) -> dict[str, tuple[Any, Any]]:
        """The differences, with the names of new pictures."""
        names = ", ".join(picture.source.key for picture in self.pictures)
        return self.differences | ({"pictures": ("", names)} if names else {})


@dataclass
class Plan:
    """The changes of a chunk, with the categories and brands they were compared with."""

    changes: list[Change]
    categories: Categories
    brands: Brands
    without_picture: list[ProductRow]  # neither the archive nor the catalogue has one
    unknown: list[ProductRow]  # of a product that there is none of, and that cannot be made of its pictures

    @property
    def is_empty(self) -> bool:
        return all(change.is_empty for change in self.changes)

    def sources(self) -> dict[str, Source]:
        """The pictures to be stored, by checksum."""
        pictures = (picture for change in self.changes for picture in change.pictures)
        return {picture.source.checksum: picture.source for picture in pictures}


def make_plan(rows: Sequence[ProductRow], sources: Mapping[str, Sequence[Source]]) -> Plan:
    """Compare rows, and their pictures by SKU, with the catalogue: four queries for any number of rows."""
    skus = [row.sku for row in rows]
    products = {p.sku: p for p in Product.objects.filter(sku__in=skus).defer("search_vector")}
    galleries: dict[int, list[ProductImage]] = {}
    for image in ProductImage.objects.filter(product__in=products.values()).order_by("position", "id"):
        galleries.setdefault(image.product_id, []).append(image)
    plan = Plan([], Categories(), Brands(row.brand or row.brand_guess for row in rows), [], [])
    for row in rows:
        product = products.get(row.sku)
        if product is None and not row.category:
            plan.unknown.append(row)
            continue
        gallery = galleries.get(product.pk, []) if product else []
        change = Change(row, product, gallery, pictures=picture_changes(gallery, sources.get(row.sku, ())))
        if product is not None:
            change.differences = differences(product, row, plan)
        if not gallery and not change.pictures:
            plan.without_picture.append(row)
        plan.changes.append(change)
    return plan


def differences(product: Product, row: ProductRow, plan: Plan) -> dict[str, tuple[Any, Any]]:
    """(old, new) of each field of which the row speaks and says something else than the product."""
    found = {
        name: (old, value) for name, value in row.values.items() if (old := getattr(product, name)) != value
    }
    category = plan.categories.find(row.category)
    if row.category and (category is None or category.pk != product.category_id):
        found["category"] = plan.categories.path(product.category_id), path_text(row.category)
    if row.brand is not None:
        brand = plan.brands.find(row.brand) if row.brand else None
        if (brand and brand.pk) != product.brand_id or (row.brand and brand is None):
            found["brand"] = str(product.brand or ""), row.brand
    return found


def picture_changes(gallery: Sequence[ProductImage], sources: Iterable[Source]) -> list[PictureChange]:
    """What makes the first pictures of a product those of the archive.

    A picture that the gallery has, wherever it stands, stays. Another takes the place of the one at its
    number if that is none of the archive's, and is added at the end otherwise. Further pictures stay.
    """
    wanted = {source.checksum: source for source in sources}
    present = {image.source_checksum for image in gallery}
    end = max((image.position + 1 for image in gallery), default=0)
    changes = []
    for place, source in enumerate(wanted.values()):
        if source.checksum in present:
            continue
        old = gallery[place] if place < len(gallery) else None
        if old is not None and old.source_checksum not in wanted:
            changes.append(PictureChange(source, old.position, replaces=old))
        else:
            changes.append(PictureChange(source, end, replaces=None))
            end += 1
    return changes
