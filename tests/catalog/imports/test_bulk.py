"""`POST /api/products/bulk/`: lists of products on the way of files."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from catalog.imports import bulk, jobs
from catalog.imports.models import ImportJob
from catalog.models import Product
from shop.models import ApiToken
from tests.catalog.imports import servers
from tests.factories import make_product, make_user, picture_bytes

pytestmark = pytest.mark.django_db(transaction=True)
BULK = "/api/products/bulk/"


@pytest.fixture(autouse=True)
def state_folder(settings, tmp_path):
    settings.STATE_DIR = tmp_path / "state"


def client(role: str = "merchandiser", **token) -> APIClient:
    api = APIClient()
    _, text = ApiToken.objects.issue(user=make_user(role), name="test", **{"may_write": True} | token)
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return api


@pytest.fixture
def api() -> APIClient:
    return client()


def shirt(sku: str = "1", **fields):
    return {"sku": sku, "name": f"Shirt {sku}", "category": "Apparel > Shirts"} | fields


def send(api: APIClient, *products, status: int = 200, **fields):
    answer = api.post(BULK, {"products": list(products)} | fields, format="json")
    assert answer.status_code == status, answer.content
    return answer.json()


def outcomes(answer) -> list[str]:
    return [result["outcome"] for result in answer["results"]]


def test_products_are_created_with_what_the_list_says(api):
    answer = send(
        api,
        shirt("1", brand="Acme", price=19.9, stock=4, is_active=False, currency="CHF", season="Fall"),
        shirt("2", category=["Apparel", "Tops", "Shirts"], price="1234.50"),
    )
    assert outcomes(answer) == ["created", "created"]
    assert answer["counts"] == {"created": 2, "changed": 0, "unchanged": 0, "refused": 0, "not_written": 0}
    first, second = Product.objects.order_by("sku")
    assert (first.brand.name, str(first.price), first.stock, first.is_active) == ("Acme", "19.90", 4, False)
    assert (first.currency, first.season, first.category.parent.name) == ("CHF", "Fall", "Apparel")
    assert (str(second.price), second.category.parent.name) == ("1234.50", "Tops")
    assert answer["pictures"] is None


def test_the_same_list_again_writes_nothing(api):
    products = [shirt(str(n), price="5", brand="Acme") for n in range(20)]
    send(api, *products)
    with CaptureQueriesContext(connection) as queries:
        answer = send(api, *products)
    assert answer["counts"]["unchanged"] == 20
    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_what_an_object_does_not_name_stays_and_what_is_null_is_emptied(api):
    send(api, shirt(description="Soft", season="Fall", price="5", brand="Acme", stock=7))
    assert outcomes(send(api, shirt(season=None, price=None))) == ["changed"]
    product = Product.objects.get()
    assert (product.description, product.season, str(product.price), product.brand.name, product.stock) == (
        "Soft", "", "5.00", "Acme", 7,
    )  # fmt: skip


def test_each_row_has_a_result_of_its_own(api):
    make_product(sku="2", name="Old")
    answer = send(api, shirt("1"), shirt("2"), shirt("3", price="cheap"), {"sku": "4"}, shirt("1"))
    assert outcomes(answer) == ["created", "changed", "refused", "refused", "refused"]
    assert [result["sku"] for result in answer["results"]] == ["1", "2", "3", "4", "1"]
    reasons = [[p["column"] + ": " + p["reason"] for p in result["problems"]] for result in answer["results"]]
    assert reasons == [
        [],
        [],
        ["price: This is no price; write it as 1234.50."],
        ["name: The cell is empty.", "category: The row names no category."],
        ["sku: This SKU is in row 1 already; the first one counts."],
    ]
    assert Product.objects.count() == 2


def test_under_the_strict_policy_one_bad_row_keeps_all_from_being_written(api):
    answer = send(api, shirt("1"), shirt("2", price="cheap"), policy="refuse_all", status=422)
    assert outcomes(answer) == ["not_written", "refused"]
    assert not Product.objects.exists()
    assert outcomes(send(api, shirt("1"), shirt("2"), policy="refuse_all")) == ["created", "created"]


def test_under_the_lenient_policy_bad_values_are_left_out(api):
    answer = send(api, shirt(price="cheap", season="Fall"), policy="ignore_fields")
    assert outcomes(answer) == ["created"]
    assert answer["results"][0]["problems"][0]["skipped"] is False
    assert Product.objects.get().season == "Fall"


def test_a_preview_writes_nothing(api):
    make_product(sku="2")
    answer = send(api, shirt("1"), shirt("2"), shirt("3", stock=-1), preview=True)
    assert outcomes(answer) == ["created", "changed", "refused"]
    assert Product.objects.count() == 1


def test_a_text_that_looks_like_a_formula_is_stored_as_it_is(api):
    send(api, shirt(name="=HYPERLINK(1)"))
    assert Product.objects.get().name == "=HYPERLINK(1)"


def test_pictures_are_fetched_afterwards_by_a_worker(api, settings):
    settings.IMPORT_NETWORKS = ["127.0.0.1"]
    with servers.site({"/red.jpg": picture_bytes("red"), "/blue.jpg": picture_bytes("blue")}) as site:
        pictures = [site.url("/red.jpg"), site.url("/blue.jpg?a=1;b,2")]
        answer = send(
            api, shirt("1", pictures=pictures), shirt("2", price="x", pictures=pictures), shirt("3")
        )
        assert site.asked == []
        job = ImportJob.objects.get()
        assert answer["pictures"] == job.pk
        assert jobs.waiting() == [job.pk]
        jobs.work(job.pk, 60)
    assert Product.objects.get(sku="1").images.count() == 2
    stands = api.get(f"/api/imports/{job.pk}/").json()
    assert (stands["state"], stands["rows"], stands["changed"], stands["problems"]) == ("done", 1, 1, [])


def test_pictures_that_a_product_has_already_make_no_import(api, settings):
    settings.IMPORT_NETWORKS = ["127.0.0.1"]
    with servers.site({"/red.jpg": picture_bytes("red"), "/blue.jpg": picture_bytes("blue")}) as site:
        red, blue = site.url("/red.jpg"), site.url("/blue.jpg")
        jobs.work(send(api, shirt("1", pictures=[red]))["pictures"], 60)
        with CaptureQueriesContext(connection) as queries:
            assert send(api, shirt("1", pictures=[red]))["pictures"] is None
        assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert send(api, shirt("1", pictures=[red, blue]))["pictures"]
        assert send(api, shirt("2", pictures=[red]))["pictures"]


def test_what_is_edited_before_the_pictures_come_stays(api, settings):
    settings.IMPORT_NETWORKS = ["127.0.0.1"]
    with servers.site({"/red.jpg": picture_bytes("red")}) as site:
        job = send(api, shirt("1", pictures=[site.url("/red.jpg")]))["pictures"]
        other = make_product().category
        Product.objects.filter(sku="1").update(name="Edited", category=other)
        jobs.work(job, 60)
    product = Product.objects.get(sku="1")
    assert (product.name, product.category, product.images.count()) == ("Edited", other, 1)


def test_pictures_that_are_no_addresses_are_refused(api):
    send(api, shirt(pictures=["a.jpg"]), status=400)
    send(api, shirt(pictures=[{"url": "https://x"}]), status=400)
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"products": []},
        {"products": [1]},
        {"products": [{"colour": "red"}]},
        {"products": [{"sku": {"a": 1}}]},
        {"products": [{"name": ["a"]}]},
        {"products": [{"sku": "1"}], "policy": "whatever"},
    ],
)
def test_a_list_that_is_none_is_refused_as_a_whole(api, body):
    assert api.post(BULK, body, format="json").status_code == 400


@pytest.mark.parametrize("product", [r'{"sku": "\ud800"}', r'{"\ud800": "1"}'])
def test_half_a_character_is_refused(api, product):
    body = f'{{"products": [{product}]}}'
    assert api.post(BULK, body, content_type="application/json").status_code == 400


def test_no_more_than_500_products_are_taken_at_once(api):
    send(api, *[{"sku": str(n)} for n in range(bulk.MAX_ROWS + 1)], status=400)
    assert send(api, *[shirt(str(n)) for n in range(bulk.MAX_ROWS)])["counts"]["created"] == bulk.MAX_ROWS


def test_a_body_beyond_the_limit_is_not_read(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    answer = api.post(BULK, {"products": [shirt(description="x" * 20_000)]}, format="json")
    assert answer.status_code in (400, 413)
    assert not Product.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_rows(api):
    def queries(*skus: str) -> int:
        with CaptureQueriesContext(connection) as found:
            send(api, *map(shirt, skus))
        return len(found)

    queries("first")
    assert queries("a", "b") == queries(*[f"c{n}" for n in range(50)])


@pytest.mark.parametrize("nul", ["sku", "name", "description", "season"])
def test_a_nul_is_told_with_its_row(api, nul):
    answer = send(api, shirt(**{nul: "a\0b"}))
    assert answer["results"][0]["problems"][0]["reason"] == "The cell contains a NUL character."


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (lambda: client("viewer"), 403),
        (lambda: client("operator"), 403),
        (lambda: client("merchandiser", may_write=False), 403),
        (APIClient, 401),
    ],
)
def test_who_may_not_import_files_may_not_send_lists(who, status):
    send(who(), shirt(), status=status)
    assert not Product.objects.exists()
