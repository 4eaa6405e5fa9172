"""Going through a file in chunks: preview or import, with the same counts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain, islice
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from catalog import files
from catalog.imports import apply, pictures
from catalog.imports.archive import PictureArchive
from catalog.imports.fetch import is_address
from catalog.imports.hosts import Hosts
from catalog.imports.mapping import Mapping
from catalog.imports.plan import Change, Defaults, Plan, make_plan
from catalog.imports.problems import ImportRefused, Problem
from catalog.imports.rows import ProductRow, RowReader
from catalog.imports.sources import Record
from catalog.imports.tables import Table

CHUNK_ROWS = 500
# Pictures to be fetched take half a second each: a killed worker shall not have to fetch many of them again.
CHUNK_ADDRESSES = 100
Beat = Callable[[], object]
ATTEMPTS = 3


class Policy(StrEnum):
    """What happens when rows are bad."""

    REFUSE_ALL = "refuse_all"
    REFUSE_ROWS = "refuse_rows"
    IGNORE_FIELDS = "ignore_fields"


class Outcome(StrEnum):
    """What became of a row, or would."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    HELD = "not_written"  # for the sake of others


@dataclass(frozen=True)
class Import:
    """A file to import, checked as far as it can be before a row is looked at."""

    table: Table
    archive: PictureArchive | None
    mapping: Mapping
    defaults: Defaults = field(default_factory=Defaults)
    policy: Policy = Policy.REFUSE_ROWS
    limit: int | None = None
    # Called while rows are read and pictures decoded, so that whoever waits knows that it goes on.
    beat: Beat = bool
    hosts: Hosts = field(default_factory=Hosts)

    def records(self) -> Iterator[Record]:
        return islice(self.table.records(), self.limit)

    def reader(self) -> RowReader:
        return RowReader(self.table.header, self.mapping, self.policy == Policy.IGNORE_FIELDS)


