"""Which column of a file means which field of a product."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.imports.problems import ImportRefused

REQUIRED = ("sku", "name", "category")
PICTURES = {"sku", "pictures"}
# The parts of the category's path, from the top.
CATEGORY = ("category_top", "category_middle", "category")

# The Kaggle “Fashion Product Images” layout. Its `year` has no place in the catalogue and is left out.
KAGGLE = {
    "sku": "id",
    "gender": "gender",
    "category_top": "masterCategory",
    "category_middle": "subCategory",
    "category": "articleType",
    "base_colour": "baseColour",
    "season": "season",
    "usage": "usage",
    "name": "productDisplayName",
}

# The shop's own layout: what it exports, and how merchants spell it. The first is the column's proper name.
SHOP = {
    "sku": ("sku", "article number", "item number", "product id", "id"),
    "name": ("name", "product name", "title"),
    "description": ("description", "long description"),
    "category_top": ("main category", "department"),
    "category_middle": ("sub category",),
    "category": ("category", "article type", "product type"),
    "brand": ("brand", "manufacturer"),
    "base_colour": ("base colour", "base color", "colour", "color"),
    "gender": ("gender",),
    "season": ("season",),
    "usage": ("usage", "occasion"),
    "price": ("price",),
    "currency": ("currency",),
    "stock": ("stock", "quantity", "in stock"),
    "is_active": ("active", "is active", "visible"),
    "pictures": (
        "pictures",
        "images",
        "image",
        "picture",
        "file name",
        "filename",
        "image file",
        "image url",
        "image urls",
        "image link",
        "picture url",
        "picture urls",
    ),
}


@dataclass(frozen=True)
class Mapping:
    """Field → column."""

    columns: dict[str, str]

    @property
    def is_kaggle(self) -> bool:
        """Whether the brand has to be read off the name, as that layout has none."""
        return self.columns.get("name") == KAGGLE["name"] and "brand" not in self.columns

    @property
    def is_of_pictures(self) -> bool:
        """Whether the file only says which pictures belong to products that exist."""
        return self.columns.keys() == PICTURES

    def check(self, header: list[str]) -> None:
        """Raises `ImportRefused` with the names of the columns that are missing from `header`."""
        wanted = dict.fromkeys(() if self.is_of_pictures else REQUIRED) | self.columns
        missing = [column or field for field, column in wanted.items() if column not in header]
        if missing:
            message = _("The file lacks the columns %(missing)s. It has: %(header)s.")
            if len(missing) == 1:
                message = _("The file lacks the column %(missing)s. It has: %(header)s.")
            params = {"missing": ", ".join(missing), "header": ", ".join(filter(None, header))}
            raise ImportRefused(message, code="columns", params=params)


def guess(header: list[str]) -> Mapping:
    """What the columns most likely mean. A file that is mostly the Kaggle layout is taken as that."""
    if 2 * len(set(header) & set(KAGGLE.values())) > len(KAGGLE):
        return Mapping(dict(KAGGLE))
    plain = {_plain(name): name for name in reversed(header) if name}
    columns = {}
    for field, spellings in SHOP.items():
        if spelling := next((s for s in map(_plain, (field, *spellings)) if s in plain), None):
            columns[field] = plain.pop(spelling)
    return Mapping(columns)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
