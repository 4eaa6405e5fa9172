"""Events of the catalogue: pictures saved in bulk, and files that nobody needs any more."""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import Signal, receiver

from catalog import files
from catalog.imports.models import ImportJob
from catalog.models import ProductImage

# Sent with the ids in `images`, in the transaction that wrote them in bulk: `post_save` is not sent then.
pictures_saved = Signal()


@receiver(pre_save, sender=ProductImage)
def remember_file(instance: ProductImage, raw: bool = False, **kwargs: Any) -> None:
    """Note which file the row names until now."""
    if not raw and instance.pk is not None:
        row = ProductImage.objects.filter(pk=instance.pk)
        instance.__dict__["_file_before"] = row.values_list("picture", flat=True).first()


@receiver(post_save, sender=ProductImage)
def forget_replaced(instance: ProductImage, **kwargs: Any) -> None:
    """Let the old file go when the row names another one from now on."""
    before = instance.__dict__.pop("_file_before", None)
    if before != instance.picture.name:
        files.forget([before])


@receiver(post_delete, sender=ImportJob)
def delete_uploads(instance: ImportJob, **kwargs: Any) -> None:
    """The uploaded files belong to one job alone."""
    for file in (instance.table, instance.archive):
        if file:
            files.delete_on_commit(file.storage, str(file.name))


@receiver(post_delete, sender=ProductImage)
def forget_deleted(instance: ProductImage, **kwargs: Any) -> None:
    files.forget([instance.picture.name])
