"""What every answer tells the browser to be careful about."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/admin/login/", "/api/products/", "/no-such-page/", "/healthz"])
def test_every_answer_is_guarded(address):
    answer = Client().get(address)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "microphone=()" in answer["Permissions-Policy"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_with_https_people_are_led_there_and_machines_are_not(settings):
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    assert client.get("/")["Location"] == "https://testserver/"
    assert client.get("/healthz").status_code == 200
