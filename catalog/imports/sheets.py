"""Excel sheets (XLSX): the first one of a file, row by row.

An XLSX is a ZIP of XML, so it goes through the same checks as an archive of pictures, and its parts are
measured before the parser, which holds a row or a string at a time, sees them.
"""

import datetime
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from catalog.imports.archive import check_apart, check_directory
from catalog.imports.problems import ImportRefused
from catalog.imports.sources import MAX_COLUMNS, Record, check_header

MAX_ROWS = 200_000
# Unpacked, by the name of the part; 40,000 products take some 30 MB.
MAX_SHEET_BYTES, MAX_STRINGS_BYTES, MAX_OTHER_BYTES = 400_000_000, 64_000_000, 16_000_000
# One row, or one text that several cells share: the parser holds it whole, at fifty times the size.
MAX_ELEMENT_BYTES = 1_000_000
ELEMENT_END = re.compile(rb"</(\w+:)?(row|si)>")
BLOCK_BYTES = 1 << 18

# Without it a file of one kilobyte unpacks to gigabytes of entities.
assert openpyxl.DEFUSEDXML, "openpyxl must parse with defusedxml"  # noqa: S101


@dataclass(frozen=True)
class SheetTable:
    """The first sheet of an XLSX file."""

    path: Path
    header: list[str]

    def records(self) -> Iterator[Record]:
        """The rows below the header, blank ones left out. Raises `ImportRefused` where no row can be read."""
        for record in _rows(self.path):
            if record.number > 1 and not record.is_blank:
                # Cells at the end of a row are only there when they hold something.
                yield Record(record.number, _padded(record.cells, len(self.header)))


def open_sheet(path: Path) -> SheetTable:
    """Check the file and read its header. Raises `ImportRefused`."""
    check_parts(path)
    first = next(_rows(path), Record(1, []))
    header = [name.strip() for name in first.cells] if first.number == 1 else []
    while header and not header[-1]:
        header.pop()
    check_header(header)
    return SheetTable(path, header)


def check_parts(path: Path) -> None:
    """Measure the parts of the file by unpacking them once, a block at a time. Raises `ImportRefused`."""
    check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            check_apart(archive)
            for info in archive.infolist():
                _check_part(archive, info)
    except ImportRefused:
        raise
    except Exception as error:  # zlib.error, BadZipFile, NotImplementedError, RuntimeError and more
        raise _unreadable() from error


def _check_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    limit, in_elements = MAX_OTHER_BYTES, False
    if info.filename.startswith("xl/worksheets/"):
        limit, in_elements = MAX_SHEET_BYTES, True
    elif info.filename == "xl/sharedStrings.xml":
        limit, in_elements = MAX_STRINGS_BYTES, True
    elif info.filename.startswith("xl/media/"):
        return  # pictures in the sheet are not read
    size = element = 0
    with archive.open(info) as part:
        while block := part.read(BLOCK_BYTES):
            size += len(block)
            ends = [match.end() for match in ELEMENT_END.finditer(block)]
            element = len(block) - ends[-1] if ends else element + len(block)
            if size > limit or (in_elements and element > MAX_ELEMENT_BYTES):
                raise ImportRefused(
                    _("The sheet is too large to be read; save it as CSV and try again."), code="sheet"
                )


def _rows(path: Path) -> Iterator[Record]:
    try:
        with path.open("rb") as file:  # opened here, because openpyxl goes by the name's ending
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet: Any = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its size is not to be believed
            for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True), 1):
                if number > 1 and cells.count(None) == len(cells):
                    continue  # a million of them may follow the last row that holds something
                if number > MAX_ROWS:
                    message = _("The sheet has more than %(limit)d rows; split it, or save it as CSV.")
                    raise ImportRefused(message, code="sheet", params={"limit": MAX_ROWS})
                yield Record(number, _padded([_text(cell) for cell in cells], 0))
    except (ImportRefused, GeneratorExit):
        raise
    except Exception as error:  # whatever the parsers meet in a damaged or hostile file
        raise _unreadable() from error


def _padded(cells: list[str], width: int) -> list[str]:
    """The cells without empty ones at their end, but at least `width`."""
    while len(cells) > width and not cells[-1]:
        cells.pop()
    return cells + [""] * (width - len(cells))


def _text(cell: Any) -> str:
    """What a person sees in the cell, or nearly: the column's meaning decides what becomes of it."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case float():
            return f"{cell:.15g}"  # 19.9 rather than the 19.899999999999999 that the file holds
        case datetime.datetime() | datetime.date() | datetime.time():
            return cell.isoformat()
    return str(cell)


def _unreadable() -> ImportRefused:
    message = _("The file cannot be read as an Excel sheet; save it as .xlsx without a password, or as CSV.")
    return ImportRefused(message, code="sheet")
