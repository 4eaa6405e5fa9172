"""Any table that people bring: CSV or an Excel sheet, told apart by content."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

from catalog.imports.problems import ImportRefused
from catalog.imports.sheets import open_sheet
from catalog.imports.sources import Record, open_csv

ZIP_START = b"PK\x03\x04"
# Excel's old format, and its new one inside of encryption.
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Table(Protocol):
    """Rows below a header that names the columns."""

    @property
    def header(self) -> list[str]: ...

    def records(self) -> Iterator[Record]:
        """The rows, blank ones left out. Raises `ImportRefused` where no row can be read."""


def open_table(path: Path, encoding: str = "") -> Table:
    """Find out what `path` is and read its header. Raises `ImportRefused`."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(ZIP_START):
        return open_sheet(path)
    if start == OLE_START:
        message = _("The file is an old Excel file, or has a password; save it as .xlsx without one.")
        raise ImportRefused(message, code="sheet")
    return open_csv(path, encoding)
