"""`manage.py refine`: learn from the catalogue what looks alike in this shop."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from similarity.learn import RefinementRefused, refine
from similarity.weights import WeightsError


class Command(BaseCommand):
    help = "Fit a refinement of the search vectors to the catalogue's attributes and measure it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--activate", action="store_true", help="let it answer, if it has proved itself")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *, activate: bool, json: bool, **options: Any) -> None:
        def advance(stage: str, done: int, total: int) -> None:
            if not json and done in (0, total):
                self.stdout.write(f"{stage} …" if done == 0 else f"{stage}: done")

        try:
            report = refine(activate, advance)
        except (RefinementRefused, WeightsError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(as_text(report.as_json()) if not json else as_json(report.as_json()))


def as_json(report: dict[str, Any]) -> str:
    return json.dumps(report, indent=2)


def as_text(report: dict[str, Any]) -> str:
    """Raw beside refined, a line per attribute."""
    lines = [f"{report['method']} on {report['products']} products, {report['held_out']} held out"]
    lines += [
        f"{name:<24} {report['raw'][name]:.4f} -> {report['refined'][name]:.4f}" for name in report["raw"]
    ]
    before, after = report["raw_instance_recall_at_1"], report["refined_instance_recall_at_1"]
    if before is not None:
        lines.append(f"{'photos, recall@1':<24} {before:.4f} -> {after:.4f}")
    if report["activated"]:
        lines.append("activated")
    else:
        lines.append(f"not activated: {report['objection'] or 'use --activate'}")
    return "\n".join(lines)
