"""The API's own description: complete, valid, and true under odd requests."""

import hypothesis
import pytest
import schemathesis
from django.core import signals
from django.core.management import call_command
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from shop.models import ApiToken
from shop.wsgi import application
from tests.factories import make_brand, make_image, make_product, make_user

ADDRESSES = {
    "/api/products/": {"get", "post"},
    "/api/products/{slug}/": {"get", "put", "patch", "delete"},
    "/api/products/{slug}/images/": {"post"},
    "/api/products/{slug}/images/{image}/": {"delete"},
    "/api/products/{slug}/similar/": {"get"},
    "/api/products/{slug}/complements/": {"get"},
    "/api/products/bulk/": {"post"},
    "/api/imports/{id}/": {"get"},
    "/api/categories/": {"get"},
    "/api/brands/": {"get"},
    "/api/search/photo/": {"get", "post"},
}


def description() -> dict:
    return SchemaGenerator().get_schema(public=True)


def test_the_description_is_valid_and_free_of_warnings(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_description_names_every_address_and_method(address):
    assert set(description()["paths"][address]) == ADDRESSES[address]


@pytest.mark.parametrize("address", ["/api/docs/", "/api/redoc/"])
def test_the_documentation_pages_load_nothing_from_elsewhere(address):
    content = Client().get(address).content.decode()
    assert "/static/drf_spectacular_sidecar/" in content
    assert "//cdn" not in content


@pytest.fixture
def kept_connection():
    """The application closes the database's connection after a request, and with it this test's rows."""
    events = (signals.request_started, signals.request_finished)
    for event in events:
        event.disconnect(close_old_connections)
    yield
    for event in events:
        event.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("kept_connection")
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_generated_request_breaks_the_api(address, settings):
    """Requests that schemathesis makes up from the description, of somebody who may do everything."""
    settings.PHOTO_TIMEOUT_S = 0.1
    settings.PHOTO_PER_MINUTE = 10**6
    make_image(make_product(slug="shirt", brand=make_brand()))
    _, token = ApiToken.objects.issue(user=make_user(is_superuser=True), name="test", may_write=True)
    schema = schemathesis.openapi.from_dict(description())
    for operation in schema[address].values():
        fuzz(operation, {"Authorization": f"Bearer {token}"})


def fuzz(operation, headers: dict[str, str]) -> None:
    @hypothesis.settings(
        max_examples=20,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
        derandomize=True,
    )
    @hypothesis.given(case=operation.as_strategy())
    def check(case) -> None:
        answer = case.call(app=application, headers=headers)
        assert answer.status_code < 500 or answer.status_code == 503

    check()
