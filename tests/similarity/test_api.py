"""Look-alikes as JSON: of a product and of a photo, and what is answered when there are none."""

import io
import math
import secrets

import pytest
from PIL import Image
from rest_framework.test import APIClient

from catalog.images import clean
from catalog.models import Product
from similarity import photo
from tests.factories import make_embedding, make_image, make_product, picture_bytes, upload
from tests.workers import celery_worker, wait_until

pytestmark = pytest.mark.django_db
PHOTO = "/api/search/photo/"


@pytest.fixture
def api() -> APIClient:
    """A client whose address no other test has, so that limits begin anew."""
    return APIClient(REMOTE_ADDR=f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1")


@pytest.fixture
def shirts() -> list:
    """Six products whose pictures are less and less like the first one's."""
    products = [make_product(name=f"Shirt {number}") for number in range(6)]
    for number, product in enumerate(products):
        angle = number * 0.1
        make_embedding(make_image(product), math.cos(angle), math.sin(angle))
    return products


def similar(product) -> str:
    return f"/api/products/{product.slug}/similar/"


def test_five_products_that_look_alike_come_nearest_first(api, shirts):
    results = api.get(similar(shirts[0])).json()["results"]
    assert [result["slug"] for result in results] == [product.slug for product in shirts[1:]]
    assert results[0]["similarity"] == pytest.approx(math.cos(0.1), abs=1e-3)


def test_a_result_shows_what_a_card_shows(api, shirts):
    result = api.get(similar(shirts[0])).json()["results"][0]
    assert result["name"] == "Shirt 1"
    assert result["url"] == f"http://testserver{shirts[1].get_absolute_url()}"
    assert result["picture"]["url"] == f"http://testserver{shirts[1].cover.picture.url}"
    assert result["in_stock"] is True


def test_the_limit_says_how_many(api, shirts):
    assert len(api.get(similar(shirts[0]), {"limit": 2}).json()["results"]) == 2


@pytest.mark.parametrize(
    ("metric", "distance"),
    [("cosine", 1 - math.cos(0.1)), ("euclidean", math.sqrt(2 - 2 * math.cos(0.1)))],
)
def test_the_distance_is_of_the_metric_that_is_asked_for(api, shirts, metric, distance):
    result = api.get(similar(shirts[0]), {"metric": metric}).json()["results"][0]
    assert result["distance"] == pytest.approx(distance, abs=1e-3)


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 25}, {"limit": 10**30}, {"limit": "x"}, {"metric": "\x00"}]
)
def test_odd_parameters_are_refused_by_name(api, shirts, query):
    answer = api.get(similar(shirts[0]), query)
    assert answer.status_code == 400
    assert list(answer.json()) == list(query)


def test_a_product_without_an_embedding_has_no_look_alikes_yet(api, shirts):
    assert api.get(similar(make_product())).json() == {"results": []}


def test_hidden_products_neither_ask_nor_answer(api, shirts):
    hidden = shirts[1]
    hidden.is_active = False
    hidden.save()
    assert api.get(similar(hidden)).status_code == 404
    assert hidden.slug not in [result["slug"] for result in api.get(similar(shirts[0])).json()["results"]]


def test_look_alikes_cost_six_queries_beside_those_for_vectors(api, shirts, django_assert_num_queries):
    # The product, what is pinned and hidden, other listings, model; products, their pictures.
    with django_assert_num_queries(6):
        assert len(api.get(similar(shirts[0]), {"limit": 24}).json()["results"]) == 5


def test_a_photo_of_the_catalogue_finds_its_product_first(api, shirts):
    content = picture_bytes("teal", (50, 70))
    product = make_product()
    make_embedding(make_image(product, content), 0, 1)
    results = api.post(PHOTO, {"image": upload(content)}).json()["results"]
    assert len(results) == 5
    assert results[0]["slug"] == product.slug
    assert results[0]["similarity"] == pytest.approx(1, abs=1e-3)


