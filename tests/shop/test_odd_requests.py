"""No page breaks, whatever is asked of it: every address of the URLconf, odd parameters, odd methods."""

from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tests.shop import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HUGE = "9" * 5000
ODD = ["", "a\0b", "é\u202e\U0001f457\uffff", "-1", HUGE, "1e400", "<script>' OR 1=1 --", "../%00[]"]
PARAMETERS = [
    "q", "page", "p", "o", "all", "sort", "limit", "metric", "token", "photo", "sample", "colour", "category",
    "price_min", "in_stock", "like", "only", "_changelist_filters",
    "_popup", "_to_field", "e", "next", "term",
    "app_label", "model_name", "field_name", "state", "state__exact", "product__category__id__exact",
    "is_active__exact", "id__in", "_connector", "created_at__gte", "ordering", "format", "action",
]  # fmt: skip
METHODS = ["put", "patch", "delete", "options", "trace"]


@pytest.fixture
def everybody() -> list[Client]:
    """Somebody without a name, and somebody who may do everything."""
    superuser = Client(raise_request_exception=False)
    superuser.force_login(make_user(is_superuser=True))
    return [Client(raise_request_exception=False), superuser]


def asked() -> list[str]:
    return sorted(set(addresses.names()) - {addresses.NAMELESS, "admin:logout"})


def concerned(name: str, everybody: list[Client]) -> list[Client]:
    """To the pages of the admin, nobody without a name gets."""
    return everybody[1:] if name.startswith("admin:") and name != "admin:login" else everybody


@pytest.mark.parametrize("value", ODD, ids=lambda value: ascii(value[:20]))
def test_odd_parameters_break_no_page(value, everybody):
    objects = addresses.populate()
    query = urlencode(dict.fromkeys(PARAMETERS, value))
    broken = {
        (name, answer.status_code)
        for name in asked()
        for client in concerned(name, everybody)
        if (answer := client.get(f"{addresses.path(name, objects)}?{query}")).status_code >= 500
    }
    assert not broken


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_no_parameter_breaks_a_list_of_the_admin(parameter, everybody):
    addresses.populate()
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    broken = {
        (address, value[:20])
        for address in lists
        for value in ("a\0b", "-1")
        if everybody[1].get(f"{address}?{urlencode({parameter: value})}").status_code >= 500
    }
    assert not broken


@pytest.mark.parametrize("method", METHODS)
def test_wrong_methods_break_no_page(method, everybody):
    objects = addresses.populate()
    addressed = {name: addresses.path(name, objects) for name in asked() if "delete" not in name}
    broken = {
        (name, answer.status_code)
        for name, path in addressed.items()
        for client in concerned(name, everybody)
        if (answer := getattr(client, method)(path)).status_code >= 500
    }
    assert not broken


@pytest.mark.parametrize("value", ODD, ids=lambda value: ascii(value[:20]))
def test_odd_forms_break_no_page(value, everybody):
    objects = addresses.populate()
    fields = [*PARAMETERS, "username", "password", "name", "sku", "slug", "price", "image", "alt", "position"]
    form = dict.fromkeys(fields, value)
    kept = {name for name in asked() if "delete" in name or "password" in name}
    broken = {
        (name, answer.status_code)
        for name in asked()
        if name not in kept
        for client in concerned(name, everybody)
        if (answer := client.post(addresses.path(name, objects), form)).status_code >= 500
    }
    assert not broken


@pytest.mark.parametrize(
    "path",
    ["/p/%00/", "/c/%ff%fe/", "/p/%f0%9f%91%97/", "/" + "a" * 8000, "/media/..%2f..%2fetc/passwd",
     "/media/products/%00.jpg", "/admin/catalog/product/%00/change/", "/admin/catalog/product/1e9/change/",
     "/admin/catalog/product/" + HUGE + "/change/", "/admin/r/999999/1/", "/api/products/%00/",
     "/search/like/%00/", "/sitemap-%00.xml"],
)  # fmt: skip
def test_odd_paths_break_no_page(path, everybody):
    assert all(client.get(path).status_code < 500 for client in everybody)


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "\xff" * 200},
        {"accept-language": "," * 5000},
        {"cookie": "sessionid=\x01; csrftoken=" + "a" * 5000},
        {"authorization": "Bearer " + "\xe9" * 300},
        {"x-forwarded-for": "," * 3000},
        {"accept": "*/*;q=" + HUGE},
        {"if-none-match": '"' * 1000},
        {"if-modified-since": "yesterday"},
        {"range": "bytes=5-1"},
        {"hx-request": "true", "hx-current-url": "\x80"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_odd_headers_break_no_page(headers, everybody):
    objects = addresses.populate()
    broken = {
        (name, answer.status_code)
        for name in asked()
        if (answer := everybody[0].get(addresses.path(name, objects), headers=headers)).status_code >= 500
    }
    assert not broken
