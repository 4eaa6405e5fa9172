"""Choosing, in the admin, the part of a picture that is embedded."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from catalog import thumbnails
from catalog.admin import ImageForm
from catalog.models import ProductImage
from similarity.models import Focus
from similarity.piece import WHOLE

PREVIEW_HEIGHT_PX = 160


def percent(label: Any, low: int, attribute: str) -> forms.FloatField:
    """A field in per cent; `attribute` tells the page's script which of the three it is."""
    widget = UnfoldAdminDecimalFieldWidget(attrs={"data-focus": attribute, "size": 4})
    return forms.FloatField(label=label, required=False, min_value=low, max_value=100, widget=widget)


class FocusForm(ImageForm):
    """A picture with its focus in three fields; all empty when the whole picture is embedded."""

    FIELDS = ["focus_x", "focus_y", "focus_size"]

    focus_x = percent(_("focus left %"), 0, "x")
    focus_y = percent(_("focus top %"), 0, "y")
    focus_size = percent(_("focus size %"), 10, "size")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if focus := focus_of(self.instance):
            values = [round(100 * value, 1) for value in (focus.x, focus.y, focus.size)]
            self.initial.update(zip(self.FIELDS, values, strict=True))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = [name for name in self.FIELDS if cleaned.get(name) is not None]
        if given and len(given) < 3 and not any(name in self.errors for name in self.FIELDS):
            missing = next(name for name in self.FIELDS if name not in given)
            self.add_error(missing, _("Fill in all three numbers of the focus, or none."))
        return cleaned

    def save(self, commit: bool = True) -> ProductImage:
        image = super().save(commit)
        if commit and any(name in self.changed_data for name in self.FIELDS):
            values = [self.cleaned_data[name] for name in self.FIELDS]
            if None in values:
                Focus.objects.filter(pk=image.pk).delete()
            else:
                x, y, size = (value / 100 for value in values)
                Focus.objects.update_or_create(image=image, defaults={"x": x, "y": y, "size": size})
        return image


def focus_of(image: ProductImage) -> Focus | None:
    """The picture's focus; free of queries when `focus` was selected along."""
    return getattr(image, "focus", None) if image.pk else None


def focus_picture(image: ProductImage) -> SafeString:
    """The picture with a frame around what is embedded; the page's script moves it to where one clicks."""
    focus = focus_of(image)
    box = focus.box() if focus else WHOLE
    context = {
        "image": image,
        "src": thumbnails.url(str(image.picture.name), thumbnails.WIDTHS_PX[0]),
        "width": round(PREVIEW_HEIGHT_PX * image.width / image.height),
        "height": PREVIEW_HEIGHT_PX,
        "frame": [round(100 * value, 1) for value in (box.left, box.top, box.width, box.height)],
    }
    return render_to_string("admin/similarity/focus.html", context)