def test_the_token_asks_again_without_the_photo(api, shirts):
    content = picture_bytes("teal", (50, 70))
    make_embedding(make_image(make_product(), content), 0, 1)
    first = api.post(PHOTO, {"image": upload(content)}).json()
    again = api.get(PHOTO, {"token": first["token"], "limit": 5}).json()
    assert again["results"] == first["results"]


def test_filters_narrow_the_search(api, shirts):
    content = picture_bytes("teal", (50, 70))
    make_embedding(make_image(make_product(), content), 0, 1)
    token = api.post(PHOTO, {"image": upload(content)}).json()["token"]
    category = shirts[2].category.slug
    results = api.get(PHOTO, {"token": token, "category": category}).json()["results"]
    assert [result["slug"] for result in results] == [shirts[2].slug]


class TestWords:
    @pytest.fixture
    def photo_of_blue(self) -> bytes:
        """It looks like the blue shirt, and somewhat less like the red one."""
        content = picture_bytes("teal", (50, 70))
        make_embedding(make_image(make_product(name="Blue shirt", base_colour="Blue"), content), 0, 1)
        make_embedding(make_image(make_product(name="Red shirt", base_colour="Red")), 0.3, 0.95)
        return content

    def test_what_fits_them_comes_first(self, api, photo_of_blue):
        plain = api.post(PHOTO, {"image": upload(photo_of_blue)}).json()["results"]
        worded = api.post(PHOTO, {"image": upload(photo_of_blue), "words": "in red"}).json()["results"]
        assert [result["name"] for result in plain] == ["Blue shirt", "Red shirt"]
        assert [result["name"] for result in worded] == ["Red shirt", "Blue shirt"]

    def test_they_may_come_beside_the_token(self, api, photo_of_blue):
        token = api.post(PHOTO, {"image": upload(photo_of_blue)}).json()["token"]
        again = api.get(PHOTO, {"token": token, "words": "in red"}).json()["results"]
        assert [result["name"] for result in again] == ["Red shirt", "Blue shirt"]

    def test_too_many_are_refused(self, api):
        answer = api.post(PHOTO, {"image": upload(), "words": "red " * 60})
        assert (answer.status_code, list(answer.json())) == (400, ["words"])


class TestCrop:
    @pytest.mark.parametrize(
        "crop",
        [
            "0,0,1",
            "0,0,1,1,1",
            "a,b,c,d",
            "nan,0,1,1",
            "0,0,inf,1",
            "-0.1,0,1,1",
            "0.5,0,0.6,1",
            "0,0,0.01,1",
        ],
    )
    def test_a_box_that_is_none_is_refused_by_name(self, api, crop):
        answer = api.post(PHOTO, {"image": upload(), "crop": crop})
        assert (answer.status_code, list(answer.json())) == (400, ["crop"])

    def test_the_whole_photo_is_as_good_as_none(self, api, shirts):
        content = picture_bytes("teal", (50, 70))
        product = make_product()
        make_embedding(make_image(product, content), 0, 1)
        results = api.post(PHOTO, {"image": upload(content), "crop": "0,0,1,1"}).json()["results"]
        assert results[0]["slug"] == product.slug

    @pytest.mark.django_db(transaction=True)
    def test_another_piece_is_another_search(self, settings):
        """By a real worker: a photo of two things, asked for the one on either side."""
        settings.PHOTO_TIMEOUT_S = 30
        both = Image.new("RGB", (400, 400), "white")
        both.paste("crimson", (20, 60, 180, 340))
        both.paste("navy", (220, 60, 380, 340))
        out = io.BytesIO()
        both.save(out, "PNG")
        sides = {"0,0,0.5,1": (0, 0, 200, 400), "0.5,0,0.5,1": (200, 0, 400, 400)}
        with celery_worker("embed", "crop"):
            for crop, side in sides.items():
                piece = io.BytesIO()
                both.crop(side).save(piece, "PNG")
                make_image(make_product(name=crop), piece.getvalue())
            wait_until(lambda: Product.objects.filter(search_vectors__isnull=False).count() == 2)
        with celery_worker("photo", "crop"):
            for crop in sides:
                answer = APIClient().post(PHOTO, {"image": upload(out.getvalue()), "crop": crop}).json()
                assert answer["results"][0]["name"] == crop


