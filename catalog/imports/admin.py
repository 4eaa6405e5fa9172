"""Imports in the admin: send files, look at what would happen, give the word, watch, get failed rows back."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldBooleanWidget

from catalog.imports import failed, jobs, mapping
from catalog.imports.models import ImportJob

State, Policy = ImportJob.State, ImportJob.Policy
PROBLEMS_SHOWN = 50
# The colours of states, as the theme's style sheet names them.
COLOURS = {State.DONE: "ready", State.FAILED: "failed", State.CANCELLED: "failed"}
FIELD_NAMES = {
    "sku": _("SKU"),
    "name": _("name"),
    "description": _("description"),
    "category_top": _("category, top level"),
    "category_middle": _("category, middle level"),
    "category": _("category"),
    "brand": _("brand"),
    "base_colour": _("base colour"),
    "gender": _("gender"),
    "season": _("season"),
    "usage": _("usage"),
    "price": _("price"),
    "currency": _("currency"),
    "stock": _("stock"),
    "is_active": _("active"),
    "pictures": _("picture files or addresses"),
}

OUTCOME = {
    "rows": _("rows read"),
    "created": _("new"),
    "changed": _("changed"),
    "unchanged": _("unchanged"),
    "skipped": _("left out"),
    "images": _("pictures"),
    "warnings": _("rows with a warning"),
}


class ImportForm(forms.ModelForm):
    """The files, and what to do with them."""

    look_first = forms.BooleanField(
        label=_("Show me first what would change"), required=False, initial=True, widget=UnfoldBooleanWidget
    )

    class Meta:
        model = ImportJob
        fields = ["table", "archive", "policy", "price", "stock"]
        help_texts = {
            "table": _(
                "CSV or Excel (.xlsx). The first row names the columns; Kaggle's layout is recognised."
            ),
            "archive": _(
                "A ZIP of pictures named by SKU (39386.jpg, 39386-2.jpg …) or in folders of that name."
            ),
        }


@admin.register(ImportJob)
class ImportJobAdmin(ModelAdmin):
    form = ImportForm
    fields = ["table", "archive", "policy", ("price", "stock"), "look_first"]
    list_display = [
        "name",
        "state_label",
        "rows",
        "created",
        "changed",
        "skipped",
        "created_by",
        "created_at",
    ]
    list_filter = ["state"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportJob]:
        return super().get_queryset(request).defer("differences")

    def has_change_permission(self, request: HttpRequest, obj: ImportJob | None = None) -> bool:
        """The page of a job shows it; what can be done there are the buttons' views."""
        return obj is None and super().has_change_permission(request, obj)

    @display(description=_("file"))
    def name(self, job: ImportJob) -> str:
        return str(job)

    @display(description=_("state"), ordering="state")
    def state_label(self, job: ImportJob) -> SafeString:
        return state_label(job)

    def save_model(self, request: HttpRequest, obj: ImportJob, form: Any, change: bool) -> None:
        obj.created_by_id, obj.language = request.user.pk, get_language() or ""
        obj.state = State.CHECKING if form.cleaned_data["look_first"] else State.RUNNING
        super().save_model(request, obj, form, change)
        jobs.queue(obj)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Files are sent in one way, whose page shows next: no button for another, or for editing on."""
        only = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, {**(extra_context or {}), **only})

    def response_add(self, request: HttpRequest, obj: ImportJob, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(page(obj))

    def get_urls(self) -> list[URLPattern]:
        def view(function: Any) -> Any:
            return self.admin_site.admin_view(function)

        return [
            path("<int:pk>/start/", view(require_POST(self.start)), name="catalog_importjob_start"),
            path("<int:pk>/cancel/", view(require_POST(self.cancel)), name="catalog_importjob_cancel"),
            path("<int:pk>/columns/", view(require_POST(self.columns)), name="catalog_importjob_columns"),
            path("<int:pk>/failed/", view(self.failed_rows), name="catalog_importjob_failed"),
            path("<int:pk>/problems/", view(self.all_problems), name="catalog_importjob_problems"),
            *super().get_urls(),
        ]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes with jobs, counted: their problems may be tens of thousands."""
        return [str(job) for job in objs], {self.opts.verbose_name_plural: len(objs)}, set(), []

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """How the job stands; asked again every two seconds while it goes on."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        job = get_object_or_404(ImportJob.objects.select_related("created_by"), pk=_number(object_id))
        problems = job.problems.all()
        context = {
            **self.admin_site.each_context(request),
            **progress(job),
            "title": str(job),
            "opts": self.opts,
            "job": job,
            "state_label": state_label(job),
            "problems": problems.order_by("-skipped", "row", "id")[:PROBLEMS_SHOWN],
            "more_problems": max(0, problems.count() - PROBLEMS_SHOWN),
            "differences": [
                change | {"field": FIELD_NAMES.get(change["field"], change["field"])}
                for change in job.differences
            ],
            "columns": column_choices(job),
            "policies": [choice for choice in Policy.choices if choice[0] != Policy.REFUSE_ALL],
            "may_change": super().has_change_permission(request),
            "may_delete": self.has_delete_permission(request, job),
            "outcome": [(name, label, getattr(job, name)) for name, label in OUTCOME.items()],
            "follow_up": self.follow_up(job),
        }
        template = "importjob_figures" if request.headers.get("HX-Request") else "importjob"
        return TemplateResponse(request, f"admin/catalog/{template}.html", context)

    def follow_up(self, job: ImportJob) -> str:
        """What others still have to do with what was imported, in a sentence; empty when nothing."""
        return ""

    def start(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The word that a preview waited for, perhaps with another policy; or once more from the start."""
        job = self._changeable(request, pk)
        policy = request.POST.get("policy", job.policy)
        if policy not in Policy.values or (job.is_held and policy == Policy.REFUSE_ALL):
            messages.error(request, job.reason or _("Choose what becomes of bad rows."))
        else:
            self._restart(request, job, State.RUNNING, policy=policy)
        return HttpResponseRedirect(page(job))

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self._changeable(request, pk)
        if not jobs.cancel(job):
            messages.error(request, _("This import has ended already."))
        return HttpResponseRedirect(page(job))

    def columns(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Other meanings of the columns: checked at once, then the preview begins anew."""
        job = self._changeable(request, pk)
        chosen = {name: request.POST[name] for name in FIELD_NAMES if request.POST.get(name)}
        try:
            mapping.Mapping(chosen).check(job.header or [])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            self._restart(request, job, State.CHECKING, mapping=chosen)
        return HttpResponseRedirect(page(job))

    def failed_rows(self, request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
        job = self._visible(request, pk)
        try:
            return _download(*failed.failed_rows(job))
        except FileNotFoundError:
            messages.error(request, jobs.gone())
        except (ValidationError, OSError) as error:
            reason = " ".join(error.messages) if isinstance(error, ValidationError) else error.strerror
            messages.error(request, _("The uploaded table cannot be read: %(error)s") % {"error": reason})
        return HttpResponseRedirect(page(job))

    def all_problems(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        return _download(*failed.all_problems(self._visible(request, pk)))

    def _visible(self, request: HttpRequest, pk: int) -> ImportJob:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(ImportJob, pk=pk)

    def _changeable(self, request: HttpRequest, pk: int) -> ImportJob:
        if not super().has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(ImportJob, pk=pk)

    def _restart(self, request: HttpRequest, job: ImportJob, state: ImportJob.State, **values: Any) -> None:
        if not job.table.storage.exists(str(job.table.name)):
            messages.error(request, jobs.gone())
        elif not jobs.restart(job, state, **values):
            messages.error(request, _("This import is under way already."))


def page(job: ImportJob) -> str:
    return reverse("admin:catalog_importjob_change", args=[job.pk])


def state_label(job: ImportJob) -> SafeString:
    colour = COLOURS.get(State(job.state), "pending")
    return format_html('<span class="look-state look-{}">{}</span>', colour, job.get_state_display())


def progress(job: ImportJob) -> dict[str, Any]:
    """Rows a second and the seconds left, None where there is nothing to tell it by."""
    if not job.is_active or not job.begun_at or not job.rows:
        return {"rate": None, "left_s": None}
    rate = job.rows / max(1.0, (timezone.now() - job.begun_at).total_seconds())
    return {"rate": rate, "left_s": max(0, job.total - job.rows) / rate}


def column_choices(job: ImportJob) -> dict[str, Any] | None:
    """For each field its name, its column now, and all columns; None where nothing is to be corrected."""
    header = job.header
    if not header or job.is_active or job.state == State.DONE or job.files_dropped_at:
        return None
    chosen = jobs.mapping_of(job, header)
    fields = [(name, label, chosen.columns.get(name, "")) for name, label in FIELD_NAMES.items()]
    return {
        "fields": fields,
        "header": [name for name in header if name],
        "is_kaggle": chosen.is_kaggle,
        "required": mapping.REQUIRED,
    }


def _download(name: str, content_type: str, content: Iterator[bytes]) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(content, content_type=content_type, headers=headers)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
