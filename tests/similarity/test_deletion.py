"""What is left of a product that was deleted: nothing."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import Model

from catalog import thumbnails
from catalog.models import Product, ProductImage
from similarity import style
from similarity.models import Compared, Curation, EmbeddingModel, Focus, NearDuplicate
from tests.factories import make_embedding, make_image, make_product

pytestmark = pytest.mark.django_db(transaction=True)


def about(product: int, images: list[int]) -> dict[str, int]:
    """How many rows name the product or one of its pictures, by each column that could."""
    keys = {Product: [product], ProductImage: images}
    return {
        f"{model.__name__}.{field.name}": model._base_manager.filter(
            **{f"{field.attname}__in": keys[field.related_model]}
        ).count()
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model in keys
    }


def fill(product: Product, other: ProductImage) -> list[ProductImage]:
    """Two pictures of `product` with everything the shop knows of pictures, and their thumbnails."""
    model = EmbeddingModel.objects.get()
    images = [make_image(product) for _ in range(2)]
    for number, image in enumerate(images):
        make_embedding(image, 1.0, float(number))
        Compared.objects.create(model=model, image=image)
        Focus.objects.create(image=image, x=0.5, y=0.5, size=0.5)
        for width in thumbnails.WIDTHS_PX:
            assert thumbnails.make(thumbnails.name_of(image.picture.name, width))
    pair: dict[str, Model] = {"one": other, "other": images[0]}
    NearDuplicate.objects.create(model=model, similarity=1, is_same_file=False, **pair)
    pair = {"one": images[0], "other": images[1]}
    NearDuplicate.objects.create(model=model, similarity=1, is_same_file=False, **pair)
    Curation.objects.create(product=product, other=other.product, decision="pinned")
    Curation.objects.create(product=other.product, other=product, decision="hidden")
    style.refresh(model)
    return images


def test_a_deleted_product_takes_everything_that_was_known_of_it_along(media: Path):
    other = make_image(make_product())
    make_embedding(other, 1.0)
    product = make_product()
    images = fill(product, other)
    key, keys = product.pk, [image.pk for image in images]
    before = about(key, keys)
    # A new kind of row must be looked at here, too.
    assert [column for column, count in before.items() if not count] == []
    assert len(list(media.rglob("*.webp"))) == 2 * len(thumbnails.WIDTHS_PX)
    product.delete()
    assert {column: count for column, count in about(key, keys).items() if count} == {}
    assert [path for path in media.rglob("*") if path.is_file()] == [Path(other.picture.path)]
    assert [column for column, count in about(other.product_id, [other.pk]).items() if count] == [
        "ProductImage.product",
        "Embedding.image",
        "SearchVector.image",
        "SearchVector.product",
        "StyleVector.image",
        "StyleVector.product",
    ]


def test_a_deleted_picture_takes_its_thumbnails_along_and_leaves_the_product(media: Path):
    product = make_product()
    first, second = make_image(product), make_image(product)
    for image in (first, second):
        assert thumbnails.make(thumbnails.name_of(image.picture.name, 240))
    first.delete()
    assert not default_storage.exists(thumbnails.name_of(first.picture.name, 240))
    assert sorted(path.suffix for path in media.rglob("*") if path.is_file()) == [".jpg", ".webp"]
    assert Product.objects.get().images.get() == second
