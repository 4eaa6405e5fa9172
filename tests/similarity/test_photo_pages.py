"""The strip of look-alikes and the pages of photo search, as a browser without scripts sees them."""

import re
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.core import signing
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Product
from similarity import photo
from similarity.photo import PhotoQuery, PhotoUnavailable
from tests.factories import (
    make_brand,
    make_category,
    make_embedding,
    make_image,
    make_product,
    picture_bytes,
    upload,
)
from tests.pages import cards, text
from tests.workers import ROOT, environment

pytestmark = pytest.mark.django_db

PAGE = "/search/photo/"
RESULTS = "/search/photo/results/"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """No photo was searched, and no sample listed, before this test."""
    cache.clear()


@pytest.fixture
def look_alikes() -> list[Product]:
    """Products ever less like the first one."""
    products = []
    for number in range(7):
        product = make_product(name=f"Alike {number}", price=10 + number)
        make_embedding(make_image(product), 1.0, number / 10)
        products.append(product)
    return products


def photo_of(product: Product) -> bytes:
    """The very bytes of the product's picture: the catalogue knows their vector, no worker is asked."""
    cover = product.cover
    assert cover
    with cover.picture.open() as file:
        return file.read()


class TestStrip:
    def test_a_product_page_shows_the_five_nearest_with_their_similarity(
        self, client: Client, look_alikes: list[Product]
    ) -> None:
        response = client.get(look_alikes[0].get_absolute_url())
        assert cards(response) == ["Alike 1", "Alike 2", "Alike 3", "Alike 4", "Alike 5"]
        assert "Looks similar" in text(response)
        assert text(response).count("Similarity: Close match") == 5

    def test_without_look_alikes_there_is_no_cards(self, client: Client) -> None:
        response = client.get(make_product().get_absolute_url())
        assert "Looks similar" not in text(response)

    def test_in_stock_the_description_comes_first(self, client: Client, look_alikes: list[Product]) -> None:
        Product.objects.filter(pk=look_alikes[0].pk).update(description="Softly woven.")
        words = text(client.get(look_alikes[0].get_absolute_url()))
        assert words.index("Softly woven.") < words.index("Looks similar")

    def test_sold_out_the_strip_comes_first(self, client: Client, look_alikes: list[Product]) -> None:
        Product.objects.filter(pk=look_alikes[0].pk).update(description="Softly woven.", stock=0)
        words = text(client.get(look_alikes[0].get_absolute_url()))
        assert words.index("Sold out") < words.index("Looks similar") < words.index("Softly woven.")

    def test_sold_out_look_alikes_come_last_and_say_so(
        self, client: Client, look_alikes: list[Product]
    ) -> None:
        Product.objects.exclude(name__in=["Alike 5", "Alike 6"]).update(stock=0)
        response = client.get(look_alikes[0].get_absolute_url())
        assert cards(response) == ["Alike 5", "Alike 6", "Alike 1", "Alike 2", "Alike 3"]
        assert text(response).count("Sold out") == 4  # the product and three of the strip

    def test_a_product_page_costs_a_fixed_number_of_queries(
        self,
        client: Client,
        look_alikes: list[Product],
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client.get("/")  # the types of a fresh connection are looked up once
        with django_assert_max_num_queries(9):
            client.get(look_alikes[0].get_absolute_url())


class TestRefining:
    @pytest.fixture
    def coat(self) -> Product:
        elm, oak = make_brand("Elm"), make_brand("Oak")
        rows = [
            ("Coat", elm, "Red", 50, 1),
            ("Red, dearer, ours", elm, "Red", 70, 1),
            ("Red, cheaper, theirs", oak, "Red", 30, 0),
            ("Blue, cheaper, theirs", oak, "Blue", 40, 1),
            ("Blue, dearer, nobody's", None, "Blue", 60, 0),
        ]
        for number, (name, brand, colour, price, stock) in enumerate(rows):
            product = make_product(name=name, brand=brand, base_colour=colour, price=price, stock=stock)
            make_embedding(make_image(product), 1.0, number / 10)
        return Product.objects.get(name="Coat")

    @pytest.mark.parametrize(
        ("chosen", "found"),
        [
            ("alike=colour", ["Red, dearer, ours", "Red, cheaper, theirs"]),
            ("alike=cheaper", ["Blue, cheaper, theirs", "Red, cheaper, theirs"]),
            ("alike=stock", ["Red, dearer, ours", "Blue, cheaper, theirs"]),
            ("alike=brand", ["Blue, cheaper, theirs", "Red, cheaper, theirs", "Blue, dearer, nobody's"]),
            ("alike=colour&alike=cheaper", ["Red, cheaper, theirs"]),
            ("alike=nonsense&alike=%00", None),
        ],
    )
    def test_each_way_narrows_the_strip(
        self, client: Client, coat: Product, chosen: str, found: list[str] | None
    ) -> None:
        everything = cards(client.get(coat.get_absolute_url()))
        assert len(everything) == 4
        assert cards(client.get(f"{coat.get_absolute_url()}?{chosen}")) == (found or everything)

    def test_each_way_is_a_link_that_keeps_the_others(self, client: Client, coat: Product) -> None:
        page = client.get(f"{coat.get_absolute_url()}?alike=colour").content.decode()
        assert f'href="{coat.get_absolute_url()}?alike=colour&amp;alike=cheaper#similar"' in page
        assert f'href="{coat.get_absolute_url()}#similar"' in page

    def test_nothing_left_leads_back_to_all(self, client: Client, coat: Product) -> None:
        response = client.get(f"{coat.get_absolute_url()}?alike=colour&alike=cheaper&alike=stock")
        assert "Nothing that looks like it is all of this." in text(response)

    def test_ways_that_mean_nothing_are_not_offered(self, client: Client) -> None:
        products = [make_product(name=f"Plain {number}") for number in range(2)]
        for product in products:
            make_embedding(make_image(product), 1.0)
        words = text(client.get(products[0].get_absolute_url()))
        assert "cheaper in stock" in words
        assert "same colour" not in words
        assert "other brands" not in words


class TestMoreLikeThis:
    def test_every_card_leads_to_more_of_its_kind(self, client: Client, look_alikes: list[Product]) -> None:
        page = client.get("/").content.decode()
        for product in look_alikes:
            assert f'href="/search/like/{product.slug}/"' in page

    def test_the_page_shows_them_nearest_first(self, client: Client, look_alikes: list[Product]) -> None:
        response = client.get(f"/search/like/{look_alikes[0].slug}/")
        assert cards(response) == [f"Alike {number}" for number in range(1, 7)]
        assert "More like Alike 0" in text(response)

    def test_they_can_be_filtered(self, client: Client, look_alikes: list[Product]) -> None:
        address = f"/search/like/{look_alikes[0].slug}/"
        assert cards(client.get(f"{address}?price_max=12")) == ["Alike 1", "Alike 2"]
        response = client.get(f"{address}?price_max=1")
        assert f'href="{address}"' in response.content.decode()

    def test_a_product_that_is_not_embedded_yet_says_so(self, client: Client) -> None:
        response = client.get(f"/search/like/{make_product().slug}/")
        assert "Nothing to compare it with yet" in text(response)

    def test_unknown_and_inactive_products_have_no_such_page(
        self, client: Client, look_alikes: list[Product]
    ) -> None:
        Product.objects.filter(pk=look_alikes[0].pk).update(is_active=False)
        assert client.get(f"/search/like/{look_alikes[0].slug}/").status_code == 404
        assert client.get("/search/like/nothing/").status_code == 404


class TestSearching:
    def test_a_photo_leads_to_its_look_alikes(self, client: Client, look_alikes: list[Product]) -> None:
        response = client.post(PAGE, {"image": upload(photo_of(look_alikes[3]))})
        assert response.status_code == 303
        assert response["Location"].startswith(f"{RESULTS}?photo=")
        assert cards(client.get(response["Location"]))[0] == "Alike 3"
        assert len(cards(client.get(response["Location"]))) == 5

    def test_results_tell_the_best_match_and_the_similarity(
        self, client: Client, look_alikes: list[Product]
    ) -> None:
        response = client.post(PAGE, {"image": upload(photo_of(look_alikes[3]))}, follow=True)
        assert "5 products, best match: Alike 3" in text(response)
        assert "Similarity: Close match" in text(response)

    def test_scripts_get_the_address_as_json(self, client: Client, look_alikes: list[Product]) -> None:
        response = client.post(
            PAGE, {"image": upload(photo_of(look_alikes[3]))}, headers={"Accept": "application/json"}
        )
        assert response.status_code == 200
        assert cards(client.get(response.json()["location"]))[0] == "Alike 3"

    def test_no_token_of_a_form_is_needed(self, look_alikes: list[Product]) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(PAGE, {"image": upload(photo_of(look_alikes[0]))}).status_code == 303

    def test_results_say_that_their_address_is_private_and_ends(
        self, client: Client, look_alikes: list[Product]
    ) -> None:
        response = client.post(PAGE, {"image": upload(photo_of(look_alikes[0]))}, follow=True)
        assert "address of this page is private and ends after an hour" in text(response)

    def test_results_are_not_kept_by_caches_nor_search_engines(
        self, client: Client, look_alikes: list[Product]
    ) -> None:
        response = client.post(PAGE, {"image": upload(photo_of(look_alikes[0]))}, follow=True)
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response.content.decode()


class TestFiltering:
    @pytest.fixture
    def address(self, client: Client) -> str:
        rows = [
            ("Red shirt", "shirts", "Red", 20, 1),
            ("Blue shirt", "shirts", "Blue", 40, 1),
            ("Red hat", "hats", "Red", 60, 0),
        ]
        categories = {name: make_category(name.title(), slug=name) for name in ("shirts", "hats")}
        for number, (name, category, colour, price, stock) in enumerate(rows):
            product = make_product(
                name=name, category=categories[category], base_colour=colour, price=price, stock=stock
            )
            make_embedding(make_image(product), 1.0, number / 10)
        first = Product.objects.get(name="Red shirt")
        return client.post(PAGE, {"image": upload(photo_of(first))})["Location"]

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ("", ["Red shirt", "Blue shirt", "Red hat"]),
            ("&category=shirts", ["Red shirt", "Blue shirt"]),
            ("&colour=Red", ["Red shirt", "Red hat"]),
            ("&price_max=45", ["Red shirt", "Blue shirt"]),
            ("&in_stock=true", ["Red shirt", "Blue shirt"]),
            ("&q=hat", ["Red hat"]),
            ("&category=&colour=&price_max=&in_stock=", ["Red shirt", "Blue shirt", "Red hat"]),
            ("&price_max=nonsense&colour=%00", ["Red shirt", "Blue shirt", "Red hat"]),
        ],
    )
    def test_only_what_passes_is_compared(
        self, client: Client, address: str, filters: str, found: list[str]
    ) -> None:
        assert cards(client.get(address + filters)) == found

    def test_filtered_results_offer_the_whole_shop_and_others_do_not(
        self, client: Client, address: str
    ) -> None:
        assert "Search in all categories" in text(client.get(f"{address}&category=shirts"))
        assert "Search in all categories" not in text(client.get(address))

    def test_nothing_close_with_filters_offers_the_whole_shop(self, client: Client, address: str) -> None:
        make_embedding(make_image(make_product(name="Far off", base_colour="Green")), 0.0, 1.0)
        words = text(client.get(f"{address}&colour=Green"))
        assert "Nothing with these filters looks enough like it." in words
        assert "Far off" in words
        assert "Search in all categories" in words

    def test_in_the_whole_shop_the_words_still_count(self, client: Client, address: str) -> None:
        page = unescape(client.get(f"{address}&colour=Red&words=a+hat").content.decode())
        assert f'<a href="{address}&words=a+hat">Search in all categories' in page

    def test_brands_are_chosen_from_where_there_are_any(self, client: Client, address: str) -> None:
        assert 'name="brand"' not in client.get(address).content.decode()
        Product.objects.filter(name="Blue shirt").update(brand=make_brand("Elm"))
        assert 'name="brand"' in client.get(address).content.decode()
        assert cards(client.get(f"{address}&brand=elm")) == ["Blue shirt"]

    def test_nothing_left_offers_the_whole_shop(self, client: Client, address: str) -> None:
        response = client.get(f"{address}&colour=Red&price_max=1")
        assert "Nothing like it with these filters" in text(response)
        assert unescape(address) in unescape(response.content.decode())


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "status"),
        [
            (b"not a picture", 422),
            (b"", 422),
            (picture_bytes()[:200], 422),
            (picture_bytes(format="GIF"), 422),
        ],
    )
    def test_what_is_no_picture_brings_the_form_back_with_file_and_reason(
        self, client: Client, content: bytes, status: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(photo, "_ask_worker", lambda content: pytest.fail("the worker was asked"))
        response = client.post(PAGE, {"image": upload(content, "holiday.jpg")})
        assert response.status_code == status

    def test_the_sentence_names_the_file(self, client: Client) -> None:
        response = client.post(PAGE, {"image": upload(b"not a picture", "holiday <1>.jpg")})
        assert response.status_code == 422
        assert re.search(r"holiday <1>\.jpg: .+\.", text(response))
        assert "holiday <1>" not in response.content.decode()

    def test_too_many_bytes_are_413(self, client: Client, settings: Any) -> None:
        settings.IMAGE_MAX_BYTES = 1000
        response = client.post(PAGE, {"image": upload(b"\xff" * 5000, "large.jpg")})
        assert response.status_code == 413
        assert "large.jpg" in text(response)

    def test_no_file_at_all_is_said(self, client: Client) -> None:
        response = client.post(PAGE)
        assert response.status_code == 422
        assert "Please choose a photo first." in text(response)

    def test_a_body_that_is_no_form_is_400(self, client: Client) -> None:
        response = client.post(
            PAGE, b"--x\r\ngarbage", content_type="multipart/form-data; boundary=x; boundary=\x00"
        )
        assert response.status_code in (400, 422)

    def test_an_absent_worker_is_503_with_kind_words(self, client: Client, settings: Any) -> None:
        settings.PHOTO_TIMEOUT_S = 0.2
        response = client.post(PAGE, {"image": upload()})
        assert response.status_code == 503
        assert response["Retry-After"] == str(PhotoUnavailable.retry_after_s)
        assert "Please try again in 10 seconds." in text(response)

    def test_a_full_queue_is_503_with_words_of_its_own(self, client: Client, settings: Any) -> None:
        settings.PHOTO_QUEUE_MAX = 0
        response = client.post(PAGE, {"image": upload()})
        assert response.status_code == 503
        assert "Many photos are waiting just now." in text(response)

    def test_too_many_photos_are_429(self, client: Client, settings: Any) -> None:
        settings.PHOTO_PER_MINUTE = 1
        client.post(PAGE, {"image": upload(b"x")})
        response = client.post(PAGE, {"image": upload(b"x")})
        assert response.status_code == 429
        assert 0 < int(response["Retry-After"]) <= 60

    def test_scripts_are_told_how_long_to_wait(self, client: Client, settings: Any) -> None:
        settings.PHOTO_QUEUE_MAX = 0
        answer = client.post(PAGE, {"image": upload()}, headers={"Accept": "application/json"})
        assert answer.json()["sentence"] == (
            f"Many photos are waiting just now. Please try again in {PhotoUnavailable.retry_after_s} seconds."
        )

    def test_scripts_get_the_reason_as_json(self, client: Client) -> None:
        response = client.post(
            PAGE, {"image": upload(b"no", "a.jpg")}, headers={"Accept": "application/json"}
        )
        assert response.status_code == 422
        assert response.json()["file"] == "a.jpg"
        assert response.json()["sentence"].endswith(".")


class TestPieces:
    @pytest.fixture
    def piece_token(self, client: Client, look_alikes: list[Product]) -> str:
        answer = client.post(
            PAGE, {"image": upload(photo_of(look_alikes[0]))}, headers={"Accept": "application/json"}
        )
        return answer.json()["piece"]

    def test_scripts_get_a_small_picture_and_the_token_that_asks_for_a_piece_of_it(
        self, client: Client, look_alikes: list[Product]
    ) -> None:
        answer = client.post(
            PAGE, {"image": upload(photo_of(look_alikes[0]))}, headers={"Accept": "application/json"}
        ).json()
        assert answer["picture"].startswith("data:image/webp;base64,")
        page = client.get(answer["location"]).content.decode()
        assert f'data-photo="{answer["photo"]}"' in page
        assert answer["piece"] not in page

    def test_a_forged_or_old_piece_is_410_with_kind_words(self, client: Client, piece_token: str) -> None:
        response = client.post(PAGE, {"piece": piece_token[:-3] + "abc"})
        assert response.status_code == 410
        assert "Your photo is gone after an hour." in text(response)

    def test_the_filters_come_along(self, client: Client, look_alikes: list[Product]) -> None:
        fields = {"image": upload(photo_of(look_alikes[0])), "price_max": "12", "colour": ["Red", "Blue"]}
        location = client.post(PAGE, fields)["Location"]
        assert location.endswith("&colour=Red&colour=Blue&price_max=12")

    def test_a_piece_is_computed_even_of_a_known_picture(
        self, client: Client, look_alikes: list[Product], settings: Any
    ) -> None:
        settings.PHOTO_TIMEOUT_S = 0.2
        fields = {"image": upload(photo_of(look_alikes[0])), "left": "0.5", "width": "0.5"}
        assert client.post(PAGE, fields).status_code == 503  # there is no worker

    def test_without_scripts_the_form_takes_the_box_in_numbers(self, client: Client) -> None:
        page = client.get(PAGE).content.decode()
        for name in ("left", "top", "width", "height"):
            assert re.search(rf'<noscript>.*<input type="number"[^>]*name="{name}".*</noscript>', page, re.S)


class TestTokens:
    def forged() -> str:  # type: ignore[misc]
        return signing.dumps([1, "AAAA"], salt="another salt")

    def expired() -> str:  # type: ignore[misc]
        return "WzEsIkFBQUEiXQ:1kAAAA:abcdefghijklmnopqrstuvwxyz"

    @pytest.mark.parametrize(
        "make", [forged, expired, lambda: "", lambda: "\0", lambda: "ü:x:y", lambda: "a" * 9000]
    )
    def test_what_is_no_valid_token_is_410_with_the_form(
        self, client: Client, make: Callable[[], str]
    ) -> None:
        response = client.get(RESULTS, {"photo": make()})
        assert response.status_code == 410
        assert "This search has ended" in text(response)
        assert 'type="file"' in response.content.decode()

    def test_a_token_ends_after_an_hour(
        self, client: Client, look_alikes: list[Product], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = client.post(PAGE, {"image": upload(photo_of(look_alikes[0]))})["Location"]
        assert client.get(address).status_code == 200
        monkeypatch.setattr(photo, "TOKEN_MAX_AGE_S", -1)
        assert client.get(address).status_code == 410

    def test_a_token_holds_a_vector_and_no_pixels(self, client: Client, look_alikes: list[Product]) -> None:
        address = client.post(PAGE, {"image": upload(photo_of(look_alikes[0]))})["Location"]
        query = PhotoQuery.from_token(unquote(address.partition("photo=")[2]))
        assert query is not None
        assert query.vector.ndim == 1


class TestSamples:
    @pytest.fixture
    def sample(self, look_alikes: list[Product]) -> str:
        default_storage.save("samples/LK-1.jpg", ContentFile(photo_of(look_alikes[2])))
        return "LK-1.jpg"

    def test_without_samples_there_is_no_such_section(self, client: Client) -> None:
        assert "Try one of these" not in text(client.get(PAGE))

    def test_samples_are_offered_and_searched_with(self, client: Client, sample: str) -> None:
        assert "Try one of these" in text(client.get(PAGE))
        response = client.post(PAGE, {"sample": sample}, follow=True)
        assert cards(response)[0] == "Alike 2"

    def test_the_sample_is_shown_with_its_results(self, client: Client, sample: str) -> None:
        response = client.post(PAGE, {"sample": sample}, follow=True)
        assert "/media/thumbnails/samples/LK-1/480.webp" in response.content.decode()

    @pytest.mark.parametrize("name", ["../products/x.jpg", "LK-2.jpg", "/etc/passwd", "\0"])
    def test_other_names_are_no_samples(self, client: Client, sample: str, name: str) -> None:
        assert client.post(PAGE, {"sample": name}).status_code == 422
        address = client.post(PAGE, {"sample": sample})["Location"].replace(sample, name)
        assert "thumbnails/samples" not in client.get(address).content.decode()


def test_the_web_process_never_loads_tensorflow() -> None:
    """Importing the application and resolving every address, photo search among them, is not enough to."""
    program = """
import sys
import shop.wsgi
from django.urls import get_resolver
def resolve(patterns):
    for pattern in patterns:
        resolve(pattern.url_patterns) if hasattr(pattern, "url_patterns") else pattern.callback
resolve(get_resolver().url_patterns)
from django.test import Client
for address in ("/", "/search/photo/", "/search/photo/results/?photo=x"):
    Client(SERVER_NAME="localhost").get(address)
loaded = {name.partition(".")[0] for name in sys.modules} & {"tensorflow", "keras"}
sys.exit(f"loaded: {loaded}" if loaded else 0)
"""
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment(DEBUG="true"),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr[-2000:]


def test_brand_and_picture_of_a_card_cost_no_query_each(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        make_embedding(make_image(make_product(brand=make_brand())), 1.0, number / 10)
    product = Product.objects.first()
    assert product
    client.get("/")
    with django_assert_max_num_queries(9):
        client.get(product.get_absolute_url())
