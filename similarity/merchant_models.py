"""What merchandisers decide: what is worn as what, what a strip shows, which part of a picture counts."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Product, ProductImage
from similarity.piece import Box


class Group(models.TextChoices):
    """What a product is worn as; of each other group a product page shows at most one complement."""

    TOP = "top", _("top")
    BOTTOM = "bottom", _("bottom")
    DRESS = "dress", _("dress")
    FOOTWEAR = "footwear", _("footwear")
    BAG = "bag", _("bag")
    WATCH = "watch", _("watch")
    ACCESSORY = "accessory", _("accessory")
    NONE = "none", _("none: never shown with others")


class CategoryGroup(models.Model):
    """The group of a category and of everything below it that has no row of its own (`similarity.groups`)."""

    category = models.OneToOneField(
        Category, models.CASCADE, related_name="product_group", verbose_name=_("category")
    )
    group = models.CharField(_("goes well as"), max_length=20, choices=Group.choices)

    class Meta:
        verbose_name = _("product group")
        verbose_name_plural = _("product groups")
        ordering = ["group", "category__name"]
        constraints = [
            models.CheckConstraint(condition=Q(group__in=Group.values), name="categorygroup_known_group"),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.get_group_display()}"


class Curation(models.Model):
    """A person's word on the strip of `product`: `other` comes first in it, or never."""

    class Decision(models.TextChoices):
        PINNED = "pinned", _("pinned: comes first")
        HIDDEN = "hidden", _("hidden: never shown")

    product = models.ForeignKey(Product, models.CASCADE, related_name="curations", verbose_name=_("product"))
    other = models.ForeignKey(Product, models.CASCADE, related_name="+", verbose_name=_("other product"))
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("among the pinned"))

    class Meta:
        verbose_name = _("pinned or hidden look-alike")
        verbose_name_plural = _("pinned and hidden look-alikes")
        ordering = ["decision", "position", "id"]
        constraints = [
            # Pinned and hidden at once would be no decision.
            models.UniqueConstraint(
                fields=["product", "other"],
                name="curation_once_per_pair",
                violation_error_message=_("This product is pinned or hidden here already."),
            ),
            models.CheckConstraint(
                condition=~Q(product=models.F("other")),
                name="curation_of_another_product",
                violation_error_message=_("A product is never in its own strip."),
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["pinned", "hidden"]), name="curation_known_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.other}: {self.get_decision_display()}"


class Focus(models.Model):
    """The part of a picture that is embedded: a window around a point, with the sides' proportions.

    All in fractions of the upright picture's sides. `size` 0.5 is half as wide and half as high.
    """

    image = models.OneToOneField(ProductImage, models.CASCADE, primary_key=True, related_name="focus")
    x = models.FloatField(validators=[MinValueValidator(0), MaxValueValidator(1)])
    y = models.FloatField(validators=[MinValueValidator(0), MaxValueValidator(1)])
    size = models.FloatField(validators=[MinValueValidator(0.1), MaxValueValidator(1)])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(x__range=(0, 1), y__range=(0, 1), size__range=(0.1, 1)), name="focus_in_picture"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.size:.0%} around {self.x:.0%}, {self.y:.0%}"

    def box(self) -> Box:
        """The window, moved inwards where it would leave the picture."""
        left, top = (min(max(at - self.size / 2, 0), 1 - self.size) for at in (self.x, self.y))
        return Box(left, top, self.size, self.size)
