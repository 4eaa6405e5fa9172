"""`manage.py similarity_check`: whether every picture can be found, and what to do where not."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from similarity import checkup, superseded
from similarity.weights import WeightsError


class Command(BaseCommand):
    help = (
        "Look for missing, stale, orphaned and failed embeddings, at indexes, recall and dead tuples. "
        "Ends with status 1 when something is to be done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--clean", action="store_true", help="first delete what models that no longer answer have left"
        )

    def handle(self, *, json: bool, clean: bool, **options: Any) -> None:
        if clean:
            self.clean()
        findings = checkup.findings()
        self.stdout.write(as_json(findings) if json else as_text(findings))
        if not all(finding.is_fine for finding in findings):
            sys.exit(1)

    def clean(self) -> None:
        """Say what was deleted, apart from the answer. Raises CommandError."""
        try:
            deleted = superseded.delete()
        except WeightsError as error:
            raise CommandError(f"Nothing is deleted while the next model is not known. {error}") from error
        for what, number in deleted.items():
            self.stderr.write(f"Deleted {number} {what}.")


def as_json(findings: list[checkup.Finding]) -> str:
    return json.dumps({finding.name: finding.as_json() for finding in findings}, indent=2)


def as_text(findings: list[checkup.Finding]) -> str:
    """A line each; below it what to do."""
    lines = []
    for finding in findings:
        lines.append(f"{'ok ' if finding.is_fine else '!! '} {finding.name:<22} {finding.value:g}")
        lines += [f"    {finding.advice}"] if finding.advice else []
    return "\n".join(lines)
