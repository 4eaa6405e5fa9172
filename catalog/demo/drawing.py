"""From an item and an angle to a picture: which function draws it, and how the camera frames it."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from . import (
    backpacks,
    belts,
    boots,
    dresses,
    flats,
    handbags,
    hats,
    heels,
    jackets,
    padded,
    scarves,
    skirts,
    sneakers,
    sunglasses,
    tailoring,
    tops,
    trousers,
    watches,
)
from .ground import develop
from .item import Item
from .skirts import SKIRTS
from .studio import Studio
from .torso import frame_of
from .trousers import LEGS


@dataclass(frozen=True)
class Kind:
    """How a kind of thing is drawn and which views it has, the first one first."""

    draw: Callable[[Studio, Item, str], float | None]
    angles: tuple[str, ...] = ("front", "back")
    detail: tuple[float, float] | None = None  # where the close-up looks, if one makes sense


NECK = (12.0, 250.0)

KINDS: dict[str, Kind] = {
    "tee": Kind(tops.tee, detail=NECK),
    "polo": Kind(tops.polo, detail=NECK),
    "shirt": Kind(tops.shirt, detail=NECK),
    "knit": Kind(tops.knit, detail=NECK),
    "sweat": Kind(tops.sweat, detail=NECK),
    "blazer": Kind(tailoring.blazer, detail=NECK),
    "trench": Kind(tailoring.trench, detail=NECK),
    "denim": Kind(jackets.denim, detail=NECK),
    "bomber": Kind(jackets.bomber, detail=NECK),
    "biker": Kind(jackets.biker, detail=NECK),
    "puffer": Kind(padded.puffer, detail=NECK),
    "parka": Kind(padded.parka, detail=NECK),
    "shacket": Kind(jackets.shacket, detail=NECK),
    "trousers": Kind(trousers.trousers, detail=(0.0, 230.0)),
    "skirt": Kind(skirts.skirt),
    "dress": Kind(dresses.dress, detail=(0.0, 240.0)),
    "sneaker": Kind(sneakers.sneaker, ("side", "above")),
    "slip": Kind(sneakers.sneaker, ("side", "above")),
    "heel": Kind(heels.heel, ("side", "pair")),
    "boot": Kind(boots.boot, ("side", "pair")),
    "flat": Kind(flats.flat, ("side", "above")),
    "handbag": Kind(handbags.handbag),
    "backpack": Kind(backpacks.backpack),
    "hat": Kind(hats.hat),
    "scarf": Kind(scarves.scarf),
    "watch": Kind(watches.watch, ("front", "side")),
    "sunglasses": Kind(sunglasses.sunglasses, ("front", "turned")),
    "belt": Kind(belts.belt, ("front", "loop")),
}

DETAIL_ZOOM = 2.1
UPPER = {
    "tee",
    "polo",
    "shirt",
    "knit",
    "sweat",
    "blazer",
    "trench",
    "denim",
    "bomber",
    "biker",
    "puffer",
    "parka",
    "shacket",
}


def framing(item: Item) -> tuple[float, tuple[float, float]]:
    """Return the zoom and the centre of the frame that fill the picture well."""
    if item.kind in UPPER:
        frame = frame_of(item)
        top = frame.neck_y - (
            80 if item.kind == "parka" or item.get("hood") else 45 if item.get("neck") == "roll" else 22
        )
        bottom = frame.hem_y + 12
        sleeve = item.get("sleeve", "long" if item.kind not in ("tee", "polo") else "short")
        half = frame.shoulder + {"none": 30, "short": 62, "cap": 40, "elbow": 76, "three": 92}.get(
            sleeve, 128
        )
        zoom = min(1.42, 540 / (2 * half), 660 / (bottom - top))
        return zoom, (0.0, (top + bottom) / 2)
    if item.kind == "trousers":
        legs = LEGS[item.get("legs", "straight")]
        zoom = min(1.5, 690 / (legs.length - legs.top + 24), 470 / (2 * max(legs.hip, legs.hem + 16)))
        return zoom, (0.0, (legs.top + legs.length) / 2)
    if item.kind == "skirt":
        cut = SKIRTS[item.get("form", "a-line")]
        zoom = min(1.5, 660 / (cut.hem_y - cut.top + 30), 520 / (2 * max(cut.hem, cut.hip)))
        return zoom, (0.0, (cut.top + cut.hem_y) / 2 + 4)
    if item.kind == "dress":
        low = dresses.LENGTHS[item.get("length", "knee")]
        top = 62 if item.get("straps") or item.get("neck") == "high" else 78
        return min(1.18, 700 / (low + 20 - top)), (0.0, (low + 16 + top) / 2)
    return 1.0, (0.0, 400.0)


def studio_for(item: Item, angle: str) -> Studio:
    """Return an empty studio with the camera in place."""
    detail = KINDS[item.kind].detail
    if angle == "detail" and detail is not None:
        return Studio(item.seed, DETAIL_ZOOM, detail)
    return Studio(item.seed, *framing(item))


def shoot(item: Item, angle: str) -> tuple[Studio, float | None]:
    """Draw an item; return the studio and the row of the floor it stands on, if it stands."""
    studio = studio_for(item, angle)
    floor = KINDS[item.kind].draw(studio, item, KINDS[item.kind].angles[0] if angle == "detail" else angle)
    return studio, floor


def picture(item: Item, angle: str) -> Image.Image:
    """Return the finished picture (600×800, RGB)."""
    return develop(*shoot(item, angle))
