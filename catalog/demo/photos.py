"""Query photos: things from the shop as shoppers photograph them – worn, or lying on some floor.

A photo is 900×1200 pixels: tilted, a little cropped, in whatever light there was, with the noise and
the JPEG blocks of a telephone.
"""

import io
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageFilter

from . import figure
from .assortment import DemoProduct, products
from .backgrounds import BACKGROUNDS, PHOTO_HEIGHT, PHOTO_WIDTH, clouds
from .cloth import Cloth
from .drawing import KINDS, framing
from .item import Item
from .palette import TONES
from .studio import Studio
from .torso import frame_of


@dataclass(frozen=True)
class Scene:
    """How a photo was taken."""

    noun: str  # the look, as its name ends
    colours: str  # the colour words of the product's name
    caption: str
    ground: str
    angle: str = ""  # the product's own first angle if empty
    worn: bool = False
    tilt: float = 0.0  # degrees
    size: float = 1.3  # picture pixels per studio pixel
    shift: tuple[float, float] = (0.0, 0.0)  # pixels
    warmth: float = 0.0  # above zero yellow, below zero blue
    exposure: float = 1.0
    vignette: float = 0.25
    lean: float = 0.0  # perspective: the far edge is that much narrower
    softness: float = 0.6  # pixels of blur
    tone: int = 0  # skin


@dataclass(frozen=True)
class QueryPhoto:
    """A sample offered on the search page, and the product it ought to find."""

    sku: str
    caption: str
    item: Item
    scene: Scene
    seed: int


# Chosen so that each photo finds its product among the first five of the whole demo shop with the bundled
# weights: those know small pictures on plain ground, and a strong pattern underneath leads them astray.
SCENES: tuple[Scene, ...] = (
    Scene(
        "Striped Oxford Shirt",
        "Light Blue and White",
        "A striped shirt on a wooden floor",
        "wood",
        tilt=-8,
        size=1.65,
        warmth=0.05,
        exposure=0.96,
        lean=0.03,
    ),
    Scene(
        "Leather Court Sneaker",
        "White and Green",
        "A white sneaker on the lawn",
        "grass",
        tilt=6,
        size=1.65,
        warmth=-0.03,
        lean=0.03,
    ),
    Scene(
        "Floral Wrap Dress",
        "Red",
        "A red floral dress, worn",
        "room",
        worn=True,
        tilt=3,
        size=1.65,
        warmth=0.06,
        tone=1,
    ),
    Scene(
        "Pullover Hoodie",
        "Rust",
        "A rust hoodie in the mirror",
        "room",
        worn=True,
        tilt=-4,
        size=1.6,
        exposure=0.84,
        warmth=0.10,
        tone=2,
    ),
    Scene(
        "Top-Handle Bag",
        "Burgundy",
        "A burgundy bag on a café table",
        "marble",
        tilt=-8,
        size=1.5,
        warmth=0.12,
        exposure=0.94,
        lean=0.05,
    ),
    Scene(
        "Steel Chronograph",
        "Navy",
        "A steel watch on the wrist",
        "blanket",
        worn=True,
        tilt=15,
        size=1.65,
        exposure=0.95,
        tone=3,
    ),
    Scene(
        "Pompom Beanie",
        "Red",
        "A red bobble hat from behind",
        "room",
        worn=True,
        tilt=-5,
        size=1.5,
        exposure=0.9,
        warmth=0.04,
    ),
    Scene(
        "Tartan Scarf",
        "Camel",
        "A tartan scarf over a dark coat",
        "street",
        worn=True,
        tilt=4,
        size=1.65,
        warmth=-0.03,
        exposure=0.93,
    ),
    Scene(
        "Ripped Jeans",
        "Bleached Blue",
        "Ripped jeans on a wooden floor",
        "wood",
        tilt=9,
        size=1.55,
    ),
    Scene(
        "Puffer Jacket",
        "Mustard",
        "A mustard puffer jacket, worn",
        "street",
        worn=True,
        tilt=-3,
        size=1.55,
        exposure=0.92,
        tone=1,
        shift=(0, -80),
    ),
    Scene(
        "Flap Rucksack",
        "Olive and Brown",
        "A rucksack on the pavement",
        "tiles",
        tilt=10,
        size=1.5,
        warmth=0.08,
        shift=(0, -20),
    ),
    Scene(
        "Rain Boot",
        "Yellow and Off White",
        "A yellow rain boot on the lawn",
        "grass",
        tilt=-6,
        size=1.6,
        warmth=-0.03,
        exposure=0.97,
    ),
    Scene(
        "Aviator Sunglasses",
        "Gold and Brown",
        "Aviators on a blanket",
        "blanket",
        tilt=12,
        size=1.55,
        warmth=0.05,
        exposure=1.03,
    ),
    Scene(
        "Pleated Midi Skirt",
        "Bottle Green",
        "A green pleated skirt on a rug",
        "rug",
        tilt=-9,
        size=1.5,
        exposure=0.9,
        warmth=0.06,
    ),
    Scene(
        "Pointed Pump",
        "Red",
        "A red pump on a knitted throw",
        "blanket",
        tilt=6,
        size=1.5,
        warmth=0.02,
        exposure=1.0,
    ),
    Scene(
        "Fair Isle Sweater",
        "Navy",
        "A Fair Isle sweater on an unmade bed",
        "sheet",
        tilt=6,
        size=1.6,
        exposure=0.9,
        warmth=0.05,
    ),
)


def query_photos(seed: int = 1) -> list[QueryPhoto]:
    """Return the sample photos; each shows one product of `products(seed)`."""
    shop = products(seed)
    return [_photo(scene, shop, k) for k, scene in enumerate(SCENES)]


