"""Delete files of pictures that no row names."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from catalog import files

YOUNG = timedelta(hours=1)


class Command(BaseCommand):
    help = (
        "Delete the files of pictures, and their thumbnails, that no product has. Files younger than an hour "
        "stay: their product may be about to be saved."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only list them")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(files.orphans(timezone.now() - YOUNG))
        for name in found:
            self.stdout.write(name)
        if options["dry_run"]:
            self.stdout.write(f"{len(found)} files would be deleted.")
        else:
            self.stdout.write(f"{len(files.delete_unused(set(found)))} files deleted.")
