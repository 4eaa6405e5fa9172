"""What must never be in a row: the database itself refuses it, whichever program writes."""

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.models import Category, Product, ProductImage
from shop.models import ApiToken
from similarity.models import Embedding, EmbeddingModel, NearDuplicate, Run, SearchVector
from tests.factories import make_category, make_embedding, make_image, make_product, make_user

pytestmark = pytest.mark.django_db


def negative_price():
    Product.objects.filter(pk=make_product().pk).update(price=-1)


def empty_sku():
    Product.objects.filter(pk=make_product().pk).update(sku="")


def second_sku():
    Product.objects.filter(pk=make_product().pk).update(sku=make_product().sku)


def same_name_under_one_parent():
    name = make_category().name
    Category.objects.create(name=name, slug="another")


def same_picture_twice():
    image = make_image(make_product())
    image.pk = None
    ProductImage.objects.bulk_create([image])


def ready_without_features():
    make_embedding(make_image(make_product()), 1.0)
    Embedding.objects.update(features=None)


def second_embedding():
    embedding = make_embedding(make_image(make_product()), 1.0)
    embedding.pk = None
    Embedding.objects.bulk_create([embedding])


def second_search_vector():
    make_embedding(make_image(make_product()), 1.0)
    vector = SearchVector.objects.get()
    vector.pk = None
    SearchVector.objects.bulk_create([vector])


def second_active_model():
    EmbeddingModel.objects.create(backbone=EmbeddingModel.objects.get().backbone, is_active=True)


def second_run_at_a_time():
    Run.objects.bulk_create([Run(kind="evaluate"), Run(kind="refine")])


def pair_the_other_way_round():
    one, other = make_image(make_product()), make_image(make_product())
    NearDuplicate.objects.create(
        model=EmbeddingModel.objects.get(), one=other, other=one, similarity=1, is_same_file=False
    )


def second_token_of_one_hash():
    token, _text = ApiToken.objects.issue(user=make_user(), name="one")
    token.pk = None
    ApiToken.objects.bulk_create([token])


@pytest.mark.parametrize(
    ("constraint", "write"),
    [
        ("product_price_not_negative", negative_price),
        ("product_sku_not_empty", empty_sku),
        ("catalog_product_sku", second_sku),
        ("category_name_once_per_parent", same_name_under_one_parent),
        ("image_once_per_product", same_picture_twice),
        ("embedding_ready_has_features", ready_without_features),
        ("embedding_once_per_image", second_embedding),
        ("searchvector_once_per_image", second_search_vector),
        ("embeddingmodel_one_active", second_active_model),
        ("run_one_at_a_time", second_run_at_a_time),
        ("nearduplicate_in_order", pair_the_other_way_round),
        ("shop_apitoken_sha256", second_token_of_one_hash),
    ],
)
def test_the_database_refuses_it(constraint, write):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


def test_what_belongs_to_a_row_cannot_outlive_it():
    """Foreign keys are the database's, too: a deletion past Django leaves nothing that points nowhere."""
    make_embedding(make_image(make_product()), 1.0)
    past_django = "DELETE FROM catalog_productimage; SET CONSTRAINTS ALL IMMEDIATE"
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="foreign key"):
        cursor.execute(past_django)