def _photo(scene: Scene, shop: list[DemoProduct], number: int) -> QueryPhoto:
    product = next(p for p in shop if p.name == f"{p.brand} {scene.colours} {scene.noun}")
    item = product.views[0].item
    # Another seed: the thing is the same, but its folds have fallen differently.
    return QueryPhoto(product.sku, scene.caption, replace(item, seed=item.seed + 7), scene, number + 1)


def _worn(studio: Studio, item: Item, tone: int) -> None:
    """Draw the figure behind what it wears."""
    flesh = figure.skin(tone)
    studio.worn = flesh
    if item.kind == "watch":
        figure.wrist(studio, flesh, Cloth(TONES["Charcoal"], "wool"))
    elif item.kind == "hat":
        figure.head_below(studio, flesh, 420)
    elif item.kind == "scarf":
        figure.bust(studio, 190, flesh, 50)
        figure.coat_behind(studio, Cloth(TONES["Charcoal"], "wool"))
    elif item.kind == "dress":
        figure.bust(studio, 100, flesh, 38)
        figure.legs_below(studio, 640, flesh)
        figure.arms(studio, replace(item, cut=(("fit", "women"),)), flesh)
    else:
        frame = frame_of(item)
        figure.trousers_below(studio, frame.hem_y, frame.hem, figure.DENIM)
        figure.hands(studio, item, flesh)
        if not item.get("hood", item.kind == "sweat"):
            figure.bust(studio, frame.neck_y, flesh)


def _cutout(photo: QueryPhoto) -> np.ndarray:
    """Draw the item alone: premultiplied colour and coverage (800, 600, 4)."""
    item, scene = photo.item, photo.scene
    zoom, focus = framing(item)
    if scene.worn:
        zoom *= 0.92
    studio = Studio(item.seed, zoom, focus)
    if scene.worn:
        _worn(studio, item, scene.tone)
    angle = scene.angle or KINDS[item.kind].angles[0]
    KINDS[item.kind].draw(studio, item, angle)
    return np.dstack([studio.rgb, studio.alpha])


def _laid(cut: np.ndarray, scene: Scene) -> np.ndarray:
    """Turn, scale and lean the cut-out into the photo's frame (1200, 900, 4)."""
    h, w = cut.shape[:2]
    a, k = np.radians(scene.tilt), 1 / scene.size
    c, s = np.cos(a) * k, np.sin(a) * k
    cx, cy = PHOTO_WIDTH / 2 + scene.shift[0], PHOTO_HEIGHT / 2 + scene.shift[1]
    g = scene.lean / PHOTO_HEIGHT * 2
    # Output (x, y) to input: rotate back, scale back, with a denominator that grows towards the top.
    d = 1 + g * cy
    m = (c, s, w / 2 * d - c * cx - s * cy, -s, c, h / 2 * d + s * cx - c * cy)
    data = (m[0], m[1] - g * w / 2, m[2], m[3], m[4] - g * h / 2, m[5], 0.0, -g, d)
    scaled = tuple(v / d for v in data[:8])
    planes = []
    for k_ in range(4):
        plane = Image.fromarray(np.ascontiguousarray(cut[..., k_]))
        planes.append(
            np.asarray(
                plane.transform(
                    (PHOTO_WIDTH, PHOTO_HEIGHT),
                    Image.Transform.PERSPECTIVE,
                    scaled,
                    Image.Resampling.BILINEAR,
                )
            )
        )
    return np.dstack(planes)


def _blurred(field: np.ndarray, radius: float) -> np.ndarray:
    image = Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float32) / 255


def draw_photo(photo: QueryPhoto) -> Image.Image:
    """Take the photo (900×1200, RGB)."""
    scene = photo.scene
    rng = np.random.default_rng(1000 + photo.seed)
    ground = BACKGROUNDS[scene.ground](rng)
    laid = _laid(_cutout(photo), scene)
    cover = laid[..., 3:]
    if not scene.worn:
        near = np.roll(_blurred(cover[..., 0], 7), (8, 7), axis=(0, 1))
        far = np.roll(_blurred(cover[..., 0], 30), (26, 22), axis=(0, 1))
        ground = ground * (1 - 0.42 * near - 0.26 * far)[..., None]
    picture = ground * (1 - cover) + laid[..., :3]
    # Uneven light: brighter towards a window, darker in the corners.
    y, x = np.mgrid[0:PHOTO_HEIGHT, 0:PHOTO_WIDTH].astype(np.float32)
    side = rng.uniform(-0.14, 0.14)
    light = 1 + side * (x / PHOTO_WIDTH - 0.5) * 2 + 0.04 * clouds(rng, 3, 4)
    corner = ((x / PHOTO_WIDTH - 0.5) ** 2 + (y / PHOTO_HEIGHT - 0.5) ** 2) * 2
    light *= scene.exposure * (1 - scene.vignette * corner)
    warm = np.array([1 + 0.5 * scene.warmth, 1.0, 1 - 0.9 * scene.warmth], dtype=np.float32)
    picture = picture * light[..., None] * warm
    noise = rng.normal(0, 0.016, picture.shape).astype(np.float32) + rng.normal(
        0, 0.008, (*picture.shape[:2], 1)
    ).astype(np.float32)
    image = Image.fromarray((np.clip(picture + noise, 0, 1) * 255 + 0.5).astype(np.uint8))
    image = image.filter(ImageFilter.GaussianBlur(scene.softness))
    # Through a JPEG once, as every telephone's picture has been.
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=72)
    return Image.open(buffer).convert("RGB")
