"""Events of the catalogue: pictures saved in bulk, and files that nobody needs any more."""

from typing import Any

from django.db.models.signals import post_delete, pre_save
from django.dispatch import Signal, receiver

from catalog import files
from catalog.models import ProductImage

# Sent with the ids in `images`, in the transaction that wrote them in bulk: `post_save` is not sent then.
pictures_saved = Signal()


@receiver(pre_save, sender=ProductImage)
def forget_replaced(instance: ProductImage, raw: bool = False, **kwargs: Any) -> None:
    """Let the old file go when the row names another one from now on."""
    if raw or instance.pk is None:
        return
    old = ProductImage.objects.filter(pk=instance.pk).values_list("picture", flat=True).first()
    if old and old != instance.picture.name:
        files.forget([old])


@receiver(post_delete, sender=ProductImage)
def forget_deleted(instance: ProductImage, **kwargs: Any) -> None:
    files.forget([instance.picture.name])