def test_words_and_crop_are_in_the_description(api):
    schema = api.get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"}).json()
    form = schema["components"]["schemas"]["PhotoFormRequest"]
    assert {"image", "words", "crop"} == set(form["properties"])
    asked = schema["paths"]["/api/search/photo/"]["get"]["parameters"]
    assert "words" in [parameter["name"] for parameter in asked]


@pytest.mark.parametrize("token", ["x", "a:b:c", "\x00", "é" * 500])
def test_a_forged_token_has_ended(api, token):
    assert api.get(PHOTO, {"token": token}).status_code in (400, 410)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<html>", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused_with_code_and_sentence(api, content):
    answer = api.post(PHOTO, {"image": upload(content)})
    assert answer.status_code == 422
    assert answer.json()["code"] == "format"
    assert answer.json()["detail"].endswith(".")


def test_a_photo_with_too_many_bytes_is_too_large(api, settings):
    settings.IMAGE_MAX_BYTES = 10_000
    answer = api.post(PHOTO, {"image": upload(picture_bytes() + bytes(10_000))})
    assert answer.status_code == 413
    assert answer.json()["code"] == "bytes"


def test_a_photo_of_another_field_is_missed(api):
    answer = api.post(PHOTO, {"photo": upload()})
    assert answer.status_code == 400
    assert list(answer.json()) == ["image"]


@pytest.mark.parametrize("kind", ["application/json", "image/jpeg", "application/x-www-form-urlencoded"])
def test_a_photo_comes_as_multipart_only(api, kind):
    assert api.post(PHOTO, data=b"{}", content_type=kind).status_code == 415


def test_without_a_worker_the_answer_is_an_honest_503(api, settings):
    settings.PHOTO_TIMEOUT_S = 0.2
    answer = api.post(PHOTO, {"image": upload()})
    assert answer.status_code == 503
    assert answer["Retry-After"] == str(photo.PhotoUnavailable.retry_after_s)
    assert answer.json()["detail"].endswith(".")
    photo._redis().delete("photo")  # the question that nobody will answer


def test_without_a_broker_the_answer_is_an_honest_503_too(api, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    assert api.post(PHOTO, {"image": upload()}).status_code == 503


def test_photos_of_one_client_are_limited(api, settings):
    settings.PHOTO_PER_MINUTE = 2
    for _ in range(2):
        assert api.post(PHOTO, {"image": upload(b"no picture")}).status_code == 422
    answer = api.post(PHOTO, {"image": upload(b"no picture")})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60


def test_a_forged_address_does_not_lift_the_limit(api, settings):
    settings.PHOTO_PER_MINUTE = 1
    api.post(PHOTO, {"image": upload(b"")}, headers={"x-forwarded-for": "198.51.100.1"})
    answer = api.post(PHOTO, {"image": upload(b"")}, headers={"x-forwarded-for": "198.51.100.2"})
    assert answer.status_code == 429


def test_the_search_goes_on_unlimited_when_the_counters_are_down(api, settings, caplog):
    settings.PHOTO_PER_MINUTE = 1
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}}
    for _ in range(2):
        assert api.post(PHOTO, {"image": upload(b"")}).status_code == 422
    assert "The limit on photo is not enforced" in caplog.text


def test_a_photo_is_never_written_to_disk(api, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10  # else a small photo would prove nothing
    settings.FILE_UPLOAD_TEMP_DIR = "/no/such/folder"
    content = picture_bytes("teal", (50, 70))
    make_embedding(make_image(make_product(), content), 1)
    assert api.post(PHOTO, {"image": upload(content)}).status_code == 200


def test_a_photo_as_the_shop_serves_it_is_known_too(api):
    content = picture_bytes("teal", (50, 70), "PNG")
    product = make_product()
    make_embedding(make_image(product, content), 1)
    served = clean(io.BytesIO(content)).content
    assert api.post(PHOTO, {"image": upload(served)}).json()["results"][0]["slug"] == product.slug
