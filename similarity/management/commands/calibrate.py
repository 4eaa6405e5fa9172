"""`manage.py calibrate`: measure what similarity means, for the bands and percentages that people see."""

import json
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.core.management.base import BaseCommand, CommandError, CommandParser

from similarity import calibration, runtime, switch, weights
from similarity.bands import Band
from similarity.models import EmbeddingModel


class Command(BaseCommand):
    help = "Measure on the catalogue how often products of a given similarity agree in kind and colour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--styles", type=Path, help="CSV of labelled pictures that ask, as for `evaluate`"
        )
        parser.add_argument("--images", type=Path, help="ZIP with their pictures, images/<id>.jpg")
        parser.add_argument(
            "--ship",
            action="store_true",
            help="keep it and the model's refinement beside the configured weights as well, for new shops",
        )

    def handle(self, *, styles: Path | None, images: Path | None, ship: bool, **options: Any) -> None:
        if (styles is None) != (images is None):
            raise CommandError("--styles and --images belong together.")
        model = EmbeddingModel.active()
        if model is None:
            raise CommandError("There is no embedding model yet: start a worker first.")
        try:
            found = calibration.calibrate(model, styles, images)
            if ship:
                beside = runtime.find(model.backbone.weights_sha256)
                beside.calibration.write_text(json.dumps(found.as_json(), indent=1) + "\n")
                self.stdout.write(f"written: {beside.calibration}")
                if refinement := switch.projection(model.pk):
                    beside.projection.write_bytes(refinement.to_bytes())
                    self.stdout.write(f"written: {beside.projection}")
        except (calibration.CalibrationRefused, weights.WeightsError, OSError, BadZipFile) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{found.pairs} pairs of {found.queries} queries, alike in {list(found.labels)}")
        for name, curve in (("pictures", found.pictures), ("photos", found.photos)):
            if curve:
                cuts = ", ".join(f"{band.value} from {curve.cuts[band]:.3f}" for band in Band)
                self.stdout.write(f"{name}: {cuts}")
        self.stdout.write(f"the same photo from {found.same_photo:.3f}")
