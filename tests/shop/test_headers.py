"""What every answer tells the browser to be careful about."""

from typing import NoReturn

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from shop import urls
from tests.factories import picture_bytes, upload

pytestmark = pytest.mark.django_db
PAGE, API = "/search/photo/", "/api/search/photo/"


def fail(request: HttpRequest) -> NoReturn:
    raise RuntimeError("a view that fails")


handler500 = urls.handler500
urlpatterns = [path("fails/", fail), path("api/fails/", fail), *urls.urlpatterns]


def assert_guarded(answer: HttpResponse) -> None:
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "microphone=()" in answer["Permissions-Policy"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/", "/admin/login/", "/api/products/", "/no-such-page/", "/healthz"])
def test_every_answer_is_guarded(address):
    assert_guarded(Client().get(address))


@pytest.mark.parametrize("address", [PAGE, API])
def test_what_is_refused_is_refused_with_the_same_guards(address, settings):
    settings.IMAGE_MAX_BYTES = 10_000
    for content, status in ((b"no picture", 422), (picture_bytes() + bytes(10_000), 413)):
        answer = Client().post(address, {"image": upload(content)})
        assert answer.status_code == status
        assert_guarded(answer)


@pytest.mark.parametrize("address", [PAGE, API])
def test_what_is_away_is_missed_with_the_same_guards(address, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    answer = Client().post(address, {"image": upload(picture_bytes())})
    assert answer.status_code == 503
    assert_guarded(answer)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", ["/fails/", "/api/fails/"])
def test_what_goes_wrong_goes_wrong_with_the_same_guards(address):
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == 500
    assert "a view that fails" not in answer.content.decode()
    assert_guarded(answer)


def test_with_https_people_are_led_there_and_machines_are_not(settings):
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    assert client.get("/")["Location"] == "https://testserver/"
    assert client.get("/healthz").status_code == 200
