"""Import products from a table, and their pictures from a ZIP."""

import json
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from catalog.imports import mapping, run
from catalog.imports.archive import PictureArchive
from catalog.imports.plan import Defaults
from catalog.imports.tables import open_table

PROBLEMS_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Import products from a CSV or XLSX and their pictures from a ZIP. The Kaggle “Fashion Product "
        "Images” layout is recognised. Products are found by their SKU; what is the same already is not "
        "written again. A row without a name or category is skipped; a row without a picture is imported, "
        "with a warning."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", type=Path, help="the CSV or XLSX file")
        parser.add_argument("archive", type=Path, nargs="?", help="a ZIP with the pictures, named by SKU")
        parser.add_argument("--limit", type=int, help="read only so many rows")
        parser.add_argument("--encoding", default="", help="of the CSV; found out by default")
        parser.add_argument(
            "--policy",
            choices=list(run.Policy),
            default=run.Policy.REFUSE_ROWS,
            help="import nothing if a row is bad, leave bad rows out (default), or only bad values",
        )
        parser.add_argument(
            "--price", type=Decimal, default=Decimal(0), help="of new products, where the file has none (0)"
        )
        parser.add_argument(
            "--stock", type=int, default=1, help="of new products, where the file has none (1)"
        )
        parser.add_argument("--preview", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object with all problems")

    def handle(self, *args: Any, **options: Any) -> None:
        with ExitStack() as stack:
            try:
                report, is_held = self.report(stack, options)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            except OSError as error:
                raise CommandError(f"{error.filename}: {error.strerror}") from error
        if options["json"]:
            problems = [problem.as_dict() for problem in report.problems]
            self.stdout.write(json.dumps(report.counts() | {"problems": problems}, ensure_ascii=False))
        else:
            self.tell(report)
            if report.unchanged and not (report.created or report.changed or options["preview"]):
                self.stdout.write(_("Nothing changed, nothing was written."))
        if is_held and not options["preview"]:
            raise CommandError(run.held_reason(report.skipped))

    def tell(self, report: run.Report) -> None:
        for problem in report.problems[:PROBLEMS_SHOWN]:
            self.stdout.write(str(problem))
        if more := len(report.problems[PROBLEMS_SHOWN:]):
            self.stdout.write(f"… and {more} more; --json lists them all.")
        self.stdout.write(", ".join(f"{name} {count}" for name, count in report.counts().items()))

    def report(self, stack: ExitStack, options: dict[str, Any]) -> tuple[run.Report, bool]:
        """What was done, or would be; and whether the policy keeps it from being done."""
        table = open_table(options["table"], options["encoding"])
        archive = options["archive"] and stack.enter_context(PictureArchive(options["archive"]))
        job = run.Import(
            table,
            archive,
            mapping.guess(table.header),
            Defaults(options["price"], options["stock"]),
            run.Policy(options["policy"]),
            options["limit"],
        )
        run.check(job)
        is_held = run.is_held(job)
        return run.preview(job) if options["preview"] or is_held else run.run(job), is_held
