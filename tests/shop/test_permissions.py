"""Who may open what: every address and every admin action, for five kinds of people.

The addresses are read from the URLconf: a new one without a line here fails the first test.
"""

from itertools import product

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from shop.models import ApiToken
from tests.factories import make_user
from tests.shop import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ROLES = {
    "a": "anonymous",
    "c": "customer",
    "v": "viewer",
    "m": "merchandiser",
    "o": "operator",
}
# By name of the address: whose GET and whose POST is let in. Others are sent to the log-in page or refused.
# That a POST is let in does not mean that it is right: it may be told that its form is empty.
OPEN = {
    "admin:logout": ("", "vmo"),
    "admin:app_list": ("vmo", "vmo"),
    "admin:auth_group_add": ("", ""),
    "admin:auth_group_change": ("", ""),
    "admin:auth_group_changelist": ("", ""),
    "admin:auth_group_delete": ("", ""),
    "admin:auth_group_history": ("", ""),
    "admin:auth_user_add": ("", ""),
    "admin:auth_user_change": ("", ""),
    "admin:auth_user_changelist": ("", ""),
    "admin:auth_user_delete": ("", ""),
    "admin:auth_user_history": ("", ""),
    "admin:auth_user_password_change": ("", ""),
    "admin:autocomplete": ("", ""),
    "admin:catalog_brand_add": ("m", "m"),
    "admin:catalog_brand_change": ("vmo", "m"),
    "admin:catalog_brand_changelist": ("vmo", "vmo"),
    "admin:catalog_brand_delete": ("", ""),
    "admin:catalog_brand_history": ("vmo", "vmo"),
    "admin:catalog_category_add": ("m", "m"),
    "admin:catalog_category_change": ("vmo", "m"),
    "admin:catalog_category_changelist": ("vmo", "vmo"),
    "admin:catalog_category_delete": ("", ""),
    "admin:catalog_category_history": ("vmo", "vmo"),
    "admin:catalog_importjob_add": ("m", "m"),
    "admin:catalog_importjob_cancel": ("", "m"),
    "admin:catalog_importjob_change": ("vmo", "vmo"),
    "admin:catalog_importjob_changelist": ("vmo", "vmo"),
    "admin:catalog_importjob_columns": ("", "m"),
    "admin:catalog_importjob_delete": ("m", "m"),
    "admin:catalog_importjob_failed": ("vmo", "vmo"),
    "admin:catalog_importjob_history": ("vmo", "vmo"),
    "admin:catalog_importjob_problems": ("vmo", "vmo"),
    "admin:catalog_importjob_start": ("", "m"),
    "admin:catalog_product_add": ("m", "m"),
    "admin:catalog_product_change": ("vmo", "m"),
    "admin:catalog_product_changelist": ("vmo", "vmo"),
    "admin:catalog_product_curate": ("", "m"),
    "admin:catalog_product_delete": ("m", "m"),
    "admin:catalog_product_export": ("vmo", "vmo"),
    "admin:catalog_product_history": ("vmo", "vmo"),
    "admin:catalog_product_redo": ("", "mo"),
    "admin:index": ("vmo", "vmo"),
    "admin:jsi18n": ("vmo", ""),
    "admin:login": ("ac", "acvmo"),
    "admin:password_change": ("vmo", "vmo"),
    "admin:password_change_done": ("vmo", ""),
    "admin:search": ("vmo", "vmo"),
    "admin:shop_apitoken_add": ("m", "m"),
    "admin:shop_apitoken_change": ("", ""),
    "admin:shop_apitoken_changelist": ("mo", "mo"),
    "admin:shop_apitoken_delete": ("", ""),
    "admin:shop_apitoken_history": ("", ""),
    "admin:similarity_categorygroup_add": ("m", "m"),
    "admin:similarity_categorygroup_change": ("vmo", "m"),
    "admin:similarity_categorygroup_changelist": ("vmo", "vmo"),
    "admin:similarity_categorygroup_delete": ("m", "m"),
    "admin:similarity_categorygroup_history": ("vmo", "vmo"),
    "admin:similarity_embedding_add": ("", ""),
    "admin:similarity_embedding_change": ("vmo", ""),
    "admin:similarity_embedding_changelist": ("vmo", "vmo"),
    "admin:similarity_embedding_delete": ("", ""),
    "admin:similarity_embedding_history": ("vmo", "vmo"),
    "admin:similarity_embeddingmodel_add": ("", ""),
    "admin:similarity_embeddingmodel_change": ("vmo", ""),
    "admin:similarity_embeddingmodel_changelist": ("vmo", "vmo"),
    "admin:similarity_embeddingmodel_delete": ("", ""),
    "admin:similarity_embeddingmodel_history": ("vmo", "vmo"),
    "admin:similarity_nearduplicate_add": ("", ""),
    "admin:similarity_nearduplicate_change": ("vmo", ""),
    "admin:similarity_nearduplicate_changelist": ("vmo", "vmo"),
    "admin:similarity_nearduplicate_delete": ("", ""),
    "admin:similarity_nearduplicate_history": ("vmo", "vmo"),
    "admin:similarity_run_add": ("", ""),
    "admin:similarity_run_cancel": ("", "o"),
    "admin:similarity_run_change": ("vmo", "vmo"),
    "admin:similarity_run_changelist": ("vmo", "vmo"),
    "admin:similarity_run_delete": ("", ""),
    "admin:similarity_run_history": ("vmo", "vmo"),
    "admin:similarity_run_start": ("", "o"),
    "admin:similarity_worker_add": ("", ""),
    "admin:similarity_worker_change": ("vmo", ""),
    "admin:similarity_worker_changelist": ("vmo", "vmo"),
    "admin:similarity_worker_delete": ("o", "o"),
    "admin:similarity_worker_history": ("vmo", "vmo"),
    "admin:view_on_site": ("vmo", "vmo"),
    "api-docs": ("acvmo", ""),
    "api-redoc": ("acvmo", ""),
    "api:brand-list": ("acvmo", ""),
    "api:category-list": ("acvmo", ""),
    "api:complements": ("acvmo", ""),
    "api:photo-search": ("acvmo", "acvmo"),
    "api:product-detail": ("acvmo", ""),
    "api:product-image": ("", ""),
    "api:product-images": ("", "m"),
    "api:product-list": ("acvmo", "m"),
    "api:products-bulk": ("", "m"),
    "api:import": ("vmo", ""),
    "api:similar": ("acvmo", ""),
    "catalog:category": ("acvmo", ""),
    "catalog:listing": ("acvmo", ""),
    "catalog:product": ("acvmo", ""),
    "catalog:robots": ("acvmo", ""),
    "catalog:sitemap": ("acvmo", "acvmo"),
    "catalog:sitemap-index": ("acvmo", "acvmo"),
    "healthz": ("acvmo", "acvmo"),
    "media": ("acvmo", ""),
    "language": ("acvmo", "acvmo"),
    "login": ("ac", "acvmo"),
    "metrics": ("vmo", ""),
    "operations": ("vmo", "mo"),
    "readyz": ("acvmo", "acvmo"),
    "schema": ("acvmo", ""),
    "similarity:alike": ("acvmo", ""),
    "similarity:goes_well": ("acvmo", ""),
    "similarity:photo": ("acvmo", "acvmo"),
    "similarity:results": ("acvmo", ""),
}
# By model and action: who is offered it, and may therefore run it. Superusers may run all of them.
ACTIONS = {
    "auth.user.delete_selected": "",
    "auth.group.delete_selected": "",
    "shop.apitoken.revoke": "m",
    "catalog.importjob.delete_selected": "m",
    "catalog.category.delete_selected": "",
    "catalog.brand.delete_selected": "",
    "similarity.categorygroup.delete_selected": "m",
    "similarity.embedding.retry": "mo",
    "similarity.embedding.redo": "mo",
    "similarity.worker.delete_selected": "o",
    "catalog.product.export_admin_action": "vmo",
    "catalog.product.delete_selected": "m",
    "catalog.product.redo": "mo",
}
# By method and address of the API: who may with the session or with a token that may write. Tokens that only
# read may read what everybody may.
API = {
    ("POST", "api:product-list"): "m",
    ("PUT", "api:product-detail"): "m",
    ("PATCH", "api:product-detail"): "m",
    ("DELETE", "api:product-detail"): "m",
    ("POST", "api:product-images"): "m",
    ("POST", "api:products-bulk"): "m",
    ("DELETE", "api:product-image"): "m",
    ("POST", "api:category-list"): "",
    ("POST", "api:brand-list"): "",
}


