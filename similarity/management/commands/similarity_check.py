"""`manage.py similarity_check`: whether every picture can be found, and what to do where not."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from similarity import checkup


class Command(BaseCommand):
    help = (
        "Look for missing, stale, orphaned and failed embeddings, at the index's recall and at dead tuples. "
        "Ends with status 1 when something is to be done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, json: bool, **options: Any) -> None:
        findings = checkup.findings()
        self.stdout.write(as_json(findings) if json else as_text(findings))
        if not all(finding.is_fine for finding in findings):
            sys.exit(1)


def as_json(findings: list[checkup.Finding]) -> str:
    return json.dumps({finding.name: finding.as_json() for finding in findings}, indent=2)


def as_text(findings: list[checkup.Finding]) -> str:
    """A line each; below it what to do."""
    lines = []
    for finding in findings:
        lines.append(f"{'ok ' if finding.is_fine else '!! '} {finding.name:<22} {finding.value:g}")
        lines += [f"    {finding.advice}"] if finding.advice else []
    return "\n".join(lines)
