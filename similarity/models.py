"""Embedding models, the embeddings of the catalogue's pictures, and the vectors that queries touch.

Vectors live in tables of their own: beside the product's columns they would make each price update three
times as slow, and each list drag them along.
"""

from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from catalog.models import Category, Product, ProductImage

FEATURES = 2048
# A worker that has not reported for so long is gone: three turns of beat.
SILENT_AFTER = timedelta(seconds=90)


class Backbone(models.Model):
    """The network that makes features of pictures: ResNet50 with certain weights, at a certain input size."""

    name = models.CharField(max_length=50, default="ResNet50")
    weights_sha256 = models.CharField(max_length=64, unique=True)
    input_height = models.PositiveIntegerField(help_text=_("pixels"))
    input_width = models.PositiveIntegerField(help_text=_("pixels"))

    def __str__(self) -> str:
        return f"{self.name} {self.weights_sha256[:8]} at {self.input_width}×{self.input_height}"


# The active model as this request has found it (`similarity.middleware`); None outside of requests.
found_by_request: ContextVar["list[EmbeddingModel | None] | None"] = ContextVar("found", default=None)


class EmbeddingModel(models.Model):
    """A backbone and a refinement: together they say what a search vector means.

    Vectors of different models are never compared. Exactly one model is active and answers queries; another
    may be built beside it and takes over once it is complete.
    """

    class Refinement(models.TextChoices):
        NONE = "none", _("none: the features themselves")
        PCA = "pca", _("principal components")
        PHOTOS = "photos", _("learned from photos")
        SUPERVISED = "supervised", _("learned from attributes")
        SHIPPED = "shipped", _("shipped with the weights")

    backbone = models.ForeignKey(Backbone, models.PROTECT, related_name="models")
    refinement = models.CharField(max_length=20, choices=Refinement.choices, default=Refinement.NONE)
    dimensions = models.PositiveIntegerField(default=FEATURES)
    projection = models.BinaryField(
        null=True, editable=False, help_text=_("`similarity.refinement.Projection` as bytes")
    )
    calibration = models.JSONField(
        null=True, editable=False, help_text=_("`similarity.bands.Calibration`: what cosines mean to people")
    )
    is_active = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="embeddingmodel_one_active"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.backbone}, {self.get_refinement_display()}, {self.dimensions}-d"

    @classmethod
    def active(cls) -> "EmbeddingModel | None":
        """The model that answers queries, without its projection. A request asks once, and keeps to it."""
        found = found_by_request.get()
        if found:
            return found[0]
        model = cls.objects.defer("projection").select_related("backbone").filter(is_active=True).first()
        if found is not None:
            found.append(model)
        return model


class Embedding(models.Model):
    """A picture's features by one backbone, or that they are still to be made: this row is the work queue.

    A worker claims pending rows, and writes only while its claim holds and the picture is still the one it
    has read (`similarity.pending`).
    """

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    image = models.ForeignKey(ProductImage, models.CASCADE, related_name="embeddings")
    backbone = models.ForeignKey(Backbone, models.CASCADE, related_name="embeddings")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claim = models.UUIDField(null=True, editable=False)
    claimed_by = models.CharField(max_length=200, blank=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    checksum = models.CharField(max_length=64, help_text=_("sha256 of the picture this row is for"))
    features = HalfVectorField(dimensions=FEATURES, null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "backbone"], name="embedding_once_per_image"),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(features__isnull=False), name="embedding_ready_has_features"
            ),
        ]
        indexes = [
            # The queue: small however large the catalogue, because finished rows are not in it.
            models.Index(fields=["backbone", "id"], name="embedding_pending", condition=Q(state="pending")),
            models.Index(fields=["backbone", "id"], name="embedding_failed", condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.image} ({self.state})"


class SearchVector(models.Model):
    """The unit vector of a picture in one model's space, the only kind that queries touch.

    Carries its product, so that nearest neighbours collapse to products without reading pictures.
    """

    model = models.ForeignKey(EmbeddingModel, models.CASCADE, related_name="vectors")
    image = models.ForeignKey(ProductImage, models.CASCADE, related_name="search_vectors")
    product = models.ForeignKey(Product, models.CASCADE, related_name="search_vectors")
    # No dimensions here, because they are the model's; each model's index casts to its own.
    vector = HalfVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "image"], name="searchvector_once_per_image"),
        ]
        indexes = [models.Index(fields=["model", "product"], name="searchvector_by_product")]

    def __str__(self) -> str:
        return f"{self.image} in model {self.model_id}"


