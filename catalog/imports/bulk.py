"""Many products in one request: the objects of a list, on the way that the rows of a file take.

What stands in a list is written at once, in one transaction. Pictures are addresses; fetching them takes
longer than a request may, so they become an import job, which a worker carries on.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import get_language

from catalog.imports import jobs, mapping, run
from catalog.imports.models import ImportJob, PictureAddress
from catalog.imports.problems import Problem
from catalog.imports.rows import value_of
from catalog.imports.run import Outcome, Policy
from catalog.imports.sources import Record
from catalog.models import ProductImage

COLUMNS = ["sku", "pictures"]
FIELDS = [name for name in mapping.SHOP if name != "pictures"]
MAX_ROWS = run.CHUNK_ROWS

# Texts by field, as cells of a table would hold them.
Row = Mapping[str, str]


@dataclass(frozen=True)
class Result:
    """What became of one object; `row` counts from 1."""

    row: int
    sku: str
    outcome: Outcome
    problems: Sequence[Problem]


@dataclass(frozen=True)
class ListTable:
    """A list of objects as a table. A field that an object does not name says nothing about its product."""

    rows: Sequence[Row]
    header: list[str]

    def records(self) -> Iterator[Record]:
        for number, row in enumerate(self.rows, start=1):
            cells: list[Any] = [
                row.get(name, "" if name in mapping.REQUIRED else None) for name in self.header
            ]
            yield Record(number, cells)


def save(rows: Sequence[Row], policy: Policy, is_preview: bool = False) -> list[Result]:
    """Write the products of up to `MAX_ROWS` rows, without their pictures, or look what would be written."""
    job = run.Import(ListTable(rows, FIELDS), None, mapping.Mapping({f: f for f in FIELDS}), policy=policy)
    report = _refused(job) if policy == Policy.REFUSE_ALL else None
    if report is None:
        [report] = run.preview_steps(job) if is_preview else run.steps(job)
    problems: dict[int, list[Problem]] = {}
    for problem in report.problems:
        problems.setdefault(problem.row, []).append(problem)
    return [
        Result(row, given.get("sku", ""), report.outcomes.get(row, Outcome.REFUSED), problems.get(row, []))
        for row, given in enumerate(rows, start=1)
    ]


def _refused(job: run.Import) -> run.Report | None:
    """The report on a list of which nothing is written, because a row is bad; None when none is."""
    reader, report = job.reader(), run.Report()
    for record in job.records():
        row, problems = reader.read(record)
        report.note(problems)
        if row is not None:
            report.outcomes[record.number] = Outcome.HELD
    return report if any(problem.skipped for problem in report.problems) else None


def queue_pictures(rows: Sequence[Row], results: Sequence[Result], user_id: int | None) -> ImportJob | None:
    """An import of the pictures that rows which were not refused name and products lack; None without any.

    It has nothing but pictures: what others edit meanwhile stays theirs.
    """
    written = (Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED)
    wanted = [row for row, done in zip(rows, results, strict=True) if done.outcome in written]
    wanted = _lacking([row for row in wanted if row.get("pictures")])
    if not wanted:
        return None
    table = io.StringIO()
    csv.writer(table).writerows([COLUMNS, *([row[name] for name in COLUMNS] for row in wanted)])
    job = ImportJob(state=ImportJob.State.RUNNING, created_by_id=user_id, language=get_language() or "")
    with transaction.atomic():
        job.table.save("bulk.csv", ContentFile(table.getvalue().encode()))
        jobs.queue(job)
    return job


def _lacking(rows: Sequence[Row]) -> list[Row]:
    """Those that name a picture which was never fetched, or which their product does not have."""
    named = [(row, value_of("sku", row["sku"]), _addresses(row)) for row in rows]
    urls = {url for _row, _sku, addresses in named for url in addresses}
    known = dict(PictureAddress.objects.filter(url__in=urls).values_list("url", "source_checksum"))
    images = ProductImage.objects.filter(product__sku__in=[sku for _row, sku, _urls in named])
    present = set(images.values_list("product__sku", "source_checksum"))
    return [
        row for row, sku, addresses in named if any((sku, known.get(url)) not in present for url in addresses)
    ]


def _addresses(row: Row) -> Sequence[str]:
    try:
        return value_of("pictures", row["pictures"]) or ()
    except ValidationError:  # the import will say what is wrong with the cell
        return (row["pictures"],)
