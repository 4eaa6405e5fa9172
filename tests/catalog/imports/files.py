"""Tables and archives as merchants bring them."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

KAGGLE_HEADER = [
    "id",
    "gender",
    "masterCategory",
    "subCategory",
    "articleType",
    "baseColour",
    "season",
    "year",
    "usage",
    "productDisplayName",
]


def kaggle_row(**fields: str) -> list[str]:
    row = {
        "id": "15970",
        "gender": "Men",
        "masterCategory": "Apparel",
        "subCategory": "Topwear",
        "articleType": "Shirts",
        "baseColour": "Navy Blue",
        "season": "Fall",
        "year": "2011",
        "usage": "Casual",
        "productDisplayName": "Turtle Check Men Navy Blue Shirt",
    }
    return list((row | fields).values())


def kaggle(path: Path, *rows: dict[str, str] | list[str]) -> Path:
    """`styles.csv` in Kaggle's layout; a row is given by what is special about it, or in full."""
    lines = [kaggle_row(**row) if isinstance(row, dict) else row for row in rows]
    return table(path / "styles.csv", KAGGLE_HEADER, *lines)


def table(path: Path, *rows: list[str], encoding: str = "utf-8", **dialect: Any) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, **dialect).writerows(rows)
    return path


def archive(path: Path, files: dict[str, bytes] | None = None, **more: bytes) -> Path:
    """`images.zip` with these files; keyword arguments are SKUs."""
    pictures = {f"images/{sku}.jpg": content for sku, content in more.items()} | (files or {})
    path = path / "images.zip"
    with zipfile.ZipFile(path, "w") as target:
        for name, content in pictures.items():
            target.writestr(name, content)
    return path


def zip_bytes(files: dict[str, bytes], **options: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return out.getvalue()
