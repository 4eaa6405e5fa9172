"""The demo's admin account: made once, with a password of its own, and never changed afterwards."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import call_command

from shop.services.keyring import stored_secrets
from shop.services.paths import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def state(settings, tmp_path) -> State:
    settings.STATE_DIR = tmp_path
    return State.at(tmp_path)


def create() -> str:
    out = StringIO()
    call_command("create_demo_admin", stdout=out)
    return out.getvalue()


def test_it_prints_a_login_that_works(state):
    said = create()
    password = stored_secrets(state)["admin"]
    assert said == f"Admin login: admin / {password}\n"
    assert authenticate(username="admin", password=password).is_superuser


def test_a_second_run_changes_nothing(state):
    create()
    before = User.objects.values().get()
    assert "already" in create()
    assert User.objects.values().get() == before


def test_a_password_that_somebody_has_changed_is_left_alone():
    User.objects.create_superuser("admin", password="my own password")
    create()
    assert authenticate(username="admin", password="my own password")


def test_the_password_outlives_the_database(state):
    create()
    password = stored_secrets(state)["admin"]
    User.objects.all().delete()
    create()
    assert authenticate(username="admin", password=password)
