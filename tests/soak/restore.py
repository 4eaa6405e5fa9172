"""The drill: a shop of 20,000 products is dumped, wiped and restored; it must answer as before.

    python -m tests.soak.restore --products 20000

Prints a JSON report; ends with status 1 when a row or an answer differs, or when the restore takes 3 minutes.
"""

import argparse
import hashlib
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from tests.site import Site
from tests.soak.stage import stage

SECONDS_MAX = 180
ASKED = 50
BATCH = 1000
FEATURES = """
INSERT INTO similarity_embedding
    (image_id, backbone_id, state, reason, attempts, claimed_by, checksum, features, created_at, updated_at)
SELECT i.id, m.backbone_id, 'ready', '', 1, '', i.checksum,
    (SELECT array_agg(random() - 0.5) FROM generate_series(1, 2048) WHERE i.id > 0)::halfvec, now(), now()
FROM catalog_productimage i, similarity_embeddingmodel m WHERE m.is_active
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=20_000)
    options = parser.parse_args()
    with stage() as site:
        report = drill(site, options.products)
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


def drill(site: Site, products: int) -> dict[str, Any]:
    from django.db import connection

    from shop import backup
    from tests.shop.test_backup import fingerprint

    fill(products)
    rows, answers = fingerprint(site.environment["DATABASE_URL"]), look_alikes()
    folder, began = site.state.root / "backup", time.monotonic()
    backup.dump(folder)
    dumped = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalog_product, similarity_backbone CASCADE")
    shutil.rmtree(site.environment["MEDIA_ROOT"])
    wiped = time.monotonic()
    backup.restore(folder)
    restored = time.monotonic()
    report: dict[str, Any] = {
        "products": products,
        "dump_s": round(dumped - began, 1),
        "dump_mb": round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6),
        "restore_s": round(restored - wiped, 1),
        "rows_equal": fingerprint(site.environment["DATABASE_URL"]) == rows,
        "asked": ASKED,
        "answers_equal": look_alikes() == answers,
        "pictures": len(list(Path(site.environment["MEDIA_ROOT"]).rglob("*.jpg"))),
    }
    report["passed"] = (
        report["rows_equal"]
        and report["answers_equal"]
        and report["pictures"] == products
        and report["restore_s"] < SECONDS_MAX
    )
    return report


def fill(products: int) -> None:
    """So many products with a picture and a vector each, made up, and the index over them."""
    import numpy as np
    from django.core.files.base import ContentFile
    from django.db import connection

    from catalog.models import Category, Product, ProductImage, picture_path
    from similarity import index
    from similarity.models import EmbeddingModel, SearchVector
    from similarity.vectors import normalise
    from tests.soak.goods import picture

    model, chance = EmbeddingModel.objects.get(is_active=True), np.random.default_rng(1)
    category = Category.objects.create(name="Shirts", slug="shirts")
    centres = chance.standard_normal((products // 10 + 1, model.dimensions), np.float32)
    for begin in range(0, products, BATCH):
        numbers = range(begin, min(begin + BATCH, products))
        made = Product.objects.bulk_create(
            Product(sku=f"S{number}", slug=f"s{number}", name=f"Shirt {number}", category=category, stock=1)
            for number in numbers
        )
        images = []
        for number, product in zip(numbers, made, strict=True):
            content = picture(number)
            checksum = hashlib.sha256(content).hexdigest()
            image = ProductImage(
                product=product, checksum=checksum, source_checksum=checksum, width=60, height=80
            )
            image.picture.name = image.picture.storage.save(picture_path(image, ""), ContentFile(content))
            images.append(image)
        ProductImage.objects.bulk_create(images)
        # Ten of a kind, so that it is clear which are the nearest.
        noise = chance.standard_normal((len(images), model.dimensions), np.float32)
        vectors = normalise(centres[[number % len(centres) for number in numbers]] + noise)
        SearchVector.objects.bulk_create(
            SearchVector(model=model, image=image, product=image.product, vector=row)
            for image, row in zip(images, vectors, strict=True)
        )
    with connection.cursor() as cursor:
        cursor.execute(FEATURES)
    index.build(model)


def look_alikes() -> dict[str, list[tuple[str, float]]]:
    """The five nearest of some products."""
    from catalog.models import Product
    from similarity import neighbours

    asked = Product.objects.order_by("pk")[:ASKED]
    return {
        product.sku: [
            (found.product.sku, round(found.similarity, 5)) for found in neighbours.of_product(product)
        ]
        for product in asked
    }


if __name__ == "__main__":
    sys.exit(main())
