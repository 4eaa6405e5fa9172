"""Products as JSON: who reads what, who writes what, and what becomes of odd requests."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from catalog.models import Product, ProductImage
from tests.factories import (
    make_brand,
    make_category,
    make_image,
    make_product,
    make_user,
    picture_bytes,
    upload,
)

pytestmark = pytest.mark.django_db
LIST = "/api/products/"


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.fixture
def merchant(api: APIClient) -> APIClient:
    """A client that may add, change and delete products and their pictures."""
    user = make_user()
    models = ["product", "productimage"]
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="catalog", content_type__model__in=models)
    )
    api.force_authenticate(user)
    return api


def test_a_product_is_read_with_category_path_brand_and_pictures(api):
    top = make_category("Clothing")
    shirts = make_category("Shirts", parent=top)
    product = make_product(category=shirts, brand=make_brand("Acme"), name="Blue shirt", price="19.90")
    image = make_image(product, alt="From the front")

    answer = api.get(f"{LIST}{product.slug}/").json()

    assert answer["name"] == "Blue shirt"
    assert answer["category"] == "shirts"
    assert answer["category_path"] == ["Clothing", "Shirts"]
    assert answer["brand"] == "Acme"
    assert answer["price"] == "19.90"
    assert answer["url"] == f"http://testserver{product.get_absolute_url()}"
    assert answer["images"] == [
        {
            "id": image.pk,
            "url": f"http://testserver{image.picture.url}",
            "width": 60,
            "height": 80,
            "alt": "From the front",
            "position": 0,
        }
    ]


def test_the_list_costs_the_same_number_of_queries_however_long_it_is(api, django_assert_num_queries):
    for _ in range(10):
        make_image(make_product(brand=make_brand()))
    with django_assert_num_queries(4):  # count, products, pictures, categories
        assert len(api.get(LIST).json()["results"]) == 10


def test_pages_have_the_size_that_is_asked_for_up_to_a_hundred(api):
    for _ in range(3):
        make_product()
    answer = api.get(LIST, {"page_size": 2}).json()
    assert answer["count"] == 3
    assert len(answer["results"]) == 2
    assert answer["next"].endswith("page=2&page_size=2")


def test_hidden_products_are_not_there_for_the_public(api):
    product = make_product(is_active=False)
    assert api.get(LIST).json()["count"] == 0
    assert api.get(f"{LIST}{product.slug}/").status_code == 404


def test_staff_who_may_view_products_see_hidden_ones(merchant):
    product = make_product(is_active=False)
    assert merchant.get(f"{LIST}{product.slug}/").json()["is_active"] is False


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_writes_without_logging_in(api, method):
    product = make_product()
    address = LIST if method == "post" else f"{LIST}{product.slug}/"
    assert getattr(api, method)(address, {}, format="json").status_code == 401
    assert Product.objects.get() == product


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_writes_without_the_permission(api, method):
    product = make_product()
    api.force_authenticate(make_user())
    address = LIST if method == "post" else f"{LIST}{product.slug}/"
    assert getattr(api, method)(address, {}, format="json").status_code == 403
    assert Product.objects.get() == product


def test_a_product_is_created(merchant):
    make_category("Shirts")
    make_brand("Acme")
    new = {"sku": "A 1", "name": "Blue shirt", "category": "shirts", "brand": "Acme", "price": "5.50"}

    answer = merchant.post(LIST, new, format="json")

    assert answer.status_code == 201
    product = Product.objects.get()
    assert (product.sku, product.brand.name, product.price) == ("A 1", "Acme", Decimal("5.50"))
    assert answer.json()["slug"] == product.slug == "blue-shirt-a-1"
    assert "shirt" in product.search_text.lower()


def test_a_change_of_one_field_leaves_the_others(merchant):
    product = make_product(name="Blue shirt", stock=3)
    assert merchant.patch(f"{LIST}{product.slug}/", {"stock": 0}, format="json").status_code == 200
    product.refresh_from_db()
    assert (product.name, product.stock) == ("Blue shirt", 0)


def test_a_product_is_deleted_with_its_pictures(merchant):
    product = make_product()
    make_image(product)
    assert merchant.delete(f"{LIST}{product.slug}/").status_code == 204
    assert not Product.objects.exists()
    assert not ProductImage.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sku", ""),
        ("sku", "x" * 65),
        ("name", "a\x00b"),
        ("category", "no-such-category"),
        ("brand", "No such brand"),
        ("price", "-1"),
        ("price", "NaN"),
        ("price", "1e400"),
        ("currency", "euro"),
        ("stock", -1),
        ("stock", 10**30),
        ("is_active", "perhaps"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_nothing_is_stored(merchant, field, value):
    make_category("Shirts")
    new = {"sku": "A1", "name": "Shirt", "category": "shirts", field: value}
    answer = merchant.post(LIST, new, format="json")
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert not Product.objects.exists()


def test_a_sku_that_makes_the_same_address_is_a_conflict(merchant):
    make_category("Shirts")
    make_product(sku="A 1", name="Shirt")
    answer = merchant.post(LIST, {"sku": "A-1", "name": "Shirt", "category": "shirts"}, format="json")
    assert answer.status_code == 409
    assert Product.objects.count() == 1


def test_a_picture_is_added(merchant):
    product = make_product()
    content = picture_bytes(size=(30, 40))

    answer = merchant.post(f"{LIST}{product.slug}/images/", {"picture": upload(content), "alt": "Front"})

    assert answer.status_code == 201
    image = product.images.get()
    assert answer.json()["url"] == f"http://testserver{image.picture.url}"
    assert (image.alt, image.width, image.height) == ("Front", 30, 40)


@pytest.mark.parametrize("content", [b"", b"<svg/>", picture_bytes()[:200]])
def test_what_is_no_picture_is_refused_with_a_sentence_and_nothing_is_stored(merchant, media, content):
    product = make_product()
    answer = merchant.post(f"{LIST}{product.slug}/images/", {"picture": upload(content)})
    assert answer.status_code == 422
    assert answer.json()["code"] in ("format", "damaged")
    assert answer.json()["detail"].endswith(".")
    assert not ProductImage.objects.exists()
    assert not media.exists()


def test_a_file_with_too_many_bytes_is_refused_as_too_large(merchant, settings):
    settings.IMAGE_MAX_BYTES = 500
    product = make_product()
    answer = merchant.post(f"{LIST}{product.slug}/images/", {"picture": upload()})
    assert answer.status_code == 413
    assert answer.json()["code"] == "bytes"


def test_the_same_picture_twice_is_a_conflict(merchant):
    product = make_product()
    make_image(product, picture_bytes())
    answer = merchant.post(f"{LIST}{product.slug}/images/", {"picture": upload(picture_bytes())})
    assert answer.status_code == 409
    assert product.images.count() == 1


def test_pictures_are_no_json(merchant):
    product = make_product()
    assert merchant.post(f"{LIST}{product.slug}/images/", {}, format="json").status_code == 415


def test_a_picture_is_taken_away(merchant):
    image, other = make_image(make_product()), make_image(make_product())
    gallery = f"{LIST}{image.product.slug}/images/"
    assert merchant.delete(f"{gallery}{other.pk}/").status_code == 404
    assert merchant.delete(f"{gallery}{image.pk}/").status_code == 204
    assert list(ProductImage.objects.all()) == [other]


def test_pictures_need_their_own_permission(api):
    product = make_product()
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename="add_product"))
    api.force_authenticate(user)
    assert api.post(f"{LIST}{product.slug}/images/", {"picture": upload()}).status_code == 403


def test_categories_say_their_parent(api):
    make_category("Shirts", parent=make_category("Clothing"))
    answer = api.get("/api/categories/").json()
    assert {entry["slug"]: entry["parent"] for entry in answer} == {"clothing": None, "shirts": "clothing"}


def test_brands_are_listed_by_name(api):
    make_brand("Zeta")
    make_brand("Acme")
    assert [brand["name"] for brand in api.get("/api/brands/").json()["results"]] == ["Acme", "Zeta"]


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", f"page={10**40}", "page=x", "page=%00", "page_size=0", f"page_size={10**40}",
        "q=%00", "q=%FF%FE", "q='%22%3B--", "q=" + "a" * 3000, "ordering=password", "ordering=-", "sort=a.b",
        "category=%00", "price_min=NaN", "price_max=1e999", f"brand={10**40}", "format=xml", "_connector=OR",
    ],
)  # fmt: skip
def test_odd_parameters_never_break_the_list(api, query):
    make_product()
    assert api.get(f"{LIST}?{query}").status_code in (200, 400, 404)


@pytest.mark.parametrize(("query", "status"), [("page=", 404), ("page=2&page=", 404), ("page_size=", 400)])
def test_an_empty_number_is_none(api, query, status):
    make_product()
    assert api.get(f"{LIST}?{query}").status_code == status


@pytest.mark.parametrize("slug", ["%00", "..%2F..", "é", "a" * 3000, "'--"])
def test_odd_addresses_are_not_found(api, slug):
    assert api.get(f"{LIST}{slug}/").status_code == 404


def test_the_api_answers_in_json_only(api):
    answer = api.get(LIST, headers={"accept": "text/html"})
    assert answer.status_code == 406
    assert answer["Content-Type"] == "application/json"
