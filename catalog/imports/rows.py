"""The meaning of one row: checked values, or problems in sentences."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.imports.brands import brand_in
from catalog.imports.formulas import unescape
from catalog.imports.mapping import CATEGORY, REQUIRED, Mapping
from catalog.imports.problems import Problem, shorten
from catalog.imports.sources import MAX_CELL_CHARACTERS, Record
from catalog.models import Brand, Category, Product

# How an empty cell is spelt by those who dislike empty cells.
EMPTY = {"", "NA", "N/A", "NaN", "nan", "NULL", "null"}
# Texts of the product that an empty cell empties. Of all other fields an empty cell says nothing.
TEXTS = ("name", "description", "base_colour", "gender", "season", "usage")
OTHERS = ("price", "currency", "stock", "is_active")
YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
MAX_PICTURES = 20


@dataclass(frozen=True)
class ProductRow:
    """What a row says about a product.

    `values` has only the fields of which the file speaks; `category` is empty when it speaks of none. `brand`
    is None when it does not speak of brands (empty: the product has none); `brand_guess` is only for a new
    product. `pictures` are names of files or addresses, None when they are to be found by the SKU.
    """

    number: int
    sku: str
    values: dict[str, Any]
    category: tuple[str, ...]
    brand: str | None
    brand_guess: str
    pictures: tuple[str, ...] | None


@dataclass
class RowReader:
    """Reads the rows of one file. Remembers its SKUs, so that none is imported twice from one file."""

    header: list[str]
    mapping: Mapping
    # Leave a bad value out where the product can do without it, instead of skipping the row.
    ignore_bad_fields: bool = False
    seen: dict[str, int] = field(default_factory=dict)

    def read(self, record: Record) -> tuple[ProductRow | None, list[Problem]]:
        """The row's meaning, or None when it must be skipped, and what is wrong with it."""
        try:
            cells, problems = self._cells(record)
        except ValidationError as error:
            return None, [Problem(record.number, "", "", _sentence(error), skipped=True)]
        said, wrong = self._values(cells)
        if "sku" in said:
            first = self.seen.setdefault(said["sku"], record.number)
            if first != record.number:
                reason = _("This SKU is in row %(first)d already; the first one counts.")
                wrong["sku"] = reason % {"first": first}
        skipped = bool(wrong) and not (self.ignore_bad_fields and wrong.keys().isdisjoint(REQUIRED))
        for name, reason in wrong.items():
            column, value = self.mapping.columns[name], shorten(cells[name])
            problems.append(Problem(record.number, column, value, reason, skipped))
        return None if skipped else self._row(record.number, said), problems

    def pass_over(self, record: Record) -> None:
        """Remember the SKU of a row that was read before, by another process."""
        at = self.header.index(self.mapping.columns["sku"])
        try:
            self.seen.setdefault(value_of("sku", record.cells[at]), record.number)
        except (IndexError, ValidationError):
            pass

    def _cells(self, record: Record) -> tuple[dict[str, str], list[Problem]]:
        """The cells by field. Raises `ValidationError` when it is uncertain which cell is which."""
        header, cells, problems = self.header, record.cells, []
        texts = {self.mapping.columns.get(name) for name in ("name", "description")}
        if len(cells) > len(header) and header[-1] in texts and any(cells[len(header) :]):
            # Kaggle's own file has some names with commas and without quotation marks.
            joined = ",".join(cells[len(header) - 1 :])
            cells = [*cells[: len(header) - 1], joined]
            reason = _("The text has commas but no quotation marks; it was taken whole.")
            problems.append(Problem(record.number, header[-1], shorten(joined), reason))
        if len(cells) < len(header) or any(cells[len(header) :]):
            message = _("The row has %(cells)d cells where the header has %(header)d.")
            raise ValidationError(message, params={"cells": len(cells), "header": len(header)})
        by_column = dict(zip(header, cells, strict=False))
        cells_of = {name: by_column[column] for name, column in self.mapping.columns.items()}
        # A list of objects has None where an object does not speak of a field.
        return {name: cell for name, cell in cells_of.items() if cell is not None}, problems

    def _values(self, cells: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        """The values by field, and the reasons why others are none."""
        said, wrong = {}, {}
        for name, cell in cells.items():
            try:
                said[name] = value_of(name, cell)
            except ValidationError as error:
                wrong[name] = _sentence(error)
        if not wrong.keys() & set(CATEGORY) and not _path(said) and not self.mapping.is_of_pictures:
            wrong["category"] = _("The row names no category.")
        return said, wrong

    def _row(self, number: int, said: dict[str, Any]) -> ProductRow:
        values = {name: said[name] for name in TEXTS if name in said}
        values |= {name: said[name] for name in OTHERS if said.get(name) is not None}
        guess = brand_in(said["name"], said.get("base_colour", "")) if self.mapping.is_kaggle else ""
        return ProductRow(
            number=number,
            sku=said["sku"],
            values=values,
            category=_path(said),
            brand=said.get("brand"),
            brand_guess=guess,
            pictures=said.get("pictures"),
        )


def value_of(name: str, cell: str) -> Any:
    """What a cell says about field `name`; None when it says nothing. Raises `ValidationError`."""
    if "\0" in cell:
        raise ValidationError(_("The cell contains a NUL character."))
    if len(cell) > MAX_CELL_CHARACTERS:
        message = _("The cell has %(count)d characters; at most %(limit)d are accepted.")
        raise ValidationError(message, params={"count": len(cell), "limit": MAX_CELL_CHARACTERS})
    cell = unescape(cell.strip())
    text = cell.strip() if name == "description" else " ".join(cell.split())
    if text in EMPTY and name != "sku":
        text = ""
    if not text and name in ("sku", "name"):
        raise ValidationError(_("The cell is empty."))
    if not text and name in OTHERS:
        return None
    match name:
        case "category":
            return tuple(_clean(Category, "name", part) for part in re.split(r"\s*>\s*", text) if part)
        case "category_top" | "category_middle":
            return (_clean(Category, "name", text),) if text else ()
        case "brand":
            return _clean(Brand, "name", text) if text else ""
        case "pictures":
            return _picture_names(text)
        case "is_active":
            return _yes_no(text)
        case "price":
            return _clean(Product, "price", decimal_text(text))
        case _:
            return _clean(Product, name, text)


def _clean(model: Any, name: str, text: str) -> Any:
    """`text` as the model's field takes it: converted, of the right length, in the right range."""
    return model._meta.get_field(name).clean(text, None)


def decimal_text(text: str) -> str:
    """A price as written in either half of the world, with a point: “1.234,50” gives “1234.50”.

    Raises `ValidationError` when it is ambiguous (“1,234”) or no number.
    """
    if re.fullmatch(r"[0-9]+([.,][0-9]{1,2})?", text):
        return text.replace(",", ".")
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]{1,2}|[0-9]{1,3}(\.[0-9]{3})+,[0-9]{1,2}", text):
        whole, cents = re.split(r"[.,](?=[0-9]{1,2}$)", text)
        return f"{re.sub('[.,]', '', whole)}.{cents}"
    raise ValidationError(_("This is no price; write it as 1234.50."))


def _yes_no(text: str) -> bool:
    try:
        return YES_NO[text.casefold()]
    except KeyError:
        raise ValidationError(_("Write yes or no.")) from None


def _picture_names(text: str) -> tuple[str, ...] | None:
    """File names and addresses. Of an address commas and semicolons are parts, unless another follows."""
    between = r"[\s;|,]+(?=https?://)|\s*[;|]\s+|\s*\|\s*" if "://" in text else r"\s*[;|,]\s*"
    names = tuple(dict.fromkeys(name for name in re.split(between, text) if name))
    if len(names) > MAX_PICTURES:
        message = _("The cell names %(count)d pictures; at most %(limit)d are accepted.")
        raise ValidationError(message, params={"count": len(names), "limit": MAX_PICTURES})
    return names or None


def _path(said: dict[str, Any]) -> tuple[str, ...]:
    """The category's names from the top; a name that only repeats the one above it is left out."""
    path: list[str] = []
    for name in (part for level in CATEGORY for part in said.get(level, ())):
        if not path or path[-1].casefold() != name.casefold():
            path.append(name)
    return tuple(path)


def _sentence(error: ValidationError) -> str:
    return " ".join(error.messages)
