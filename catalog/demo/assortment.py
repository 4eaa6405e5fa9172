"""What the demo shop sells: the ranges' looks, turned into products in every colourway.

Nothing is drawn here; `draw` and `draw_photo` do that, one view at a time, so that a process pool can
share the work.
"""

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from PIL import Image

from . import palette
from .cloth import Cloth
from .drawing import KINDS, picture
from .item import Item
from .look import Look
from .palette import TONES, Colour
from .ranges import LOOKS
from .wording import BRANDS, PATHS, brand_for, describe

METALLIC = {"Gold", "Silver"}
TORTOISE_INKS = (TONES["Camel"], palette.darker(TONES["Brown"], 0.4))


@dataclass(frozen=True)
class DemoView:
    """One picture of a product: what it shows, and what the drawing modules need to draw it."""

    alt: str
    item: Item
    angle: str


@dataclass(frozen=True)
class DemoProduct:
    """A product as the importer sees it."""

    sku: str
    name: str
    description: str
    category: tuple[str, ...]
    brand: str
    base_colour: str
    gender: str
    season: str
    usage: str
    price: Decimal
    stock: int
    views: tuple[DemoView, ...]
    currency: str = "EUR"


def _colours(colourway: str) -> tuple[str, tuple[str, ...], str]:
    """Split ``ground/ink+ink|trim`` into its names; the trim is the ground's if none is given."""
    rest, _, trim = colourway.partition("|")
    ground, _, inks = rest.partition("/")
    return ground, tuple(i for i in inks.split("+") if i), trim or ground


def _item(look: Look, colourway: str, number: int, seed: int) -> Item:
    """Cut a look from the cloths of one colourway."""
    ground, inks, trim = _colours(colourway)
    chance = random.Random(f"{seed}/{look.noun}/{colourway}")  # noqa: S311 - colours, not secrets

    def dyed(name: str) -> Colour:
        # Two dye lots of one colour are never the same.
        return palette.nudged(TONES[name], chance.uniform(-0.006, 0.006), chance.uniform(-0.03, 0.03))

    gloss = max(look.gloss, 0.6) if ground in METALLIC else look.gloss
    cloth = Cloth(
        dyed(ground), look.weave, look.pattern, tuple(dyed(i) for i in inks), look.scale, gloss, look.grain
    )
    trim_gloss = (
        look.trim_gloss
        if look.trim_gloss is not None
        else (0.2 if look.trim_weave == "leather" else look.gloss)
    )
    trimming = Cloth(dyed(trim), look.trim_weave or look.weave, gloss=trim_gloss)
    if "|" not in colourway:
        trimming = cloth if not look.trim_weave else trimming
    if ground == "Tortoise":
        cloth = trimming = Cloth(cloth.colour, "satin", "leopard", TORTOISE_INKS, 0.8, look.gloss)
    cut = dict(look.cut)
    if motifs := cut.pop("motifs", None):
        cut["motif"] = motifs[number % len(motifs)]
    if cut.pop("blocked", None):
        cut["block"] = cut["sleeve_cloth"] = Cloth(trimming.colour, look.weave)
    if cut.pop("dial_from_colour", None):
        cut["dial"] = cloth.colour
    if cut.pop("tinted", None):
        cut["lens"] = palette.darker(trimming.colour, 0.15)
    if cut.pop("belted", None):
        trimming = Cloth(
            TONES["Cognac" if palette.luminance(cloth.colour) > 0.3 else "Brown"], "leather", gloss=0.3
        )
    if cut.pop("colour_base", None):
        cut["base"] = trimming
        trimming = cloth
    mark = zlib.crc32(f"{seed}/{look.noun}/{colourway}".encode())
    return Item(
        look.kind, tuple(sorted(cut.items(), key=lambda pair: pair[0])), cloth, trimming, mark % 100_000
    )


def _title(look: Look, colourway: str) -> str:
    """Return the colour words of a name: "Navy", "White and Red"."""
    ground, inks, trim = _colours(colourway)
    short = {"Navy Blue": "Navy", "Light Grey": "Pale Grey"}
    first = short.get(ground, ground)
    second = inks[0] if inks else trim
    if second == ground or len(inks) > 1:
        return first
    return f"{first} and {short.get(second, second)}"


ANGLE_WORDS = {
    "front": "front",
    "back": "back",
    "side": "side view",
    "above": "the pair from above",
    "pair": "the pair",
    "turned": "turned to the side",
    "loop": "hung in a loop",
    "detail": "close-up",
}


def _views(look: Look, item: Item, colours: str, number: int) -> tuple[DemoView, ...]:
    """Return the views of a product: mostly two, sometimes a close-up in place of the second, rarely one."""
    kind = KINDS[look.kind]
    angles: list[str] = list(kind.angles)
    if dict(item.cut).get("single") or number % 17 == 11:
        angles = angles[:1]
    elif kind.detail and number % 5 == 3:
        angles[1] = "detail"
    what = f"{colours} {look.noun.lower()}"
    return tuple(DemoView(f"{what}, {ANGLE_WORDS[angle]}", item, angle) for angle in angles)


def _price(look: Look, brand: str, chance: random.Random) -> Decimal:
    """Return a shop's price: the range's, times the brand's factor, ending in .95, .90 or .00."""
    euros = max(9, round(look.price * BRANDS[brand][0] * chance.uniform(0.92, 1.1)))
    ending = chance.choice(("-0.05", "-0.05", "-0.10", "0.00"))
    return Decimal(euros) + Decimal(ending)


def _made() -> Iterator[tuple[Look, str, int]]:
    """Yield (look, colourway, running number) in the order of the ranges."""
    number = 0
    for look in LOOKS:
        for colourway in look.colours:
            number += 1
            yield look, colourway, number


def products(seed: int = 1) -> list[DemoProduct]:
    """Return all products of the demo shop; the same seed gives the same shop."""
    made: list[DemoProduct] = []
    for look, colourway, number in _made():
        chance = random.Random(f"{seed}/{number}")  # noqa: S311 - prices, not secrets
        item = _item(look, colourway, number, seed)
        colours = _title(look, colourway)
        brand = brand_for(look, number * 5 + seed)
        made.append(
            DemoProduct(
                sku=f"LK-{number:04d}",
                name=f"{brand} {colours} {look.noun}",
                description=describe(look, colours, chance),
                category=PATHS[look.leaf],
                brand=brand,
                base_colour=palette.base_name(_colours(colourway)[0]),
                gender=look.gender,
                season=look.season,
                usage=look.usage,
                price=_price(look, brand, chance),
                stock=0 if chance.random() < 0.06 else chance.randint(1, 60),
                views=_views(look, item, colours, number),
            )
        )
    return made


def draw(view: DemoView) -> Image.Image:
    """Draw a view (600×800, RGB)."""
    return picture(view.item, view.angle)
