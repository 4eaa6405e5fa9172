"""`manage.py evaluate`: how good the look-alikes are, in figures."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from similarity.evaluation import Figure
from similarity.report import EvaluationRefused, evaluate
from similarity.weights import WeightsError


class Command(BaseCommand):
    help = "Measure precision@5 by attribute, instance recall of photos, and recall of the index."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--queries", type=int, default=2000, help="products that ask (default: 2000)")
        parser.add_argument("--photos", type=int, default=300, help="photos that ask (default: 300)")
        parser.add_argument(
            "--styles", type=Path, help="CSV of labelled queries that are not in the catalogue"
        )
        parser.add_argument("--images", type=Path, help="ZIP with their pictures, images/<id>.jpg")

    def handle(self, *, json: bool, styles: Path | None, images: Path | None, **options: Any) -> None:
        if (styles is None) != (images is None):
            raise CommandError("--styles and --images belong together.")
        try:
            figures = evaluate(options["queries"], options["photos"], styles, images)
        except (EvaluationRefused, WeightsError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(as_json(figures) if json else as_text(figures))


def as_json(figures: dict[str, Any]) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, Figure):
            return round(value.value, 4)
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return value

    return json.dumps({**plain(figures), "intervals": intervals(figures)}, indent=2)


def intervals(figures: dict[str, Any], prefix: str = "") -> dict[str, list[float]]:
    """The 95 % interval of every figure, by its dotted key."""
    found: dict[str, list[float]] = {}
    for key, value in figures.items():
        if isinstance(value, Figure):
            found[prefix + key] = [round(value.low, 4), round(value.high, 4)]
        elif isinstance(value, dict):
            found |= intervals(value, f"{prefix}{key}.")
    return found


def as_text(figures: dict[str, Any]) -> str:
    """A line per figure with its interval."""
    lines = []
    for key, value in figures.items():
        if isinstance(value, Figure):
            lines.append(f"{key:<26} {value.value:.4f}  ({value.low:.4f} to {value.high:.4f})")
        elif isinstance(value, dict):
            lines += [f"{key}:", *("  " + line for line in as_text(value).splitlines())]
        else:
            lines.append(f"{key:<26} {value}")
    return "\n".join(lines)
