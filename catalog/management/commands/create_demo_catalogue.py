"""`manage.py create_demo_catalogue`: fill an empty shop with products that the project draws itself."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.demo.load import load
from shop.progress import progress


class Command(BaseCommand):
    help = "Draw the demo catalogue and save it; what is already there stays as it is."

    def handle(self, **options: Any) -> None:
        with progress("Drawing the demo catalogue") as advance:
            made = load(advance)
        self.stdout.write(f"{made} products made" if made else "the demo catalogue is already there")
