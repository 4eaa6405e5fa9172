"""`manage.py quantise_embedder`: make the network in int8 that `EMBEDDER_RUNTIME=openvino` computes with."""

from json import dumps
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from similarity import weights


class Command(BaseCommand):
    help = (
        "Make the configured network in int8 of the shop's own pictures, measure how faithful and how fast "
        "it is, and keep it if its vectors pass for those of the trained one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--separate",
            action="store_true",
            help="keep it also if it does not pass: as a model of its own, for which all is embedded anew",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, separate: bool, json: bool, **options: Any) -> None:
        try:
            from similarity import quantising  # not with the settings: it loads TensorFlow and OpenVINO
        except ImportError as error:
            raise CommandError(f"{error}. Run `pip install -r requirements-openvino.lock` first.") from error
        try:
            found = weights.read(settings.EMBEDDER_WEIGHTS)
            calibration, held_out = quantising.sample(found.height, found.width)
            made = quantising.quantise(found, calibration, held_out, separate)
        except (quantising.QuantisingRefused, weights.WeightsError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(dumps(made.as_json(), indent=2) if json else as_text(made.as_json()))
        if made.network is None:
            raise CommandError(f"Not kept: {made.fidelity.objection}. --separate keeps it as another model.")


def as_text(figures: dict[str, Any]) -> str:
    """A line per figure."""
    lines = []
    for name, value in figures.items():
        parts = value if isinstance(value, dict) else {name: value}
        lines += [f"{key:<32} {each}" for key, each in parts.items()]
    return "\n".join(lines)
