"""Imports as staff starts them in the admin: a job, what became of it, and what was wrong with its rows."""

import os

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.imports.files import PRIVATE, PrivateStorage  # noqa: F401 - a migration names it here


class ImportJob(models.Model):
    """A table and an archive on their way into the catalogue. `catalog.imports.jobs` carries it on."""

    class State(models.TextChoices):
        CHECKING = "checking", _("being checked")
        WAITING = "waiting", _("waits for your word")
        RUNNING = "running", _("being imported")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    class Policy(models.TextChoices):
        REFUSE_ROWS = "refuse_rows", _("leave bad rows out")
        IGNORE_FIELDS = "ignore_fields", _("leave bad values out")
        REFUSE_ALL = "refuse_all", _("import nothing if a row is bad")

    ACTIVE = (State.CHECKING, State.RUNNING)

    table = models.FileField(_("table"), storage=PRIVATE, upload_to="%Y-%m", max_length=200)
    archive = models.FileField(_("pictures"), storage=PRIVATE, upload_to="%Y-%m", max_length=200, blank=True)
    policy = models.CharField(
        _("bad rows"), max_length=20, choices=Policy.choices, default=Policy.REFUSE_ROWS
    )
    price = models.DecimalField(
        _("price of new products"),
        max_digits=10,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("Where the table has none. 0 is shown as “price on request”."),
    )
    stock = models.PositiveIntegerField(
        _("stock of new products"), default=1, help_text=_("Where the table has none.")
    )
    # The columns of the table, as the worker found them: nobody else needs to open the file for them.
    header = models.JSONField(null=True, editable=False)
    mapping = models.JSONField(_("columns"), default=dict, blank=True, editable=False)
    # Of who sent the files: reasons are written in it.
    language = models.CharField(max_length=10, blank=True, default="", db_default="", editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.CHECKING)
    reason = models.TextField(_("reason"), blank=True, editable=False)

    # What was done, or in a preview would be.
    total = models.PositiveIntegerField(_("rows in the table"), default=0, editable=False)
    rows = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    created = models.PositiveIntegerField(_("new"), default=0, editable=False)
    changed = models.PositiveIntegerField(_("changed"), default=0, editable=False)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0, editable=False)
    skipped = models.PositiveIntegerField(_("skipped"), default=0, editable=False)
    images = models.PositiveIntegerField(_("pictures"), default=0, editable=False)
    # Rows that are imported all the same.
    warnings = models.PositiveIntegerField(_("warnings"), default=0, editable=False)
    # The first differences that a preview has found: SKU, field, old and new value.
    differences = models.JSONField(default=list, editable=False)

    # Where a worker is, and that it lives. A job whose heartbeat is stale is anybody's.
    last_row = models.PositiveIntegerField(default=0, editable=False)
    claim = models.UUIDField(null=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    begun_at = models.DateTimeField(null=True, editable=False)  # of this state, for rate and time left
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    files_dropped_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        app_label = "catalog"
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return os.path.basename(self.table.name or "")  # noqa: PTH119 - a name in a storage, no path

    @property
    def is_active(self) -> bool:
        """Whether a worker has something to do for it."""
        return self.state in self.ACTIVE

    @property
    def is_held(self) -> bool:
        """Whether the policy keeps all of it from being imported, because a preview has refused rows."""
        return self.state == self.State.WAITING and self.policy == self.Policy.REFUSE_ALL and self.skipped > 0

    @property
    def has_changed_nothing(self) -> bool:
        """Whether all that could be imported was there already."""
        done = self.created or self.changed or self.images
        return self.state == self.State.DONE and self.unchanged > 0 and not done


class PictureAddress(models.Model):
    """What an address held when it was fetched. It stands for that picture from then on."""

    # At most 2,000 bytes (`fetch.MAX_URL_BYTES`): a B-tree takes 2,700.
    url = models.TextField(unique=True)
    source_checksum = models.CharField(max_length=64, help_text=_("sha256 of the bytes"))
    fetched_at = models.DateTimeField()

    class Meta:
        app_label = "catalog"

    def __str__(self) -> str:
        return self.url


class ImportProblem(models.Model):
    """One thing wrong in one row, written with the chunk of rows it is in."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=200, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    reason = models.TextField(_("reason"))
    skipped = models.BooleanField(_("row left out"))

    class Meta:
        app_label = "catalog"
        ordering = ["row", "id"]
        # The page lists the rows that were left out first, and counts them.
        indexes = [models.Index(fields=["job", "-skipped", "row"], name="importproblem_of_job")]

    def __str__(self) -> str:
        return self.reason
