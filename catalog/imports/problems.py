"""What is wrong with a file, in sentences for the person who brought it."""

from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class ImportRefused(ValidationError):
    """The file cannot be imported at all; the message says why and what to do."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one row. `row` counts as a spreadsheet does: the header is row 1.

    A row that is `skipped` was not imported; otherwise the problem is a warning.
    """

    row: int
    column: str
    value: str
    reason: str
    skipped: bool = False

    def __str__(self) -> str:
        where = _("Row %(row)d") % {"row": self.row} + (f", {self.column}" if self.column else "")
        what = f" “{self.value}”" if self.value else ""
        return f"{where}{what}: {self.reason}"

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def shorten(value: str, limit: int = 80) -> str:
    """A cell as a problem quotes it: readable, without control characters, not too long."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
