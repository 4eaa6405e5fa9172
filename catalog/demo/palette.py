"""The colours of the catalogue: base colours a shop names, each with the tone a camera would see."""

import colorsys
from typing import TypeAlias

Colour: TypeAlias = tuple[float, float, float]  # red, green, blue from 0 to 1, as shown on screen


def tone(code: str) -> Colour:
    """Read ``rrggbb``."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


# Dark tones stay well above black and white stays below paper, so that folds remain visible in both.
TONES: dict[str, Colour] = {
    name: tone(code)
    for name, code in {
        "Black": "2b2b2f",
        "Charcoal": "4a4c52",
        "Grey": "8f9297",
        "Light Grey": "bfc1c4",
        "White": "e9e8e5",
        "Off White": "e8e0d0",
        "Beige": "d3bf9f",
        "Camel": "b98a56",
        "Tan": "a9713f",
        "Brown": "6b4630",
        "Rust": "a9522f",
        "Mustard": "cf9a35",
        "Yellow": "ebc75a",
        "Orange": "dd7a3f",
        "Coral": "e5826d",
        "Red": "b32a32",
        "Burgundy": "6e2435",
        "Pink": "e3a9b2",
        "Rose": "c97b86",
        "Lavender": "b1a5cf",
        "Purple": "67467d",
        "Navy Blue": "2a3553",
        "Blue": "3b62a0",
        "Light Blue": "a4c1de",
        "Teal": "2c7076",
        "Turquoise": "6cb7b4",
        "Mint": "b4d6c2",
        "Green": "3f7553",
        "Bottle Green": "274a3c",
        "Olive": "6f6c42",
        "Sage": "a2ae93",
        "Khaki": "a69872",
        "Gold": "c9a253",
        "Silver": "bcc0c5",
        "Indigo": "34466b",
        "Mid Blue": "5a7ba6",
        "Bleached Blue": "a9bfd6",
        "Cognac": "9a5a2c",
        "Nude": "ddb7a0",
        "Tortoise": "5f3d22",
    }.items()
}

# What the shop's filter knows; finer tones are filed under these.
BASE_NAMES = {
    "Indigo": "Navy Blue",
    "Mid Blue": "Blue",
    "Bleached Blue": "Light Blue",
    "Cognac": "Tan",
    "Nude": "Beige",
    "Tortoise": "Brown",
    "Bottle Green": "Green",
    "Rose": "Pink",
    "Light Grey": "Grey",
    "Sage": "Green",
    "Mint": "Green",
    "Coral": "Orange",
    "Lavender": "Purple",
    "Turquoise": "Teal",
    "Camel": "Beige",
}


def base_name(name: str) -> str:
    """Return the colour a shopper filters by."""
    return BASE_NAMES.get(name, name)


def lighter(colour: Colour, amount: float) -> Colour:
    """Mix with white."""
    return mixed(colour, (1.0, 1.0, 1.0), amount)


def darker(colour: Colour, amount: float) -> Colour:
    """Mix with black."""
    return mixed(colour, (0.0, 0.0, 0.0), amount)


def mixed(a: Colour, b: Colour, share: float) -> Colour:
    """Return `a` with a share of `b`."""
    red, green, blue = (x * (1 - share) + y * share for x, y in zip(a, b, strict=True))
    return red, green, blue


def muted(colour: Colour, amount: float) -> Colour:
    """Take out some saturation."""
    h, s, v = colorsys.rgb_to_hsv(*colour)
    return colorsys.hsv_to_rgb(h, s * (1 - amount), v)


def nudged(colour: Colour, hue: float, value: float) -> Colour:
    """Shift hue (turns) and value a little: two dye lots of one colour are never the same."""
    h, s, v = colorsys.rgb_to_hsv(*colour)
    return colorsys.hsv_to_rgb((h + hue) % 1.0, s, min(0.95, max(0.1, v * (1 + value))))


def luminance(colour: Colour) -> float:
    """Return the perceived lightness, 0 to 1."""
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def thread(colour: Colour) -> Colour:
    """Return a colour for seams and stitches that shows on `colour` without shouting."""
    return lighter(colour, 0.32) if luminance(colour) < 0.3 else darker(colour, 0.3)
