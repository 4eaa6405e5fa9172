"""`manage.py create_demo_admin`: somebody who may log in to the admin of a fresh demo."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand

from shop.services.keyring import keep_secret
from shop.services.paths import State

NAME = "admin"


class Command(BaseCommand):
    help = "Make the superuser 'admin' with a random password that is kept in the state directory."

    def handle(self, **options: Any) -> None:
        if User.objects.filter(username=NAME).exists():
            self.stdout.write(f"There is an account '{NAME}' already; its password is left as it is.")
            return
        password = keep_secret(State.at(settings.STATE_DIR), NAME, length_bytes=12)
        User.objects.create_superuser(NAME, password=password)
        self.stdout.write(f"Admin login: {NAME} / {password}")
