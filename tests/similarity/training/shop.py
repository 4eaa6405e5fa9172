"""A collection in files, as the trainer reads it: garments of two kinds in four colours, drawn here."""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

COLOURS = ["Red", "Navy", "Green", "Black"]


def garment(kind: str, colour: str, seed: int) -> Image.Image:
    """A tee or trousers of sorts on white, never twice in the same place."""
    rng = np.random.default_rng(seed)
    picture = Image.new("RGB", (60, 80), "white")
    draw = ImageDraw.Draw(picture)
    left, top = (int(value) for value in rng.integers(12, 18, 2))
    legs = [(left, top, left + 26, top + 40)]
    if kind == "Trousers":
        legs = [(left, top, left + 10, top + 52), (left + 16, top, left + 26, top + 52)]
    for leg in legs:
        draw.rectangle(leg, colour)
    return picture


def write(folder: Path, products: int) -> tuple[Path, Path]:
    """`styles.csv` and `images.zip` of that many products."""
    styles, images = folder / "styles.csv", folder / "images.zip"
    with styles.open("w", newline="") as text, zipfile.ZipFile(images, "w") as archive:
        table = csv.writer(text)
        table.writerow(["id", "gender", "subCategory", "articleType", "baseColour", "usage"])
        for number in range(products):
            kind, colour = ("Tees", "Trousers")[number % 2], COLOURS[number // 2 % 4]
            table.writerow([number, "Men", "", kind, colour, "Casual"])
            packed = io.BytesIO()
            garment(kind, colour, number).save(packed, "JPEG", quality=90)
            archive.writestr(f"images/{number}.jpg", packed.getvalue())
    return styles, images
