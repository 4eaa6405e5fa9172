"""The catalogue in the admin: products with their pictures, categories, brands."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from import_export.admin import ExportActionModelAdmin
from tree_queries.admin import TreeChangeList
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.import_export.forms import ExportForm
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from catalog import files, thumbnails
from catalog.export import ProductResource
from catalog.images import CleanImage, clean_upload
from catalog.imports import admin as imports_admin  # noqa: F401 - registers the imports
from catalog.models import Brand, Category, Product, ProductImage
from catalog.tree import CategoryTree

THUMBNAIL_HEIGHT_PX = 64


def thumbnail(image: ProductImage | None, height: int = THUMBNAIL_HEIGHT_PX) -> SafeString | str:
    """The picture, `height` pixels high on the page."""
    if image is None or not image.picture.name:
        return "–"
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy" class="look-picture">',
        thumbnails.url(image.picture.name, thumbnails.WIDTHS_PX[0]),
        round(height * image.width / image.height),
        height,
        image.alt,
    )


class ImageForm(forms.ModelForm):
    """A picture of the gallery; a new file has to pass the door and to be new in this gallery."""

    upload = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    class Meta:
        model = ProductImage
        fields = ["alt", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # in a table the heads of the columns are nobody's labels
            field.widget.attrs["aria-label"] = field.label

    def clean_upload(self) -> CleanImage | None:
        file = self.cleaned_data["upload"]
        if file is None:
            if self.instance.pk is None:
                raise forms.ValidationError(_("Choose a file."), code="required")
            return None
        return clean_upload(file)

    def save(self, commit: bool = True) -> ProductImage:
        if upload := self.cleaned_data["upload"]:
            files.hold()
            self.instance.put(upload)
        return super().save(commit)


class GalleryFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse a picture that the gallery has already, before the database does."""
        super().clean()
        checksums = {form.instance.checksum for form in self.initial_forms}
        for form in self.forms:
            upload = form.cleaned_data.get("upload") if hasattr(form, "cleaned_data") else None
            if upload is None or upload.checksum == form.instance.checksum:
                continue
            if upload.checksum in checksums:
                form.add_error("upload", _("The gallery has this picture already."))
            checksums.add(upload.checksum)


class ImageInline(TabularInline):
    model = ProductImage
    form = ImageForm
    formset = GalleryFormSet
    fields = ["preview", "upload", "alt", "position"]
    readonly_fields = ["preview"]
    hide_title = True

    def get_extra(self, request: HttpRequest, obj: Product | None = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    @display(description=_("picture"))
    def preview(self, image: ProductImage) -> SafeString | str:
        return thumbnail(image, 96) if image.pk else "–"


class CategoryFilter(admin.SimpleListFilter):
    """Products of a category or anywhere below it."""

    title = _("category")
    parameter_name = "in"

    def __init__(self, *args: Any) -> None:
        self.tree = CategoryTree()
        super().__init__(*args)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(self._below(None, ""))

    def _below(self, parent: Category | None, indent: str) -> Iterator[tuple[str, str]]:
        for child in self.tree.children(parent):
            yield child.slug, indent + child.name
            yield from self._below(child, f"{indent}– ")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if not (slug := self.value()):
            return queryset
        category = self.tree.find(slug)
        return queryset.filter(category_id__in=self.tree.within([category] if category else []))


class StockFilter(admin.SimpleListFilter):
    title = _("stock")
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("in stock")), ("no", _("sold out"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        match self.value():
            case "yes":
                return queryset.filter(stock__gt=0)
            case "no":
                return queryset.filter(stock=0)
        return queryset


@admin.register(Product)
class ProductAdmin(ModelAdmin, ExportActionModelAdmin):
    list_display = ["cover", "name", "sku", "category", "brand", "amount", "stock", "is_active"]
    list_display_links = ["cover", "name"]
    list_filter = [CategoryFilter, StockFilter, "is_active", "gender", "season"]
    list_filter_submit = True
    list_select_related = ["category", "brand"]
    ordering = ["-pk"]  # the newest first, by an index that has the hidden ones, too
    list_per_page = 30
    list_max_show_all = 100
    # The number of all products beside that of the found ones would cost another count.
    show_full_result_count = False
    search_fields = ["sku", "name"]
    search_help_text = _("SKU or name")
    autocomplete_fields = ["category", "brand"]
    readonly_fields = ["slug", "created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["name", ("sku", "is_active"), ("category", "brand"), "description"]}),
        (_("Offer"), {"fields": [("price", "currency"), "stock"]}),
        (_("Attributes"), {"fields": [("base_colour", "gender"), ("season", "usage")]}),
        (_("Record"), {"fields": ["slug", ("created_at", "updated_at")], "classes": ["collapse"]}),
    ]
    inlines = [ImageInline]
    resource_classes = [ProductResource]
    export_form_class = ExportForm
    show_change_form_export = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        return super().get_queryset(request).defer("search_vector").prefetch_related("images")

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Who may see products may take the list along."""
        return self.has_view_permission(request)

    @display(description="")
    def cover(self, product: Product) -> SafeString | str:
        return thumbnail(product.cover)

    @display(description=_("price"), ordering="price")
    def amount(self, product: Product) -> str:
        return f"{product.price}\N{NO-BREAK SPACE}{product.currency}"


@admin.register(Category)
class CategoryAdmin(ModelAdmin):
    list_display = ["indented", "slug", "position", "products"]
    list_display_links = ["indented"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["parent"]
    list_per_page = 500
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        counted = Product.objects.filter(category=OuterRef("pk")).order_by().values("category")
        count = Subquery(counted.values(count=Count("pk")))
        return Category.objects.with_tree_fields().annotate(product_count=Coalesce(count, 0))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[TreeChangeList]:
        return TreeChangeList

    @display(description=_("name"))
    def indented(self, category: Any) -> SafeString:
        return format_html('<span class="look-depth-{}">{}</span>', category.tree_depth, category.name)

    @display(description=_("products"))
    def products(self, category: Any) -> int:
        return category.product_count


@admin.register(Brand)
class BrandAdmin(ModelAdmin):
    list_display = ["name", "slug", "products"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Brand]:
        return super().get_queryset(request).annotate(product_count=Count("products"))

    @display(description=_("products"), ordering="product_count")
    def products(self, brand: Any) -> int:
        return brand.product_count