def is_let_in(answer) -> bool:
    """Neither refused, nor sent to log in, nor told that this does not exist for them."""
    if answer.status_code == 302:
        return not answer["Location"].startswith("/admin/login/") and answer["Location"] != "/admin/"
    return answer.status_code not in (401, 403, 405)


def client_of(role: str, **options) -> Client:
    client = Client(raise_request_exception=False, **options)
    if user := addresses.user_of(ROLES[role]):
        client.force_login(user)
    return client


def test_every_address_has_its_line_here():
    assert set(addresses.names()) - {addresses.NAMELESS} == set(OPEN)


@pytest.mark.parametrize("role", ROLES)
def test_people_are_let_in_where_they_belong_and_nowhere_else(role):
    objects = addresses.populate()
    wrong = {}
    for name, let_in in OPEN.items():
        for method, roles in zip(("get", "post"), let_in, strict=True):
            client = client_of(role)  # anew each time: one of the addresses logs out
            answer = getattr(client, method)(addresses.path(name, objects))
            if is_let_in(answer) != (role in roles) or answer.status_code >= 500:
                wrong[method, name] = answer.status_code
    assert not wrong


def test_only_what_is_done_for_nobody_in_particular_is_done_without_the_token_of_a_form():
    objects = addresses.populate()
    client = client_of("m", enforce_csrf_checks=True)
    answers = {name: client.post(addresses.path(name, objects)) for name in OPEN}
    taken = {name for name, answer in answers.items() if is_let_in(answer)}
    # A choice of language only sets a cookie; a photo is searched on nobody's behalf.
    assert taken == {"api:photo-search", "similarity:photo", "language"}


