"""Labelled pictures in files, laid out as the Kaggle fashion collection is: to measure with, and to train."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from catalog.images import ImageRefused
from similarity.preprocess import load_rgb


def labelled_pictures(
    styles: Path, images: Path, height: int, width: int
) -> Iterator[tuple[str, dict[str, str], Image.Image]]:
    """(id, CSV row, RGB picture no smaller than `height` x `width` needs) of each row that has a picture.

    `styles` is a CSV with an `id` column, `images` a ZIP with `images/<id>.jpg` or `<id>.jpg`.
    """
    with styles.open(encoding="utf-8-sig", newline="") as text, zipfile.ZipFile(images) as archive:
        members = set(archive.namelist())
        for row in csv.DictReader(text):
            identifier = row.get("id") or ""
            member = next(
                (name for name in (f"images/{identifier}.jpg", f"{identifier}.jpg") if name in members), ""
            )
            if not member:
                continue
            try:
                yield identifier, row, load_rgb(io.BytesIO(archive.read(member)), height, width)
            except ImageRefused:
                continue
