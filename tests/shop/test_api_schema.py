"""The API's own description: complete and valid. That it is true: test_api_contract."""

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

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


def test_it_says_of_each_operation_how_it_refuses():
    operations = [operation for path in description()["paths"].values() for operation in path.values()]
    assert all({"406", "503"} <= operation["responses"].keys() for operation in operations)
    writing = [operation for operation in operations if "requestBody" in operation]
    assert all({"400", "415"} <= operation["responses"].keys() for operation in writing)


@pytest.mark.parametrize("address", ["/api/products/", "/api/products/{slug}/", "/api/brands/"])
def test_what_everybody_may_read_needs_no_token(address):
    assert {} in description()["paths"][address]["get"]["security"]


def test_programs_are_told_in_json_that_there_is_nothing():
    answer = Client().get("/api/no/such/address/", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert answer.json() == {"detail": "There is nothing at this address."}


@pytest.mark.django_db
def test_data_is_json_whatever_is_asked_for():
    answer = Client().get("/api/products/", headers={"accept": "text/html"})
    assert (answer.status_code, answer["Content-Type"]) == (406, "application/json")
