"""`bench import`: a table with pictures into an empty shop, beside only cleaning the same pictures.

And new prices in a shop with look-alikes, beside the same in one without.
"""

import csv
import io
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import F
from django.test import override_settings

from catalog.images import clean
from catalog.models import Product, ProductImage
from similarity import index
from similarity.bench import catalogue
from similarity.bench.catalogue import BenchRefused, own_database
from similarity.bench.timing import p50, runs_ms
from similarity.models import SearchVector

# Products whose prices are changed.
PRICES = 10_000
ROW = {
    "gender": "Men",
    "masterCategory": "Apparel",
    "subCategory": "Topwear",
    "articleType": "Shirts",
    "baseColour": "Blue",
    "season": "Summer",
    "year": "2026",
    "usage": "Casual",
}


def measure(size: int) -> dict[str, Any]:
    """Import `size` rows made of the shop's pictures, then the same file again."""
    names = list(ProductImage.objects.order_by("pk").values_list("picture", flat=True)[:size])
    if not names:
        raise BenchRefused("The shop has no pictures. Run `make demo`, or import a catalogue.")
    with tempfile.TemporaryDirectory() as folder:
        table, archive = Path(folder) / "styles.csv", Path(folder) / "images.zip"
        contents = _write(names, table, archive)
        start = time.perf_counter()
        for content in contents:
            clean(io.BytesIO(content))
        cleaning_s = time.perf_counter() - start
        with own_database(), override_settings(MEDIA_ROOT=Path(folder) / "media"):
            first_s, again_s = _import_s(table, archive), _import_s(table, archive)
    return {
        "rows": len(names),
        "rows_per_s": round(len(names) / first_s, 1),
        "again_rows_per_s": round(len(names) / again_s, 1),
        "cleaning_pictures_per_s": round(len(names) / cleaning_s, 1),
        "ratio_to_cleaning": round(first_s / cleaning_s, 2),
        **_price_update(),
    }


def _price_update() -> dict[str, Any]:
    """New prices for all of a grown catalogue with vectors and their index, and for its twin without any."""
    source = catalogue.real()
    with_search, without = (_new_prices_ms(source, has_vectors) for has_vectors in (True, False))
    return {
        "price_update_ms": with_search,
        "price_update_without_search_ms": without,
        "price_update_ratio": round(with_search / without, 2),
    }


def _new_prices_ms(source: catalogue.Real, has_vectors: bool) -> float:
    with own_database():
        model = catalogue.grow(source, PRICES)
        if has_vectors:
            index.build(model)
        else:
            SearchVector.objects.all().delete()
        return p50(runs_ms([lambda: Product.objects.update(price=F("price") + 1)]))


def _write(names: list[str], table: Path, archive: Path) -> list[bytes]:
    contents = []
    with table.open("w", newline="") as text, zipfile.ZipFile(archive, "w") as pictures:
        rows = csv.writer(text)
        rows.writerow(("id", *ROW, "productDisplayName"))
        for number, name in enumerate(names, 1):
            with default_storage.open(name) as file:
                contents.append(file.read())
            pictures.writestr(f"images/{number}.jpg", contents[-1])
            rows.writerow((number, *ROW.values(), f"Shirt {number}"))
    return contents


def _import_s(table: Path, archive: Path) -> float:
    start = time.perf_counter()
    call_command("import_catalog", str(table), str(archive), json=True, stdout=io.StringIO())
    return time.perf_counter() - start
