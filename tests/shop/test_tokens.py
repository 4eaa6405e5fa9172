"""API tokens: kept as a hash, bound to a user, limited to reading unless they say otherwise, revocable."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from rest_framework.test import APIClient

from catalog.models import Product
from shop.models import ApiToken
from tests.factories import make_category, make_product, make_user

pytestmark = pytest.mark.django_db
LIST = "/api/products/"


def merchant():
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="catalog"))
    return user


def client(token: str) -> APIClient:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return api


def new_product() -> dict:
    return {"sku": "A1", "name": "Shirt", "category": make_category().slug}


def test_a_token_that_may_write_writes():
    _, text = ApiToken.objects.issue(user=merchant(), name="ERP", may_write=True)
    assert client(text).post(LIST, new_product(), format="json").status_code == 201


def test_a_token_gives_no_more_than_its_user_may():
    _, text = ApiToken.objects.issue(user=make_user(), name="ERP", may_write=True)
    assert client(text).post(LIST, new_product(), format="json").status_code == 403
    assert not Product.objects.exists()


def test_a_reading_token_does_not_write_whatever_its_user_may():
    _, text = ApiToken.objects.issue(user=merchant(), name="Report")
    hidden = make_product(is_active=False)
    assert client(text).get(f"{LIST}{hidden.slug}/").status_code == 200
    assert client(text).delete(f"{LIST}{hidden.slug}/").status_code == 403
    assert Product.objects.get() == hidden


@pytest.mark.parametrize(
    "ending",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"user__is_active": False},
    ],
)
def test_an_ended_token_is_refused_from_the_next_request_on(ending):
    token, text = ApiToken.objects.issue(user=merchant(), name="ERP")
    assert client(text).get(LIST).status_code == 200
    if "user__is_active" in ending:
        token.user.is_active = False
        token.user.save()
    else:
        ApiToken.objects.update(**ending)
    assert client(text).get(LIST).status_code == 401


@pytest.mark.parametrize("text", ["", "lk_wrong", "\xe9", "a b", "x" * 10_000])
def test_an_unknown_token_is_refused(text):
    answer = client(text).get(LIST)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_the_database_holds_nothing_that_opens_the_door():
    token, text = ApiToken.objects.issue(user=merchant(), name="ERP")
    row = ApiToken.objects.values().get(pk=token.pk)
    assert all(text not in str(value) for value in row.values())
    assert client(row["sha256"]).get(LIST).status_code == 401
    assert len(text) > 40


def test_the_last_use_is_noted_once_a_minute(django_assert_num_queries):
    token, text = ApiToken.objects.issue(user=make_user(), name="ERP")
    client(text).get("/api/categories/")
    token.refresh_from_db()
    assert timezone.now() - token.last_used_at < timedelta(seconds=10)
    with django_assert_num_queries(2):  # the token, the categories
        client(text).get("/api/categories/")
