"""What was wrong with an import as files: the rows that were left out, to be corrected, and all problems."""

import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from catalog.imports.files import local_copy
from catalog.imports.formulas import escape
from catalog.imports.models import ImportJob
from catalog.imports.sheets import SheetTable
from catalog.imports.tables import Table, open_table

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # Excel takes the file as UTF-8 then


def failed_rows(job: ImportJob) -> tuple[str, str, Iterator[bytes]]:
    """Name, content type and content of the file: a sheet where the table was one, else a CSV.

    Raises `ImportRefused` when the table cannot be read.
    """
    with ExitStack() as stack:
        table = open_table(stack.enter_context(local_copy(job.table)))
        lines = _lines(job, table, stack.pop_all())
    name = f"import-{job.pk}-failed"
    if isinstance(table, SheetTable):
        return f"{name}.xlsx", XLSX, _sheet(lines)
    return f"{name}.csv", CSV, _csv(lines)


def all_problems(job: ImportJob) -> tuple[str, str, Iterator[bytes]]:
    """The same of a list of all problems, those of pictures and of values that were left out, too."""
    return f"import-{job.pk}-problems.csv", CSV, _csv(_problems(job))


def _problems(job: ImportJob) -> Iterator[list[str]]:
    yield [_("row"), _("column"), _("value"), _("reason"), _("row left out")]
    for problem in job.problems.iterator():
        cells = problem.column, problem.value, problem.reason, _("yes") if problem.skipped else _("no")
        yield [str(problem.row or ""), *map(escape, cells)]


def _lines(job: ImportJob, table: Table, files: ExitStack) -> Iterator[list[str]]:
    """Header and rows, each with the reasons in a column more; nothing in them is a formula."""
    with files:
        yield from _escaped(job, table)


def _escaped(job: ImportJob, table: Table) -> Iterator[list[str]]:
    reasons: dict[int, list[str]] = {}
    for problem in job.problems.filter(skipped=True).iterator():
        where = f"{problem.column}: " if problem.column else ""
        reasons.setdefault(problem.row, []).append(where + problem.reason)
    width = len(table.header)
    yield [escape(cell) for cell in [*table.header, _("problem")]]
    for record in table.records():
        if record.number in reasons:
            cells = (record.cells + [""] * width)[:width]
            yield [escape(cell) for cell in [*cells, " ".join(reasons[record.number])]]


def _csv(lines: Iterator[list[str]]) -> Iterator[bytes]:
    yield BOM.encode()
    for cells in lines:
        out = io.StringIO()
        csv.writer(out).writerow(cells)
        yield out.getvalue().encode()


def _sheet(lines: Iterator[list[str]]) -> Iterator[bytes]:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in lines:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in cells])
    out = io.BytesIO()
    book.save(out)
    yield out.getvalue()
