"""What is left of a product that was deleted: nothing."""

from pathlib import Path

import pytest

from catalog.models import ProductImage
from similarity.models import Embedding, SearchVector
from tests.factories import make_embedding, make_image, make_product

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_deleted_product_takes_pictures_files_features_and_vectors_along(media: Path):
    product, other = make_product(), make_image(make_product())
    for number in range(2):
        make_embedding(make_image(product), 1.0, float(number))
    make_embedding(other, 1.0)
    product.delete()
    assert list(ProductImage.objects.all()) == [other]
    assert list(Embedding.objects.values_list("image", flat=True)) == [other.pk]
    assert list(SearchVector.objects.values_list("image", flat=True)) == [other.pk]
    assert [path for path in media.rglob("*") if path.is_file()] == [Path(other.picture.path)]