def actions_of(user) -> set[str]:
    request = RequestFactory().get("/")
    request.user = user
    return {
        f"{model._meta.label_lower}.{action}"
        for model, model_admin in admin.site._registry.items()
        for action in model_admin.get_actions(request)
    }


def test_every_action_has_its_line_here():
    assert actions_of(make_user(is_superuser=True)) == set(ACTIONS)


@pytest.mark.parametrize("role", ["v", "m", "o"])
def test_people_are_offered_the_actions_that_are_theirs(role):
    offered = actions_of(make_user(ROLES[role]))
    assert offered == {action for action, roles in ACTIONS.items() if role in roles}


@pytest.mark.parametrize(
    ("role", "key"),
    [("a", "no key"), *product("cvmo", ["session", "writing token", "reading token"])],
)
def test_the_api_writes_for_those_who_may_and_tokens_give_no_more(role, key):
    objects = addresses.populate()
    user = addresses.user_of(ROLES[role])
    client = APIClient()
    if key == "session":
        client.force_login(user)
    elif user:
        _, text = ApiToken.objects.issue(user=user, name="test", may_write=key == "writing token")
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    for (method, name), roles in API.items():
        answer = client.generic(method, addresses.path(name, objects), "", content_type="application/json")
        let_in = answer.status_code not in (401, 403)
        may = role in roles and key != "reading token"
        # Nobody but those who may write learns that a method does not exist.
        assert let_in == may or answer.status_code == 405, (method, name, answer.status_code)
        assert not let_in or answer.status_code < 500


def test_the_table_of_the_api_names_every_method_that_writes():
    written = {
        (method.upper(), path)
        for path, methods in SchemaGenerator().get_schema(public=True)["paths"].items()
        for method in methods
        if method not in ("get", "head", "options")
    }
    objects = addresses.populate()
    own = {"{slug}": objects["catalog.product"].slug, "{image}": str(objects["catalog.productimage"].pk)}

    def filled(path: str) -> str:
        for gap, value in own.items():
            path = path.replace(gap, value)
        return path

    named = {(method, addresses.path(name, objects)) for method, name in API}
    assert {(method, filled(path)) for method, path in written} - {("POST", "/api/search/photo/")} <= named
