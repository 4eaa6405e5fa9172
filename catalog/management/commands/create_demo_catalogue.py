"""`manage.py create_demo_catalogue`: fill an empty shop with products that the project draws itself."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog.demo.load import load


class Command(BaseCommand):
    help = "Draw the demo catalogue and save it; what is already there stays as it is."

    def handle(self, **options: Any) -> None:
        columns = (TextColumn("Drawing the demo catalogue"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeRemainingColumn(), disable=not sys.stdout.isatty()) as progress:
            bar = progress.add_task("", total=None)
            made = load(lambda done, total: progress.update(bar, completed=done, total=total))
        self.stdout.write(f"{made} products made" if made else "the demo catalogue is already there")
