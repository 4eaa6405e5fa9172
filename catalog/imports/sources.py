"""Reading a table row by row, whatever wrote it, without ever holding it in memory."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from catalog.imports.problems import ImportRefused

DELIMITERS = ",;\t|"
MAX_COLUMNS = 200
MAX_CELL_CHARACTERS = 10_000
MAX_LINE_BYTES = 4_000_000
BLOCK_BYTES = 1 << 20
BOMS = [  # UTF-32 before UTF-16: its mark begins with the other's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]


@dataclass(frozen=True)
class Record:
    """A row as it stands in the file. `number` counts as a spreadsheet does: the header is row 1."""

    number: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class CsvTable:
    """A CSV file whose encoding and delimiter are known."""

    path: Path
    encoding: str
    delimiter: str
    header: list[str]

    def records(self) -> Iterator[Record]:
        """The rows below the header, blank ones left out. Raises `ImportRefused` where no row can be read."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            rows = csv.reader(file, delimiter=self.delimiter, strict=True)
            number = 0
            try:
                for number, cells in enumerate(rows, start=1):
                    record = Record(number, cells)
                    if number > 1 and not record.is_blank:
                        yield record
            except csv.Error as error:
                message = _(
                    "Row %(row)d cannot be read (%(error)s); perhaps a quotation mark is never closed."
                )
                raise ImportRefused(
                    message, code="csv", params={"row": number + 1, "error": error}
                ) from error


def open_csv(path: Path, encoding: str = "") -> CsvTable:
    """Find out how `path` is written and read its header. Raises `ImportRefused`."""
    encoding = encoding or find_encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline(MAX_LINE_BYTES)
            delimiter = find_delimiter(first)
            file.seek(0)
            header = [name.strip() for name in next(csv.reader(file, delimiter=delimiter), [])]
    except (UnicodeError, LookupError, csv.Error) as error:
        raise ImportRefused(
            _("The file cannot be read as %(encoding)s."), code="encoding", params={"encoding": encoding}
        ) from error
    check_header(header)
    return CsvTable(path, encoding, delimiter, header)


def find_encoding(path: Path) -> str:
    """The encoding of a text file: by its byte order mark, else UTF-8, else Windows-1252.

    Reads the whole file once, so that a wrong byte in the last row is found before the first is written.
    Raises `ImportRefused` for what is none of them.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise ImportRefused(_("The file is empty."), code="empty")
    marked = next((encoding for mark, encoding in BOMS if start.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        if _decodes(path, encoding):
            return encoding
    raise _no_text()


def _no_text() -> ImportRefused:
    message = _(
        "The file is not a CSV in UTF-8, UTF-16 or Windows-1252; save it as “CSV UTF-8” and try again."
    )
    return ImportRefused(message, code="encoding")


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is text in this encoding. Raises `ImportRefused` when it has no lines."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            end = max(block.rfind(b"\n"), block.rfind(b"\r"))
            line = line + len(block) if end < 0 else len(block) - end
            if line > MAX_LINE_BYTES:
                raise ImportRefused(_("The file has a line of more than 4 MB: it is no table."), code="line")
            try:
                text = decoder.decode(block)
            except UnicodeError:
                return False
            # Any bytes but five are Windows-1252; control characters tell that it is no text at all.
            if encoding == "cp1252" and any(chr(code) in text for code in range(9)):
                return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def find_delimiter(header: str) -> str:
    """The delimiter that occurs most often in the header line, outside of quotation marks."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def check_header(header: list[str]) -> None:
    """Raises `ImportRefused` when the columns cannot be told apart."""
    if not any(header):
        raise ImportRefused(_("The first row names no columns."), code="header")
    if any("\0" in name for name in header):  # UTF-16 without its mark
        raise _no_text()
    if len(header) > MAX_COLUMNS:
        message = _("The file has %(count)d columns; at most %(limit)d are accepted.")
        raise ImportRefused(message, code="header", params={"count": len(header), "limit": MAX_COLUMNS})
    named = [name for name in header if name]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        message = _("The file has more than one column named %(names)s.")
        raise ImportRefused(message, code="header", params={"names": ", ".join(twice)})