class StyleMean(models.Model):
    """The mean of a category's search vectors in one model: what its products have in common is not style."""

    model = models.ForeignKey(EmbeddingModel, models.CASCADE, related_name="style_means")
    category = models.ForeignKey(Category, models.CASCADE, related_name="style_means")
    members = models.PositiveIntegerField(help_text=_("pictures that the mean is of"))
    vector = HalfVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "category"], name="stylemean_once_per_category"),
        ]

    def __str__(self) -> str:
        return f"{self.category} in model {self.model_id}"


class StyleVector(models.Model):
    """A search vector less the mean of `category`, at unit length: colour, pattern and season are left.

    Has the columns that nearest neighbours are asked by, so that the same query serves both.
    """

    search_vector = models.OneToOneField(SearchVector, models.CASCADE, primary_key=True, related_name="style")
    model = models.ForeignKey(EmbeddingModel, models.CASCADE, related_name="style_vectors")
    image = models.ForeignKey(ProductImage, models.CASCADE, related_name="style_vectors")
    product = models.ForeignKey(Product, models.CASCADE, related_name="style_vectors")
    category = models.ForeignKey(Category, models.CASCADE, null=True, related_name="style_vectors")
    vector = HalfVectorField()

    class Meta:
        indexes = [models.Index(fields=["model", "product"], name="stylevector_by_product")]

    def __str__(self) -> str:
        return f"style of {self.image} in model {self.model_id}"


class Run(models.Model):
    """Evaluating, refining or calibrating, as asked for in the admin. `similarity.runs` carries it out."""

    class Kind(models.TextChoices):
        EVALUATE = "evaluate", _("evaluation")
        REFINE = "refine", _("refinement")
        CALIBRATE = "calibrate", _("calibration")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    ACTIVE = (State.WAITING, State.RUNNING)

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.WAITING)
    stage = models.CharField(max_length=50, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    reason = models.TextField(_("reason"), blank=True)
    report = models.JSONField(null=True)
    # Where a worker is, and that it lives. A run whose heartbeat is stale is anybody's.
    claim = models.UUIDField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("quality run")
        verbose_name_plural = _("quality runs")
        ordering = ["-id"]
        constraints = [
            # Each wants the whole catalogue in memory, and a refinement changes what another measures.
            models.UniqueConstraint(
                models.Value(1), name="run_one_at_a_time", condition=Q(state__in=["waiting", "running"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_active(self) -> bool:
        """Whether a worker has something to do for it."""
        return self.state in self.ACTIVE


class NearDuplicate(models.Model):
    """Two pictures of different products that are the same photo, or nearly; see `similarity.duplicates`."""

    model = models.ForeignKey(EmbeddingModel, models.CASCADE, related_name="near_duplicates")
    one = models.ForeignKey(ProductImage, models.CASCADE, related_name="+")
    other = models.ForeignKey(ProductImage, models.CASCADE, related_name="+")
    similarity = models.FloatField(_("similarity"), help_text=_("cosine"))
    is_same_file = models.BooleanField(_("the very same file"))
    found_at = models.DateTimeField(_("found"), auto_now_add=True)

    class Meta:
        verbose_name = _("near-duplicate")
        verbose_name_plural = _("near-duplicates")
        constraints = [
            models.UniqueConstraint(fields=["model", "one", "other"], name="nearduplicate_once_per_pair"),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="nearduplicate_in_order"),
        ]
        indexes = [models.Index(fields=["model", "-similarity", "id"], name="nearduplicate_nearest_first")]

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}"


class Compared(models.Model):
    """That a picture's vector in one model was looked at for near-duplicates."""

    model = models.ForeignKey(EmbeddingModel, models.CASCADE, related_name="+")
    image = models.ForeignKey(ProductImage, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "image"], name="compared_once_per_image")]

    def __str__(self) -> str:
        return f"{self.image_id} in model {self.model_id}"


class Worker(models.Model):
    """What a Celery worker last said of itself; the broker is not asked, it may be the one that is down."""

    name = models.CharField(max_length=200, unique=True)
    queue = models.CharField(max_length=50)
    seen_at = models.DateTimeField()
    problem = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_alive(self) -> bool:
        return timezone.now() - self.seen_at < SILENT_AFTER

    @classmethod
    def alive(cls) -> models.QuerySet["Worker"]:
        """Those that have reported lately."""
        return cls.objects.filter(seen_at__gt=timezone.now() - SILENT_AFTER)

    @classmethod
    def report(cls, name: str, queue: str, problem: str = "") -> None:
        """Say that this worker lives, and what keeps it from working, if anything does."""
        values: dict[str, Any] = {"queue": queue, "seen_at": timezone.now(), "problem": problem[:500]}
        cls.objects.update_or_create(name=name, defaults=values)


# What merchandisers decide is this application's, too.
from similarity.merchant_models import CategoryGroup, Curation, Focus, Group  # noqa: E402, F401
