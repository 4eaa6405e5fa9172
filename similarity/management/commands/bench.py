"""`manage.py bench search|embed|photo|page|import`: how fast it is, beside a baseline of the same run."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from similarity.bench import embed, imports, page, photo, search
from similarity.bench.catalogue import BenchRefused
from similarity.weights import WeightsError

WHAT = {
    "search": ("nearest neighbours in a grown catalogue", 100_000),
    "embed": ("the embedding pipeline beside the bare model", 1_000),
    "photo": ("a 12-megapixel photo, step by step", 20),
    "page": ("product pages with and without look-alikes", 10_000),
    "import": ("a table with pictures", 500),
}


class Command(BaseCommand):
    help = "Measure. The shop's own rows are only read; what is written goes into a database `<name>_bench`."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        for name, (help_text, size) in WHAT.items():
            each = what.add_parser(name, help=help_text)
            each.add_argument("--n", type=int, default=size, help=f"how many (default: {size})")
            each.add_argument("--json", action="store_true", help="print one JSON object")
            if name == "search":
                each.add_argument("--keep", action="store_true", help="keep the catalogue for the next time")

    def handle(self, *, what: str, n: int, json: bool, **options: Any) -> None:
        try:
            figures = self.measure(what, n, options.get("keep", False))
        except (BenchRefused, WeightsError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(as_json(figures) if json else as_text(figures))

    @staticmethod
    def measure(what: str, n: int, keep: bool) -> dict[str, Any]:
        if n < 1:
            raise BenchRefused("--n must be at least 1.")
        if what == "search":
            return search.measure(n, keep)
        return {"embed": embed, "photo": photo, "page": page, "import": imports}[what].measure(n)


def as_json(figures: dict[str, Any]) -> str:
    return json.dumps(figures, indent=2)


def as_text(figures: dict[str, Any], indent: str = "") -> str:
    """A line per figure."""
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}:", as_text(value, indent + "  ")]
        else:
            lines.append(f"{indent}{name:<28} {value}")
    return "\n".join(lines)
