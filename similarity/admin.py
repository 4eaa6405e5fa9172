"""Similarity in the admin: the state of every embedding, look-alikes beside each product, operations."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from catalog import admin as catalog_admin
from catalog.imports import admin as imports_admin
from catalog.models import ImportJob, Product, ProductImage
from similarity import curation, operations, pending, quality_admin  # noqa: F401 - it registers
from similarity.focus import FocusForm, focus_picture
from similarity.models import CategoryGroup, Curation, Embedding, EmbeddingModel, Worker
from similarity.readonly_admin import ReadOnlyAdmin
from similarity.signals import notify_workers

State = Embedding.State
# The states a product may be in, the most urgent first: a product is what its worst picture is.
URGENCY = [State.FAILED, State.PENDING, State.READY]


def may_retry(request: HttpRequest) -> bool:
    return request.user.has_perm("similarity.change_embedding")


def may_curate(request: HttpRequest) -> bool:
    return request.user.has_perm("similarity.change_curation")


def embeddings_in_use() -> Prefetch:
    """The embeddings of pictures in use, without their features."""
    in_use = Embedding.objects.defer("features").filter(backbone__models__is_active=True)
    return Prefetch("embeddings", in_use, to_attr="in_use")


def label(state: Embedding.State) -> SafeString:
    """The state as a small coloured label."""
    return format_html('<span class="look-state look-{}">{}</span>', state.value, state.label)


def tell_how_many(request: HttpRequest, number: int) -> None:
    """Tell the workers, and the person who asked, that `number` pictures are computed again."""
    notify_workers()
    message = ngettext("%d picture is computed again.", "%d pictures are computed again.", number)
    messages.success(request, message % number)


@admin.register(Embedding)
class EmbeddingAdmin(ReadOnlyAdmin):
    list_display = ["preview", "product", "state_label", "reason", "attempts", "updated_at"]
    list_display_links = ["preview", "product"]
    list_filter = ["state", "backbone"]
    list_select_related = ["image__product", "backbone"]
    search_fields = ["image__product__sku", "image__product__name", "reason"]
    search_help_text = _("SKU or name of the product, or a word of the reason")
    ordering = ["-pk"]
    fields = ["picture", "product", "backbone", "state", "reason", "attempts", "claimed_by", "checksum"]
    fields += ["created_at", "updated_at"]
    readonly_fields = ["picture", "product"]
    actions = ["retry", "redo"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Embedding]:
        return super().get_queryset(request).defer("features")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return may_retry(request)

    @admin.action(description=_("Retry those that failed"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Embedding]) -> None:
        tell_how_many(request, pending.retry(queryset.values_list("pk", flat=True)))

    @admin.action(description=_("Compute again, whatever the state"), permissions=["retry"])
    def redo(self, request: HttpRequest, queryset: QuerySet[Embedding]) -> None:
        tell_how_many(request, pending.redo(queryset.values_list("pk", flat=True)))

    @display(description="")
    def preview(self, embedding: Embedding) -> SafeString | str:
        return catalog_admin.thumbnail(embedding.image)

    @display(description=_("picture"))
    def picture(self, embedding: Embedding) -> SafeString | str:
        return catalog_admin.thumbnail(embedding.image, 240)

    @display(description=_("product"))
    def product(self, embedding: Embedding) -> str:
        return embedding.image.product.name

    @display(description=_("state"), ordering="state")
    def state_label(self, embedding: Embedding) -> SafeString:
        return label(State(embedding.state))


@admin.register(EmbeddingModel)
class EmbeddingModelAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "is_active", "refinement", "dimensions", "created_at"]
    list_select_related = ["backbone"]
    fields = ["backbone", "refinement", "dimensions", "is_active", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EmbeddingModel]:
        return super().get_queryset(request).defer("projection")


@admin.register(CategoryGroup)
class CategoryGroupAdmin(ModelAdmin):
    """What goes well with what: the groups, of which a product page shows one product each."""

    list_display = ["category", "group"]
    list_editable = ["group"]
    list_filter = ["group"]
    list_select_related = ["category"]
    list_per_page = 200
    search_fields = ["category__name"]
    autocomplete_fields = ["category"]


@admin.register(Worker)
class WorkerAdmin(ReadOnlyAdmin):
    list_display = ["name", "queue", "is_alive", "seen_at", "problem"]
    ordering = ["-seen_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A worker that is gone for good may be taken off the list."""
        return request.user.has_perm("similarity.delete_worker")

    @display(description=_("alive"), boolean=True)
    def is_alive(self, worker: Worker) -> bool:
        return worker.is_alive


