"""`manage.py refine`: learn from the catalogue what looks alike in this shop."""

from json import dumps
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from similarity.evaluation import Figure
from similarity.learn import RefinementRefused, Report, refine
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
        self.stdout.write(dumps(report.as_json(), indent=2) if json else as_text(report, activate))


def as_text(report: Report, activate: bool) -> str:
    """Raw beside refined with their intervals, a line per attribute."""
    lines = [f"{report.method} on {report.products} products, {report.held_out} held out"]
    lines += [line(name, report.raw[name], report.refined[name]) for name in report.raw]
    if report.raw_instance_recall_at_1 and report.refined_instance_recall_at_1:
        lines.append(
            line("photos, recall@1", report.raw_instance_recall_at_1, report.refined_instance_recall_at_1)
        )
    lines += [f"not used: {other.method}, {other.objection}" for other in report.others]
    if report.activated:
        lines.append("activated")
    elif activate:  # pictures came in meanwhile
        lines.append("takes over as soon as every picture is embedded for it")
    else:
        lines.append(f"not activated: {report.objection or 'use --activate'}")
    return "\n".join(lines)


def line(name: str, before: Figure, after: Figure) -> str:
    return (
        f"{name:<24} {before.value:.4f} -> {after.value:.4f}"
        f"  ({before.low:.4f} to {before.high:.4f} -> {after.low:.4f} to {after.high:.4f})"
    )
