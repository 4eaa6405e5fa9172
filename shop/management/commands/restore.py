"""`manage.py restore FOLDER`: the shop as it was when that backup was made."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop import backup


class Command(BaseCommand):
    help = "Replace the database by that of a backup, and bring its pictures back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            backup.restore(folder)
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("The shop is back. Run `manage.py migrate` if the backup is of an older version.")