class EmbeddedImageInline(catalog_admin.ImageInline):
    """Pictures with the part of them that is embedded, and what became of it."""

    form = FocusForm
    fields = [*catalog_admin.ImageInline.fields, "embedding", *FocusForm.FIELDS]
    readonly_fields = [*catalog_admin.ImageInline.readonly_fields, "embedding"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductImage]:
        return super().get_queryset(request).select_related("focus").prefetch_related(embeddings_in_use())

    @display(description=_("picture"))
    def preview(self, image: ProductImage) -> SafeString | str:
        return focus_picture(image) if image.pk else "–"

    @display(description=_("embedding"))
    def embedding(self, image: Any) -> SafeString | str:
        found = image.in_use[0] if getattr(image, "in_use", None) else None
        return format_html("{} {}", label(State(found.state)), found.reason) if found else "–"


class CurationForm(ModelForm):
    def validate_unique(self) -> None:
        """Hold the constraints against the row as a whole: Django leaves out those on an inline's parent."""
        super().validate_unique()
        try:
            self.instance.validate_constraints(exclude=set(self.errors))
        except ValidationError as error:
            self.add_error(None, error)


class CurationInline(TabularInline):
    """What is pinned into the strip or hidden from it."""

    model = Curation
    form = CurationForm
    fk_name = "product"
    autocomplete_fields = ["other"]
    fields = ["other", "decision", "position"]
    extra = 0
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Curation]:
        return super().get_queryset(request).select_related("other")


class EmbeddingFilter(admin.SimpleListFilter):
    """Products by the embeddings of their pictures."""

    title = _("embedding")
    parameter_name = "embedding"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, Any]]:
        return State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if self.value() not in State.values:
            return queryset
        of_product = Embedding.objects.filter(image__product=OuterRef("pk"), state=self.value())
        return queryset.filter(Exists(of_product.filter(backbone__models__is_active=True)))


admin.site.unregister(Product)


