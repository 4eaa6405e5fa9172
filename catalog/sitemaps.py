"""The site map: every category and every active product."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from catalog.models import Category, Product


class CategorySitemap(Sitemap):
    def items(self) -> "QuerySet[Category]":
        return Category.objects.without_tree_fields().order_by("pk")


class ProductSitemap(Sitemap):
    limit = 10_000  # a file of the protocol may hold 50,000; this keeps each below a few megabytes

    def items(self) -> "QuerySet[Product]":
        return Product.objects.visible().only("slug", "updated_at").order_by("pk")

    def lastmod(self, product: Product) -> datetime:
        return product.updated_at


SITEMAPS = {"categories": CategorySitemap, "products": ProductSitemap}
