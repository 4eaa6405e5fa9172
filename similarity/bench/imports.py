"""`bench import`: a table with pictures into an empty shop, beside only cleaning the same pictures.

And new prices in a shop with look-alikes, beside the same in one without.
"""

import csv
import io
import tempfile
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import F
from django.test import override_settings

from catalog.images import clean
from catalog.models import Product, ProductImage
from similarity import index
from similarity.bench import catalogue
from similarity.bench.catalogue import BenchRefused, own_database
from similarity.bench.timing import RUNS, each_ms, p50, runs_ms
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
        cleaning = p50(runs_ms([partial(_clean, contents)]))
        runs = [_first_and_again_ms(table, archive, Path(folder) / f"media-{run}") for run in range(RUNS)]
    first, again = np.median(runs, axis=0).tolist()
    return {
        "rows": len(names),
        "rows_per_s": round(1000 * len(names) / first, 1),
        "again_rows_per_s": round(1000 * len(names) / again, 1),
        "cleaning_pictures_per_s": round(1000 * len(names) / cleaning, 1),
        "ratio_to_cleaning": round(first / cleaning, 2),
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


def _clean(contents: list[bytes]) -> None:
    for content in contents:
        clean(io.BytesIO(content))


def _first_and_again_ms(table: Path, archive: Path, media: Path) -> np.ndarray:
    """The times of an import into an empty shop and of the same once more, float (2,)."""
    bring = partial(call_command, "import_catalog", str(table), str(archive), json=True, stdout=io.StringIO())
    with own_database(), override_settings(MEDIA_ROOT=media):
        return each_ms([bring, bring])
