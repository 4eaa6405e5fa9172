"""Products in the admin: the list, the form, and pictures that pass the door or do not."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

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
LIST = reverse("admin:catalog_product_changelist")
ADD = reverse("admin:catalog_product_add")


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(make_user("merchandiser"))
    return client


def form(product: Product | None = None, **changes) -> dict:
    """What the browser sends for a product without changes, and these changes."""
    images = list(product.images.all()) if product else []
    sent = {
        "name": product.name if product else "Blue shirt",
        "sku": product.sku if product else "A1",
        "category": (product.category if product else make_category()).pk,
        "price": "9.90",
        "currency": "EUR",
        "stock": "1",
        "is_active": "on",
        "images-TOTAL_FORMS": str(len(images)),
        "images-INITIAL_FORMS": str(len(images)),
        "curations-TOTAL_FORMS": "0",
        "curations-INITIAL_FORMS": "0",
    }
    for number, image in enumerate(images):
        sent |= {
            f"images-{number}-id": image.pk,
            f"images-{number}-product": product.pk,
            f"images-{number}-position": image.position,
            f"images-{number}-alt": image.alt,
        }
    return sent | changes


def with_upload(sent: dict, content: bytes, name: str = "photo.jpg") -> dict:
    """The same form with one more picture."""
    number = int(sent["images-TOTAL_FORMS"])
    return sent | {
        "images-TOTAL_FORMS": str(number + 1),
        f"images-{number}-upload": upload(content, name),
        f"images-{number}-position": "0",
    }


def change(product: Product) -> str:
    return reverse("admin:catalog_product_change", args=[product.pk])


def test_a_product_is_made_with_a_picture(admin):
    answer = admin.post(ADD, with_upload(form(), picture_bytes(size=(30, 40))))
    assert answer.status_code == 302
    product = Product.objects.get()
    assert product.slug == "blue-shirt-a1"
    image = product.images.get()
    assert (image.width, image.height) == (30, 40)
    assert image.picture.storage.exists(image.picture.name)


@pytest.mark.parametrize("content", [b"", b"<svg/>", picture_bytes()[:300]])
def test_a_refused_picture_is_an_error_that_names_file_and_reason(admin, media, content):
    answer = admin.post(ADD, with_upload(form(), content, "shirt front.jpg"))
    errors = answer.context["inline_admin_formsets"][0].formset.errors[0]["upload"]
    assert len(errors) == 1
    assert errors[0].startswith("shirt front.jpg: ")
    assert errors[0].endswith(".")
    assert not Product.objects.exists()
    assert not media.exists()


def test_a_refused_picture_leaves_the_others_as_they_are(admin):
    product = make_product()
    image = make_image(product)
    sent = with_upload(form(product, name="New name"), b"no picture")
    assert admin.post(change(product), sent).status_code == 200
    product.refresh_from_db()
    assert product.name != "New name"
    assert list(product.images.all()) == [image]


def test_a_picture_is_replaced(admin, django_capture_on_commit_callbacks):
    product = make_product()
    old = make_image(product, alt="Front")
    sent = form(product) | {"images-0-upload": upload(picture_bytes(size=(30, 40)))}
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.post(change(product), sent).status_code == 302
    new = product.images.get()
    assert (new.pk, new.alt, new.width) == (old.pk, "Front", 30)
    assert new.checksum != old.checksum
    assert not old.picture.storage.exists(old.picture.name)


def test_a_picture_is_deleted(admin):
    product = make_product()
    make_image(product)
    assert admin.post(change(product), form(product) | {"images-0-DELETE": "on"}).status_code == 302
    assert not product.images.exists()


def test_the_same_picture_twice_is_an_error(admin):
    product = make_product()
    make_image(product, picture_bytes())
    answer = admin.post(change(product), with_upload(form(product), picture_bytes()))
    assert answer.status_code == 200
    assert "The gallery has this picture already." in answer.content.decode()
    assert product.images.count() == 1


def test_the_same_new_picture_twice_is_an_error(admin):
    sent = with_upload(with_upload(form(), picture_bytes()), picture_bytes())
    assert admin.post(ADD, sent).status_code == 200
    assert not ProductImage.objects.exists()


def test_a_new_picture_without_a_file_is_an_error(admin):
    sent = form() | {"images-TOTAL_FORMS": "1", "images-0-alt": "Front", "images-0-position": "0"}
    answer = admin.post(ADD, sent)
    assert "Choose a file." in answer.content.decode()


def rows(answer) -> list[Product]:
    return list(answer.context["cl"].result_list)


def test_the_list_costs_the_same_number_of_queries_however_long_it_is(
    admin, django_assert_num_queries, django_assert_max_num_queries
):
    def fill(number: int) -> None:
        for _ in range(number):
            make_image(make_product(brand=make_brand()))

    fill(2)
    with django_assert_max_num_queries(14) as few:
        assert len(rows(admin.get(LIST))) == 2
    fill(10)
    with django_assert_num_queries(len(few)):
        assert len(rows(admin.get(LIST))) == 12


def test_products_are_found_by_sku_and_by_name(admin):
    shirt = make_product(sku="S-77", name="Blue shirt")
    make_product(sku="T-12", name="Red trousers")
    assert rows(admin.get(LIST, {"q": "s-77"})) == [shirt]
    assert rows(admin.get(LIST, {"q": "blue"})) == [shirt]


def test_the_category_filter_includes_what_is_below(admin):
    clothing = make_category("Clothing")
    shirt = make_product(category=make_category("Shirts", parent=clothing))
    make_product()
    assert rows(admin.get(LIST, {"in": "clothing"})) == [shirt]
    assert rows(admin.get(LIST, {"in": "nowhere"})) == []


def test_the_stock_filter_tells_sold_out_from_in_stock(admin):
    there, gone = make_product(stock=1), make_product(stock=0)
    assert rows(admin.get(LIST, {"stock": "yes"})) == [there]
    assert rows(admin.get(LIST, {"stock": "no"})) == [gone]


@pytest.mark.parametrize(
    "query", ["q=%00", "in=%00", "o=9.9", "p=-1", f"p={10**20}", "stock=x", "embedding=%00", "_facets=True"]
)
def test_odd_parameters_never_break_the_list(admin, query):
    make_product()
    assert admin.get(f"{LIST}?{query}").status_code in (200, 302)


def test_an_export_is_read_back_by_an_import(admin):
    clothing = make_category("Clothing")
    make_product(sku="A1", category=make_category("Shirts", parent=clothing), brand=make_brand("Acme"))
    answer = admin.post(reverse("admin:catalog_product_export"), {"format": "0", "resource": ""})
    [row] = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (row["sku"], row["brand"]) == ("A1", "Acme")
    assert (row["category_top"], row["category_middle"], row["category"]) == ("Clothing", "", "Shirts")


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+1", "-1", "\tx"])
def test_an_export_has_no_formulas(admin, name):
    make_product(name=name)
    export = reverse("admin:catalog_product_export")
    [row] = csv.DictReader(io.StringIO(admin.post(export, {"format": "0", "resource": ""}).content.decode()))
    assert row["name"] == f"'{name}"
    formats = dict(admin.get(export).context["form"].fields["format"].choices)
    xlsx = next(value for value, label in formats.items() if label == "xlsx")
    sheet = load_workbook(io.BytesIO(admin.post(export, {"format": xlsx, "resource": ""}).content)).active
    assert "f" not in {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row}


def test_categories_are_listed_as_a_tree_with_their_products(admin, django_assert_max_num_queries):
    clothing = make_category("Clothing")
    shirts = make_category("Shirts", parent=clothing)
    bags = make_category("Bags")
    make_product(category=shirts)
    with django_assert_max_num_queries(6):
        found = rows(admin.get(reverse("admin:catalog_category_changelist")))
    assert [(row.name, row.tree_depth, row.product_count) for row in found] == [
        ("Bags", 0, 0),
        ("Clothing", 0, 0),
        ("Shirts", 1, 1),
    ]
    assert bags in found


def test_a_viewer_sees_products_and_changes_none():
    client = Client()
    client.force_login(make_user("viewer"))
    product = make_product()
    assert client.get(LIST).status_code == 200
    assert client.get(change(product)).status_code == 200
    assert client.post(change(product), form(product, name="X")).status_code == 403
    assert client.get(ADD).status_code == 403


@pytest.mark.parametrize("address", [LIST, ADD, reverse("admin:catalog_product_export")])
def test_staff_without_a_role_see_nothing(address):
    client = Client()
    client.force_login(make_user())
    assert client.get(address).status_code == 403


def test_categories_with_products_are_not_deleted_by_mistake(admin):
    category = make_product().category
    answer = admin.post(reverse("admin:catalog_category_delete", args=[category.pk]), {"post": "yes"})
    assert answer.status_code == 403
