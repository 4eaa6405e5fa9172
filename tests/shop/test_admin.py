"""Who gets into the admin and what they find there: log-in, tokens, roles."""

import re
import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse

from shop.models import ApiToken, digest
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LOGIN = reverse("admin:login")
TOKENS = reverse("admin:shop_apitoken_changelist")
PASSWORD = "a long enough password"  # that of the factory


def stranger() -> Client:
    """A client at an address that no other test has, so that counting begins anew."""
    return Client(REMOTE_ADDR=f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1")


def log_in(client: Client, name: str, password: str = PASSWORD, **extra):
    return client.post(LOGIN, {"username": name, "password": password}, **extra)


def new_name() -> str:
    return f"user-{secrets.token_hex(4)}"


def test_the_right_password_opens_the_admin():
    user = make_user("viewer", username=new_name())
    assert log_in(stranger(), user.username).status_code == 302


def test_after_five_wrong_passwords_not_even_the_right_one_helps(settings):
    settings.LOGIN_FAILURES_MAX = 5
    user, client = make_user(username=new_name()), stranger()
    for _ in range(5):
        assert log_in(client, user.username, "wrong").status_code == 200
    answer = log_in(client, user.username)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 900
    assert "Too many wrong passwords. Please try again in" in answer.content.decode()


def test_right_passwords_are_not_counted(settings):
    settings.LOGIN_FAILURES_MAX = 1
    user, client = make_user("viewer", username=new_name()), stranger()
    assert [log_in(client, user.username).status_code for _ in range(3)] == [302, 302, 302]


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_do_not_all_find_room(settings):
    settings.LOGIN_FAILURES_MAX = 3
    name, address = new_name(), stranger().defaults["REMOTE_ADDR"]

    def guess(_number: int) -> int:
        try:
            return log_in(Client(REMOTE_ADDR=address), name, "wrong").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        assert Counter(pool.map(guess, range(12))) == {200: 3, 429: 9}


def test_a_forged_address_does_not_lift_the_limit(settings):
    settings.LOGIN_FAILURES_MAX = 1
    user, client = make_user(username=new_name()), stranger()
    log_in(client, user.username, "wrong", headers={"x-forwarded-for": "198.51.100.1"})
    answer = log_in(client, user.username, headers={"x-forwarded-for": "198.51.100.2"})
    assert "Too many" in answer.content.decode()


def test_the_owner_gets_in_while_one_stranger_guesses(settings):
    settings.LOGIN_FAILURES_MAX = 2
    user, guesser = make_user(username=new_name()), stranger()
    for _ in range(4):
        log_in(guesser, user.username, "wrong")
    assert log_in(stranger(), user.username).status_code == 302


def test_many_strangers_cannot_guess_at_one_account_for_ever(settings):
    settings.LOGIN_FAILURES_MAX = 1
    user = make_user(username=new_name())
    for _ in range(10):
        log_in(stranger(), user.username, "wrong")
    assert "Too many" in log_in(stranger(), user.username).content.decode()


def test_people_log_in_while_the_counters_are_down(settings, caplog):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}}
    user = make_user(username=new_name())
    assert log_in(stranger(), user.username).status_code == 302
    assert "The limit on login is not enforced" in caplog.text


@pytest.fixture
def merchant() -> Client:
    client = Client()
    client.force_login(make_user("merchandiser", username=new_name()))
    return client


def test_a_token_is_shown_once_and_then_only_its_beginning(merchant):
    page = merchant.post(reverse("admin:shop_apitoken_add"), {"name": "ERP"}, follow=True).content.decode()
    [text] = re.findall(r"lk_[\w-]{43}", page)
    assert ApiToken.objects.get().sha256 == digest(text)
    again = merchant.get(TOKENS).content.decode()
    assert text not in again
    assert text[:9] in again


def test_a_token_is_its_makers_whatever_the_form_says(merchant):
    other = make_user(is_superuser=True)
    merchant.post(reverse("admin:shop_apitoken_add"), {"name": "ERP", "user": other.pk})
    assert ApiToken.objects.get().user.username == merchant.get(TOKENS).context["user"].username


def test_other_peoples_tokens_are_neither_seen_nor_revoked(merchant):
    token, _ = ApiToken.objects.issue(user=make_user(), name="Somebody else's")
    assert "Somebody else" not in merchant.get(TOKENS).content.decode()
    merchant.post(TOKENS, {"action": "revoke", "_selected_action": [token.pk]})
    token.refresh_from_db()
    assert token.is_valid


def test_a_token_is_revoked(merchant):
    merchant.post(reverse("admin:shop_apitoken_add"), {"name": "ERP"})
    token = ApiToken.objects.get()
    merchant.post(TOKENS, {"action": "revoke", "_selected_action": [token.pk]})
    token.refresh_from_db()
    assert not token.is_valid


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (
            "viewer",
            ["catalog.view_product", "similarity.view_embedding"],
            ["catalog.change_product", "similarity.change_embedding", "shop.add_apitoken"],
        ),
        (
            "merchandiser",
            ["catalog.add_product", "catalog.delete_productimage", "similarity.change_embedding"],
            ["similarity.delete_worker", "auth.change_user", "catalog.delete_category"],
        ),
        (
            "operator",
            ["catalog.view_product", "similarity.change_embedding", "similarity.delete_worker"],
            ["catalog.change_product", "auth.change_user", "shop.add_apitoken"],
        ),
    ],
)
def test_a_role_may_what_it_is_for_and_no_more(role, may, may_not):
    user = make_user(role)
    assert user.has_perms(may)
    assert not [permission for permission in may_not if user.has_perm(permission)]


def test_roles_are_made_by_migrating():
    assert set(Group.objects.values_list("name", flat=True)) == {"viewer", "merchandiser", "operator"}


def test_the_menu_shows_only_what_may_be_opened():
    client = Client()
    client.force_login(make_user("viewer"))
    menu = client.get(reverse("admin:index")).content.decode()
    assert reverse("operations") in menu
    assert reverse("admin:auth_user_changelist") not in menu
