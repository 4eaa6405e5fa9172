"""`manage.py embed`: have pictures embedded by the workers, and watch them do it."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.progress import progress
from similarity import pending
from similarity.models import Worker
from similarity.signals import notify_workers


class Command(BaseCommand):
    help = "Have pictures embedded by the workers. The command itself computes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--missing", action="store_true", help="pictures that lack features (the default)")
        what.add_argument("--failed", action="store_true", help="pictures that failed, once more")
        what.add_argument("--all", action="store_true", help="every picture, anew")
        parser.add_argument("--wait", action="store_true", help="show progress until nothing is pending")

    def handle(self, *, failed: bool, all: bool, wait: bool, **options: Any) -> None:
        if failed:
            pending.retry()
        elif all:
            pending.redo()
        pending.enqueue()
        notify_workers()
        if wait:
            self.wait()
        self.stdout.write(", ".join(f"{number} {state}" for state, number in pending.counts().items()))

    def wait(self) -> None:
        """Show how the pending pictures become fewer. Raises CommandError if no worker is able to work."""
        total = left = pending.waiting()
        if not total:
            return
        silent_since = time.monotonic()
        with progress("Embedding pictures") as advance:
            while left:
                time.sleep(0.3)
                before, left = left, pending.waiting()
                total = max(total, left)
                advance(total - left, total)
                if left != before:
                    silent_since = time.monotonic()
                elif time.monotonic() - silent_since > 120:
                    raise CommandError(f"No worker takes the {left} pending pictures. {self.problem()}")

    @staticmethod
    def problem() -> str:
        problems = Worker.objects.filter(queue="embed").exclude(problem="").order_by("-seen_at")
        newest = problems.values_list("problem", flat=True).first()
        return newest or "Is `celery -A shop worker -Q embed` running?"
