"""`manage.py evaluate`: how good the look-alikes are, in figures."""

from json import dumps
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.core.management.base import BaseCommand, CommandError, CommandParser

from similarity.evaluation import Figure, as_json
from similarity.report import EvaluationRefused, evaluate
from similarity.weights import WeightsError


class Command(BaseCommand):
    help = "Measure precision@5 by attribute, instance recall of photos, and recall of the index."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--queries", type=int, help="how many ask (2000 of the catalogue; all of a file)")
        parser.add_argument(
            "--photos", type=int, help="how many photos ask (300 of the catalogue; all of a file)"
        )
        parser.add_argument(
            "--styles", type=Path, help="CSV of labelled queries that are not in the catalogue"
        )
        parser.add_argument("--images", type=Path, help="ZIP with their pictures, images/<id>.jpg")
        parser.add_argument(
            "--spoiled",
            action="store_true",
            help="with --images: each as a phone photo, cropped, turned, on other ground, in other light",
        )

    def handle(
        self, *, json: bool, styles: Path | None, images: Path | None, spoiled: bool, **options: Any
    ) -> None:
        if (styles is None) != (images is None):
            raise CommandError("--styles and --images belong together.")
        if spoiled and images is None:
            raise CommandError("--spoiled is for the pictures of --images; the catalogue’s always are.")
        try:
            found = evaluate(options["queries"], options["photos"], styles, images, spoiled)
        except (EvaluationRefused, WeightsError, OSError, BadZipFile) as error:
            raise CommandError(str(error)) from error
        if json:
            judged = {"weakest": found.weakest, "confusions": found.confusions}
            self.stdout.write(dumps(as_json(found.figures) | judged, indent=2))
            return
        self.stdout.write(as_text(found.figures))
        for name, pairs in found.confusions.items():
            for asked, shown, share in pairs:
                self.stdout.write(f"{share:.1%} of the results of a wrong {name}: {shown} for {asked}")


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