@admin.register(Product)
class ProductAdmin(catalog_admin.ProductAdmin):
    """The catalogue's, with embedding states and look-alikes."""

    list_display = [*catalog_admin.ProductAdmin.list_display, "embedding"]
    list_filter = [*catalog_admin.ProductAdmin.list_filter, EmbeddingFilter]
    fieldsets = [
        *catalog_admin.ProductAdmin.fieldsets[:-1],
        (_("Visually similar"), {"fields": ["similar"]}),
        catalog_admin.ProductAdmin.fieldsets[-1],
    ]
    readonly_fields = [*catalog_admin.ProductAdmin.readonly_fields, "similar"]
    inlines = [EmbeddedImageInline, CurationInline]
    actions = ["redo"]

    # The buttons beside the look-alikes belong to a form of their own: Enter in a field must not press them.
    change_form_outer_after_template = "admin/similarity/strip_form.html"

    class Media:
        js = ["admin/focus.js"]

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Product | None:
        product: Any = super().get_object(request, *args, **kwargs)
        if product:
            product.may_curate = may_curate(request)
        return product

    def get_inlines(self, request: HttpRequest, obj: Product | None) -> list[Any]:
        """A product that is not there yet has no strip."""
        return self.inlines if obj else [EmbeddedImageInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        images = ProductImage.objects.prefetch_related(embeddings_in_use())
        return (
            super().get_queryset(request).prefetch_related(None).prefetch_related(Prefetch("images", images))
        )

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return may_retry(request)

    @admin.action(description=_("Compute look-alikes again"), permissions=["retry"])
    def redo(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        of_products = Embedding.objects.filter(image__product__in=queryset.values("pk"))
        tell_how_many(request, pending.redo(of_products.values_list("pk", flat=True)))

    def get_urls(self) -> list[URLPattern]:
        again = self.admin_site.admin_view(require_POST(self.redo_view))
        curate = self.admin_site.admin_view(require_POST(self.curate_view))
        return [
            path("<int:pk>/redo/", again, name="catalog_product_redo"),
            path("<int:pk>/curate/", curate, name="catalog_product_curate"),
            *super().get_urls(),
        ]

    def redo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The button beside the look-alikes: the product's pictures are computed again."""
        if not may_retry(request):
            raise PermissionDenied
        self.redo(request, Product.objects.filter(pk=pk))
        return HttpResponseRedirect(reverse("admin:catalog_product_change", args=[pk]))

    def curate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The buttons below each look-alike: pin it, hide it, or leave it to the pictures again."""
        if not may_curate(request):
            raise PermissionDenied
        product = get_object_or_404(Product, pk=pk)
        decision, _colon, other = request.POST.get("curate", "").partition(":")
        curation.decide(product, get_object_or_404(Product, pk=other if other.isdecimal() else 0), decision)
        return HttpResponseRedirect(reverse("admin:catalog_product_change", args=[pk]) + "#look-strip")

    @display(description=_("embedding"))
    def embedding(self, product: Product) -> SafeString | str:
        """The state of the picture that is worst off."""
        states = {row.state for image in product.images.all() for row in getattr(image, "in_use", [])}
        return next((label(state) for state in URGENCY if state in states), "–")

    @display(description=_("nearest by picture"))
    def similar(self, product: Product) -> SafeString | str:
        if product.pk is None:
            return "–"
        decided = curation.decisions(product)
        found = [
            (each, catalog_admin.thumbnail(each.product.cover, 160), decided.get(each.product.pk))
            for each in curation.strip(product)
        ]
        context = {
            "product": product,
            "neighbours": found,
            "may_curate": getattr(product, "may_curate", False),
        }
        return render_to_string("admin/similarity/neighbours.html", context)


admin.site.unregister(ImportJob)


@admin.register(ImportJob)
class ImportJobAdmin(imports_admin.ImportJobAdmin):
    """The catalogue's, with what is still to be done for look-alikes."""

    def follow_up(self, job: ImportJob) -> str:
        waiting = pending.waiting() if job.images else 0
        if not waiting or job.state not in (ImportJob.State.RUNNING, ImportJob.State.DONE):
            return ""
        text = ngettext(
            "%(number)s picture waits for its look-alikes.",
            "%(number)s pictures wait for their look-alikes.",
            waiting,
        ) % {"number": intcomma(waiting)}
        rate = operations.rate_of(operations.per_minute())
        if rate >= 1:  # of less nothing can be told: it has only just begun, or no worker is at it
            now = timezone.now()
            left = timesince(now - timedelta(minutes=max(1, waiting / rate)), now, depth=1)
            more = _("%(rate)s a minute: about %(left)s more.")
            text += " " + more % {"rate": intcomma(round(rate)), "left": left}
        return text


def operations_view(request: HttpRequest) -> HttpResponse:
    """How embedding goes. POST retries what failed for one reason, or all that failed."""
    if not request.user.has_perm("similarity.view_embedding"):
        raise PermissionDenied
    if request.method == "POST":
        if not may_retry(request):
            raise PermissionDenied
        failed = Embedding.objects.filter(state=State.FAILED)
        if "reason" in request.POST:
            failed = failed.filter(reason=request.POST["reason"])
        tell_how_many(request, pending.retry(failed.values_list("pk", flat=True)))
        return HttpResponseRedirect(request.path)
    now = operations.now()
    tallest = max(now.per_minute)
    heights = [60 * number / max(1, tallest) for number in now.per_minute]
    context = {
        **admin.site.each_context(request),
        "title": _("Operations"),
        "now": now,
        "may_retry": may_retry(request),
        # Of an SVG 60 high, ten wide for each minute: x, y, height and number.
        "bars": [
            (10 * place, 60 - height, height, number)
            for place, (height, number) in enumerate(zip(heights, now.per_minute, strict=True))
        ],
        "tallest": tallest,
    }
    template = "figures" if request.headers.get("HX-Request") else "operations"
    return TemplateResponse(request, f"admin/similarity/{template}.html", context)
