"""`manage.py similar`: the look-alikes of a product, as the shop finds them."""

from json import dumps
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.models import Product
from similarity import matches
from similarity.metric import COSINE, METRICS, distance
from similarity.neighbours import STRIP


class Command(BaseCommand):
    help = "List the products that look most like one, nearest first, sold-out ones last."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sku", help="the product that asks")
        parser.add_argument("--limit", type=int, default=STRIP, help=f"how many (default: {STRIP})")
        parser.add_argument("--metric", choices=METRICS, default=COSINE, help="what distances are told in")
        parser.add_argument("--json", action="store_true", help="print a JSON list")

    def handle(self, *, sku: str, limit: int, metric: str, json: bool, **options: Any) -> None:
        product = Product.objects.filter(sku=sku).first()
        if product is None:
            raise CommandError(f"There is no product with the SKU {sku}.")
        rows = [
            {
                "sku": match.product.sku,
                "name": match.product.name,
                "similarity": round(match.similarity, 4),
                "distance": round(distance(match.similarity, metric), 4),
                "band": match.band and match.band.value,
                "match": match.percent,
            }
            for match in matches.of_product(product, limit=max(1, limit))
        ]
        if json:
            self.stdout.write(dumps(rows, indent=2))
            return
        for row in rows:
            self.stdout.write(
                f"{row['distance']:.4f}  {row['band'] or '-':<8} {row['sku']:<16} {row['name']}"
            )
