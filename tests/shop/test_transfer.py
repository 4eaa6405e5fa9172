"""What browsers may keep of pages, API and static files, and when they are told that nothing is new."""

import gzip

import pytest
from django.core.management import call_command
from django.test import Client

from tests.factories import make_image, make_product, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    product = make_product(name="Silk dress", description="Softly woven. " * 40)
    make_image(product)
    return product


def varies(answer) -> set[str]:
    return {name.strip() for name in answer["Vary"].split(",")}


PAGES = [
    "/",
    "/p/{slug}/",
    "/search/photo/",
    "/search/like/{slug}/",
    "/api/products/",
    "/api/products/{slug}/",
    "/api/products/{slug}/similar/",
    "/api/categories/",
    "/api/schema/",
]


@pytest.mark.parametrize("address", PAGES)
class TestPagesAndReads:
    def test_who_has_it_already_is_sent_nothing(self, product, address):
        address = address.format(slug=product.slug)
        first = Client().get(address)
        assert (first.status_code, first["Cache-Control"]) == (200, "no-cache")
        again = Client().get(address, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert (again["ETag"], again["Cache-Control"]) == (first["ETag"], "no-cache")
        assert varies(again) >= {"Cookie", "Accept-Language"}

    def test_the_etag_is_of_a_language(self, product, address):
        address = address.format(slug=product.slug)
        english, german = (Client(headers={"accept-language": code}).get(address) for code in ("en", "de"))
        assert varies(english) >= {"Cookie", "Accept-Language"}
        assert (english["ETag"] == german["ETag"]) == (english.content == german.content)


def test_a_change_is_sent(product):
    before = Client().get(product.get_absolute_url())
    product.price = 5
    product.save()
    after = Client().get(product.get_absolute_url(), headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "€5.00" in after.content.decode()


def test_the_language_cookie_asks_for_another_page(product):
    client = Client()
    english = client.get("/")
    client.post("/language/", {"language": "de"})
    german = client.get("/", headers={"if-none-match": english["ETag"]})
    assert german.status_code == 200
    assert 'lang="de"' in german.content.decode()


def test_what_htmx_is_told_beside_a_page_is_part_of_it(product):
    """A browser that keeps the page itself must not take it, address untold, for the answer to a filter."""
    page = Client().get("/?in_stock=true")
    assert {"HX-Request", "HX-Boosted"} <= varies(page)
    filtered = Client().get("/?in_stock=true", headers={"HX-Request": "true", "if-none-match": page["ETag"]})
    assert (filtered.status_code, filtered["HX-Push-Url"]) == (200, "/?in_stock=true")


class TestOnesOwn:
    def test_an_answer_to_somebody_known_is_kept_by_nobody_else(self, product):
        client = Client()
        client.force_login(make_user("merchandiser"))
        assert client.get("/api/products/")["Cache-Control"] == "no-cache, private"

    def test_the_admin_is_not_stored(self):
        client = Client()
        client.force_login(make_user("merchandiser"))
        answer = client.get("/admin/")
        assert "no-store" in answer["Cache-Control"]
        assert "ETag" not in answer

    @pytest.mark.parametrize("address", ["/search/photo/results/", "/admin/login/"])
    def test_pages_of_one_moment_are_not_stored(self, address):
        answer = Client().get(address)
        assert "no-store" in answer["Cache-Control"] or answer.status_code == 410
        assert "ETag" not in answer

    def test_what_is_missing_is_asked_for_again(self):
        answer = Client().get("/nowhere/")
        assert (answer.status_code, answer["Cache-Control"]) == (404, "no-cache")
        assert "ETag" not in answer


class TestPictures:
    def test_they_are_the_same_in_every_language(self, product):
        answer = Client().get(product.cover.picture.url)
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Vary" not in answer

    def test_they_are_not_compressed_again(self, product):
        answer = Client(headers={"accept-encoding": "gzip"}).get(product.cover.picture.url)
        assert "Content-Encoding" not in answer


class TestCompression:
    def test_pages_are_compressed_for_who_can_read_it(self, product):
        plain = Client().get(product.get_absolute_url())
        packed = Client(headers={"accept-encoding": "gzip, br"}).get(product.get_absolute_url())
        assert packed["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in varies(packed)
        assert gzip.decompress(packed.content) == plain.content
        assert len(packed.content) < len(plain.content) / 2

    def test_a_compressed_page_is_known_again(self, product):
        client = Client(headers={"accept-encoding": "gzip"})
        first = client.get("/")
        assert first["ETag"].startswith('W/"')
        assert client.get("/", headers={"if-none-match": first["ETag"]}).status_code == 304


def test_static_files_are_named_by_their_content_and_kept_for_ever(settings, tmp_path):
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "shop.static_storage.StaticStorage"}}
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    call_command("collectstatic", verbosity=0, interactive=False)
    styles = [path.name for path in (tmp_path / "static" / "css").glob("shop.*.css")]
    assert len(styles) == 1
    answer = Client(headers={"accept-encoding": "br"}).get(f"/static/css/{styles[0]}")
    assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer["Content-Encoding"] == "br"
