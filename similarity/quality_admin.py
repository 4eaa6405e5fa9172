"""Quality in the admin: evaluate, refine and calibrate at a button's press, and look at what came of it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from catalog import admin as catalog_admin
from catalog.models import Product, ProductImage
from similarity import plots, runs
from similarity.bands import Calibration
from similarity.models import EmbeddingModel, NearDuplicate, Run
from similarity.readonly_admin import ReadOnlyAdmin

Kind, State = Run.Kind, Run.State
SHOWN = 20
COLOURS = {State.DONE: "ready", State.REFUSED: "failed", State.FAILED: "failed", State.CANCELLED: "failed"}


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    """The list is a page of our own: buttons, progress, the last runs, the last evaluation."""

    def get_urls(self) -> list[URLPattern]:
        def view(function: Any) -> Any:
            return self.admin_site.admin_view(require_POST(function))

        return [
            path("start/<slug:kind>/", view(self.start), name="similarity_run_start"),
            path("<int:pk>/cancel/", view(self.cancel), name="similarity_run_cancel"),
            *super().get_urls(),
        ]

    def start(self, request: HttpRequest, kind: str) -> HttpResponse:
        if not request.user.has_perm("similarity.add_run"):
            raise PermissionDenied
        if kind in Kind.values and runs.start(Kind(kind), request.user.pk) is None:
            messages.error(request, _("Another run is under way. Wait for its end, or cancel it."))
        return HttpResponseRedirect(reverse("admin:similarity_run_changelist"))

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm("similarity.change_run"):
            raise PermissionDenied
        if not runs.cancel(get_object_or_404(Run, pk=pk)):
            messages.error(request, _("This run has ended already."))
        return HttpResponseRedirect(reverse("admin:similarity_run_changelist"))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        last = list(Run.objects.select_related("created_by")[:SHOWN])
        measured = Run.objects.filter(kind=Kind.EVALUATE, state=State.DONE).first()
        model = EmbeddingModel.active()
        context = {
            **self._page(request, _("Quality")),
            "runs": [(run, state_label(run), headline(run)) for run in last],
            "active": next((run for run in last if run.is_active), None),
            "measured": measured,
            "model": model,
            "may_start": request.user.has_perm("similarity.add_run"),
            "may_cancel": request.user.has_perm("similarity.change_run"),
            **(drawn(measured) if measured else {}),
        }
        if model and model.calibration:
            context |= calibrated(model.calibration)
        asks_again = bool(request.headers.get("HX-Request"))
        template = "runs_list" if asks_again else "runs"
        response = TemplateResponse(request, f"admin/similarity/{template}.html", context)
        if asks_again and not context["active"]:  # it has just ended: the whole page has news
            response["HX-Refresh"] = "true"
        return response

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """One run and its figures, refused ones too."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        number = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        run = get_object_or_404(Run.objects.select_related("created_by"), pk=number)
        context = {
            **self._page(request, str(run)),
            "run": run,
            "state_label": state_label(run),
            **drawn(run),
        }
        if run.kind == Kind.CALIBRATE and run.report:
            context |= calibrated(run.report)
        return TemplateResponse(request, "admin/similarity/run.html", context)

    def _page(self, request: HttpRequest, title: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}


def state_label(run: Run) -> SafeString:
    colour = COLOURS.get(State(run.state), "pending")
    return format_html('<span class="look-state look-{}">{}</span>', colour, run.get_state_display())


def headline(run: Run) -> str:
    """The figure that a list has room for."""
    report = run.report or {}
    if run.kind == Kind.REFINE and report:
        return _("precision@5 %(gain)+.4f") % {"gain": report["gain"]}
    if run.kind == Kind.EVALUATE and report:
        both = report["refined"].get("articleType+baseColour")
        recall = report["instance_recall_at_1"]
        words = _("photos %(recall).3f") % {"recall": recall}
        return words if both is None else _("both %(both).3f") % {"both": both} + f", {words}"
    if run.kind == Kind.CALIBRATE and report:
        return _("%(pairs)d pairs") % {"pairs": report["pairs"]}
    return run.reason


def drawn(run: Run) -> dict[str, Any]:
    """What the templates draw of an evaluation or a refinement."""
    report = run.report
    if not report or run.kind == Kind.CALIBRATE:
        return {}
    rows = plots.bars(report)
    return {
        "report": report,
        "bars": rows,
        "bars_height": plots.ROW * len(rows),
        "examples": examples(report.get("examples", [])),
    }


def calibrated(content: dict[str, Any]) -> dict[str, Any]:
    found = Calibration.from_json(content)
    curves = [(_("pictures of the catalogue"), found.pictures)]
    if found.photos:
        curves.append((_("photos of shoppers"), found.photos))
    return {
        "calibration": found,
        "curves": [(name, plots.curve(curve)) for name, curve in curves],
    }


def examples(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Products in place of their numbers; those that are gone by now are left out."""
    wanted = {row["query"] for row in rows} | {each["product"] for row in rows for each in row["results"]}
    products = Product.objects.for_cards().in_bulk(wanted)
    return [
        {
            "product": products[row["query"]],
            "picture": catalog_admin.thumbnail(products[row["query"]].cover, 80),
            "results": [
                {
                    "product": products[each["product"]],
                    "picture": catalog_admin.thumbnail(products[each["product"]].cover, 80),
                    "agrees": each["agrees"],
                    "is_right": len(each["agrees"]) == len(row["judged"]),
                }
                for each in row["results"]
                if each["product"] in products
            ],
        }
        for row in rows
        if row["query"] in products
    ]


@admin.register(NearDuplicate)
class NearDuplicateAdmin(ReadOnlyAdmin):
    """Pairs of the model that answers, the nearest first."""

    list_display = ["one_picture", "one_product", "other_picture", "other_product", "cosine", "is_same_file"]
    list_display_links = None
    list_filter = ["is_same_file"]
    list_select_related = ["one__product", "other__product"]
    search_fields = ["one__product__name", "one__product__sku", "other__product__name", "other__product__sku"]
    ordering = ["-similarity", "id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[NearDuplicate]:
        pairs = super().get_queryset(request).filter(model__is_active=True)
        return pairs.filter(one__product__is_active=True, other__product__is_active=True)

    @display(description="")
    def one_picture(self, pair: NearDuplicate) -> SafeString | str:
        return catalog_admin.thumbnail(pair.one)

    @display(description="")
    def other_picture(self, pair: NearDuplicate) -> SafeString | str:
        return catalog_admin.thumbnail(pair.other)

    @display(description=_("product"))
    def one_product(self, pair: NearDuplicate) -> SafeString:
        return product_link(pair.one)

    @display(description=_("shows the same as"))
    def other_product(self, pair: NearDuplicate) -> SafeString:
        return product_link(pair.other)

    @display(description=_("similarity"), ordering="similarity")
    def cosine(self, pair: NearDuplicate) -> str:
        return f"{pair.similarity:.3f}"


def product_link(image: ProductImage) -> SafeString:
    address = reverse("admin:catalog_product_change", args=[image.product_id])
    return format_html('<a href="{}">{}</a><br>{}', address, image.product.name, image.product.sku)
