"""The catalogue: categories, brands, products and their pictures. Knows nothing of vectors."""

import unicodedata
from decimal import Decimal
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.files.base import ContentFile
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import NullIf
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode

from catalog.images import CleanImage


def fold(text: str) -> str:
    """Text without accents, for search: the embedded PostgreSQL has no `unaccent`."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


class Category(TreeNode):
    """A node of the category tree; products usually hang on its leaves, the article types."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), max_length=140, unique=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], name="category_name_once_per_parent", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:category", args=[self.slug])


class Brand(models.Model):
    """Who makes it."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ProductQuerySet(models.QuerySet["Product"]):
    def visible(self) -> "ProductQuerySet":
        """Those a shopper may see."""
        return self.filter(is_active=True)

    def for_cards(self) -> "ProductQuerySet":
        """With all that a product card shows, in two queries however many products there are."""
        return self.select_related("brand", "category").prefetch_related("images")


# The price, or NULL where it is on request: 0 is what nobody has given a price. PostgreSQL sorts NULL last.
KNOWN_PRICE = NullIf("price", Value(Decimal(0)))


class Product(models.Model):
    """One article of the shop. `sku` is the merchant's own key; imports find products by it."""

    sku = models.CharField(_("SKU"), max_length=64, unique=True)
    slug = models.SlugField(_("slug"), max_length=160, unique=True)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="products", verbose_name=_("category")
    )
    brand = models.ForeignKey(
        Brand, models.PROTECT, related_name="products", verbose_name=_("brand"), null=True, blank=True
    )
    base_colour = models.CharField(_("base colour"), max_length=50, blank=True)
    gender = models.CharField(_("gender"), max_length=30, blank=True)
    season = models.CharField(_("season"), max_length=30, blank=True)
    usage = models.CharField(_("usage"), max_length=50, blank=True)
    price = models.DecimalField(
        _("price"), max_digits=10, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, such as EUR."))],
    )
    stock = models.PositiveIntegerField(_("stock"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    # What text search finds besides the name; kept by `save` and by whoever writes in bulk.
    search_text = models.TextField(editable=False, default="")
    search_vector = models.GeneratedField(
        expression=SearchVector("search_text", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["-created_at", "-id"]
        indexes = [
            GinIndex(fields=["search_vector"], name="product_text_search"),
            models.Index(fields=["-created_at", "-id"], name="product_newest", condition=Q(is_active=True)),
            models.Index(fields=["price", "id"], name="product_price", condition=Q(is_active=True)),
            # From the cheapest on, without first sorting what is on request to the end.
            models.Index(KNOWN_PRICE, "id", name="product_known_price", condition=Q(is_active=True)),
            # Look-alikes of one colour: without it each of them reads the whole table.
            models.Index(fields=["base_colour"], name="product_colour", condition=Q(is_active=True)),
            # Counting a facet of 40,000 products reads 2 MB of this instead of 16 MB of rows.
            models.Index(
                fields=["category", "brand", "base_colour", "gender", "season", "usage"],
                name="product_facets",
                condition=Q(is_active=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="product_price_not_negative"),
            models.CheckConstraint(condition=~Q(sku=""), name="product_sku_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill slug and search text, then save. Costs a query when category or brand are not loaded."""
        derived = {"search_text"}
        if not self.slug:
            self.slug = product_slug(self.name, self.sku)
            derived.add("slug")
        self.search_text = search_text(self)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], *derived, "updated_at"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("catalog:product", args=[self.slug])

    @property
    def in_stock(self) -> bool:
        return self.stock > 0

    @property
    def cover(self) -> "ProductImage | None":
        """The first picture. Free of queries when `images` is prefetched."""
        return next(iter(self.images.all()), None)


def product_slug(name: str, sku: str) -> str:
    """A readable address that is unique because the SKU is."""
    end = slugify(sku)[:60] or sku.encode().hex()[:60]
    return f"{slugify(name)[: 159 - len(end)]}-{end}".lstrip("-")


def search_text(product: Product) -> str:
    """All words a shopper may look for a product by, without accents."""
    words = [product.name, product.category.name, product.brand.name if product.brand else ""]
    words += [product.base_colour, product.gender, product.season, product.usage, product.sku]
    return fold(" ".join(filter(None, words)))


def picture_path(image: "ProductImage", filename: str) -> str:
    """Named by content, never by what the upload was called: equal pictures share a file."""
    return f"products/{image.checksum[:2]}/{image.checksum}.jpg"


class ProductImage(models.Model):
    """A picture of a product. Fill it by `put`, the only way in."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="images", verbose_name=_("product"))
    picture = models.ImageField(_("picture"), upload_to=picture_path, max_length=120)
    alt = models.CharField(_("alternative text"), max_length=200, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    checksum = models.CharField(max_length=64, editable=False, db_index=True)
    source_checksum = models.CharField(max_length=64, editable=False, db_index=True)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["position", "id"]
        constraints = [
            # The same picture twice in one gallery is a mistake, and would count twice in a strip.
            models.UniqueConstraint(fields=["product", "checksum"], name="image_once_per_product"),
        ]

    def __str__(self) -> str:
        return self.alt or f"{self.product} ({self.position + 1})"

    def put(self, clean: CleanImage) -> None:
        """Take a picture that has passed the door: store its file if it is new and fill the fields.

        Call `save` afterwards. Equal pictures share one file, so an existing one is left as it is.
        """
        self.checksum, self.source_checksum = clean.checksum, clean.source_checksum
        self.width, self.height = clean.width, clean.height
        storage, name = self.picture.storage, picture_path(self, "")
        if not storage.exists(name):
            name = storage.save(name, ContentFile(clean.content))
        self.picture = name


# The import's models are this application's, too.
from catalog.imports.models import ImportJob, ImportProblem, PictureAddress  # noqa: E402, F401