@dataclass
class Report:
    """What was done, or would be. `rows` is the number of the rows looked at."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    warnings: int = 0
    images: int = 0
    problems: list[Problem] = field(default_factory=list)
    warned: set[int] = field(default_factory=set)  # the numbers of the rows behind `warnings`
    # Of a preview: what would become of the products that exist.
    changes: list[Change] = field(default_factory=list)
    # Of a chunk: by the number of the row, for those that were not refused.
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    def add(self, other: "Report") -> None:
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.problems += other.problems
        self.changes += other.changes

    def note(self, problems: list[Problem]) -> None:
        self.problems += problems
        refused = {problem.row for problem in problems if problem.skipped}
        self.warned |= {problem.row for problem in problems if problem.row} - refused
        self.warnings = len(self.warned)

    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in COUNTS}


COUNTS = ("rows", "created", "changed", "unchanged", "skipped", "images", "warnings")
# Called with the last row's number and the chunk's report, in the transaction that writes the chunk.
Keep = Callable[[int, Report], Any]


def check(job: Import) -> int:
    """Read the whole table once; returns how many rows there are.

    Raises `ImportRefused`: nothing has been written then.
    """
    job.mapping.check(job.table.header)
    reader, count = job.reader(), 0
    for record in job.records():
        count += 1
        reader.pass_over(record)
        job.beat()
    if job.archive is not None:
        job.archive.divide(reader.seen)
    return count


def is_held(job: Import) -> bool:
    """Whether nothing may be imported, because a row is bad: only a preview can be made then."""
    reader = job.reader()
    for record in job.records() if job.policy == Policy.REFUSE_ALL else ():
        row, _problems = reader.read(record)
        if row is None:
            return True
        job.beat()
    return False


def held_reason(refused: int) -> str:
    return _(
        "Nothing was imported, because rows were refused (%(count)d) and “import nothing if a row is bad” "
        "was chosen: send a corrected file, or choose otherwise."
    ) % {"count": refused}


def run(job: Import) -> Report:
    """Import everything. Call `check` first. A chunk that changes nothing writes nothing."""
    return _sum(steps(job))


def preview(job: Import) -> Report:
    """What `run` would do, without writing anything. Pictures are read as far as their headers."""
    return _sum(preview_steps(job))


def steps(job: Import, keep: Keep | None = None, after: int = 0) -> Iterator[Report]:
    """Import what follows row number `after`, chunk by chunk, each in a transaction of its own."""
    if not after and job.archive is not None:
        yield _archive_step(job.archive, keep)
    for last, rows, report in _chunks(job, after):
        yield _apply(job, rows, report, last, keep)


def preview_steps(job: Import, keep: Keep | None = None, after: int = 0) -> Iterator[Report]:
    """What `steps` would do to the catalogue as it is now."""
    if not after and job.archive is not None:
        yield _archive_step(job.archive, keep)
    for last, rows, report in _chunks(job, after):
        _foresee(job, rows, report)
        if keep is not None:
            with transaction.atomic():
                keep(last, report)
        yield report


def _sum(reports: Iterable[Report]) -> Report:
    total = Report()
    for report in reports:
        total.add(report)
    return total


def _archive_step(archive: PictureArchive, keep: Keep | None) -> Report:
    """The files of the archive that cannot be used, as warnings without a row; kept as if of the header."""
    report = Report()
    report.note([Problem(0, name, "", reason) for name, reason in archive.problems])
    if keep is not None:
        with transaction.atomic():
            keep(1, report)
    return report


def _foresee(job: Import, rows: list[ProductRow], report: Report) -> None:
    """Complete the report on a chunk by what applying it would do."""
    plan = make_plan(rows, _sources(job, rows, pictures.known_addresses(rows), report))
    refused = pictures.look(plan.sources().values(), job.archive, job.beat) if job.archive else {}
    for change in plan.changes:
        for picture in change.pictures:
            if error := refused.get(picture.source.checksum):
                report.note([apply.picture_problem(change, picture, " ".join(error.messages))])
        change.pictures = [p for p in change.pictures if p.source.checksum not in refused]
        report.images += len(change.pictures)
        report.created += change.product is None
        report.unchanged += change.is_empty
        report.outcomes[change.row.number] = Outcome.CREATED if change.product is None else Outcome.UNCHANGED
        if change.product is not None and not change.is_empty:
            report.changed += 1
            report.changes.append(change)
            report.outcomes[change.row.number] = Outcome.CHANGED
    _note_products(job, plan, report)


def _chunks(job: Import, after: int) -> Iterator[tuple[int, list[ProductRow], Report]]:
    """Number of the last row, the rows that can be used, and a report on the others, per chunk."""
    reader, records = job.reader(), job.records()
    for record in records:
        if record.number > after:
            break
        reader.pass_over(record)
        job.beat()
    else:
        return
    records = chain([record], records)
    rows: list[ProductRow] = []
    report, addresses = Report(), 0
    for record in records:
        row, problems = reader.read(record)
        report.note(problems)
        report.rows += 1
        report.skipped += row is None
        if row is not None:
            rows.append(row)
            addresses += sum(map(is_address, row.pictures or ()))
        if report.rows >= CHUNK_ROWS or addresses >= CHUNK_ADDRESSES:
            yield record.number, rows, report
            rows, report, addresses = [], Report(), 0
    if report.rows:
        yield record.number, rows, report


def _sources(job: Import, rows: list[ProductRow], known: dict[str, str], report: Report) -> pictures.Sources:
    """The pictures of the rows by SKU."""
    found: pictures.Sources = {}
    for row in rows:
        found[row.sku], problems = pictures.sources_of(row, job.archive, known)
        report.note(problems)
        job.beat()
    return found


def _apply(job: Import, rows: list[ProductRow], report: Report, last: int, keep: Keep | None) -> Report:
    """Write a chunk; returns the whole report on it.

    Its pictures are fetched and decoded before the transaction begins, so that it is a short one; what
    they were decoded for is compared again within.
    """
    known = pictures.known_addresses(rows)
    sources = _sources(job, rows, known, report)
    stored: pictures.Stored = {}
    for attempt in range(1, ATTEMPTS + 1):
        plan = make_plan(rows, sources)
        new = plan.sources()
        if missing := [new[key] for key in new.keys() - stored.keys()]:
            stored |= pictures.store(missing, job.archive, job.hosts, job.beat)
            sources = pictures.settle(sources, stored)
        addresses = pictures.fetched(sources, known)
        if plan.is_empty and keep is None:
            return _done(job, report, plan, apply.Written())
        try:
            with transaction.atomic():
                take_turns()
                files.hold()
                plan = make_plan(rows, sources)
                pictures.drop_lost(stored)
                if plan.sources().keys() <= stored.keys():
                    written = apply.Written() if plan.is_empty else apply.write(plan, stored, job.defaults)
                    if addresses:
                        pictures.remember(addresses)
                    done = _done(job, report, plan, written)
                    if keep is not None:
                        keep(last, done)
                    return done
        except IntegrityError:  # a form saved the same SKU, category or brand in this moment
            if attempt == ATTEMPTS:
                raise
    raise ImportRefused(_("Somebody else keeps changing the same products; try again later."))


def _done(job: Import, before: Report, plan: Plan, written: apply.Written) -> Report:
    report = replace(before, problems=list(before.problems), warned=set(before.warned))
    report.outcomes = dict.fromkeys((change.row.number for change in plan.changes), Outcome.UNCHANGED)
    report.outcomes |= dict.fromkeys(written.created, Outcome.CREATED)
    report.outcomes |= dict.fromkeys(written.changed, Outcome.CHANGED)
    report.created, report.changed, report.images = len(written.created), len(written.changed), written.images
    report.unchanged = len(plan.changes) - report.created - report.changed
    report.note(written.problems)
    _note_products(job, plan, report)
    return report


def _note_products(job: Import, plan: Plan, report: Report) -> None:
    """Tell of rows whose product there is none of, and of products without a picture.

    These are imported all the same: they are on sale, only nothing looks like them.
    """
    column = job.mapping.columns["sku"]
    report.skipped += len(plan.unknown)
    reason = _("There is no product with this SKU.")
    report.note([Problem(row.number, column, row.sku, reason, skipped=True) for row in plan.unknown])
    if job.archive is not None:
        reason = _("The archive has no picture for this SKU; the product has none.")
        report.note([Problem(row.number, column, row.sku, reason) for row in plan.without_picture])


def take_turns() -> None:
    """Wait until no other import writes, and keep others waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalog.imports'))")
