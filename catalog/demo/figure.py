"""A plain figure that wears things: neck and chin, hands, legs, a wrist. No faces."""

import numpy as np

from .cloth import Cloth
from .geometry import band, box, curve, ellipse, shape
from .item import Item
from .palette import TONES
from .shading import barrel, wrinkles
from .studio import Studio
from .torso import frame_of, sleeve

SKINS = ((0.88, 0.69, 0.57), (0.74, 0.53, 0.40), (0.55, 0.37, 0.27), (0.93, 0.76, 0.66))
DENIM = Cloth(TONES["Indigo"], "denim")
CHINO = Cloth(TONES["Charcoal"], "twill")


def skin(tone: int) -> Cloth:
    """Return skin as a cloth: matt with a faint sheen."""
    return Cloth(SKINS[tone % len(SKINS)], "satin", gloss=0.04)


def bust(studio: Studio, neck_y: float, cloth: Cloth, neck: float = 42) -> None:
    """Draw the neck, the chin and the jaw; the photo is cropped above the mouth."""
    hair = Cloth((0.22, 0.15, 0.11), "wool")
    studio.part(
        shape([(-78, -140), (78, -140), (96, -20), (70, neck_y - 40), (-70, neck_y - 40), (-96, -20)]),
        hair,
        puff=1.5,
        cast=0,
    )
    studio.part(
        shape(
            [
                (-neck, neck_y - 110, 1),
                (neck, neck_y - 110, 1),
                (neck + 3, neck_y - 30),
                (neck + 26, neck_y + 20, 1),
                (-neck - 26, neck_y + 20, 1),
                (-neck - 3, neck_y - 30),
            ]
        ),
        cloth,
        puff=1.2,
        cast=0,
        dim=0.92,
    )
    studio.part(
        shape(
            [
                (-66, -160, 1),
                (66, -160, 1),
                (70, -40),
                (58, neck_y - 92),
                (0, neck_y - 54),
                (-58, neck_y - 92),
                (-70, -40),
            ]
        ),
        cloth,
        puff=1.8,
        cast=0.45,
        reach=12,
    )


def hands(studio: Studio, item: Item, cloth: Cloth) -> None:
    """Let hands show at the ends of long sleeves."""
    frame = frame_of(item)
    s = sleeve(frame, 405, 48, item.get("spread", 14), 0, item.seed)
    x, y = s.cuff.mean(axis=0)
    for side in (-1, 1):
        hand = shape(
            [
                (side * (x + 17) * -1, y - 12, 1),
                (side * (x - 17) * -1, y - 12, 1),
                (side * (x - 24) * -1, y + 34),
                (side * (x - 10) * -1, y + 84),
                (side * (x + 14) * -1, y + 78),
                (side * (x + 20) * -1, y + 34),
            ]
        )
        studio.part(hand, cloth, puff=1.2, cast=0)


def arms(studio: Studio, item: Item, cloth: Cloth) -> None:
    """Draw bare arms below short sleeves."""
    frame = frame_of(item)
    for side in (-1, 1):
        x = side * (frame.shoulder + 22)
        path = curve(
            [
                (x - side * 12, frame.shoulder_y + 60),
                (x + side * 24, 380),
                (x + side * 34, 520),
                (x + side * 26, 640),
            ]
        )
        studio.part(band(path, 56, 40), cloth, puff=1.3, cast=0)


def trousers_below(studio: Studio, hem_y: float, half: float, cloth: Cloth) -> None:
    """Draw hips and legs below a top."""
    for side in (-1, 1):
        leg = shape(
            [
                (0, hem_y - 60, 1),
                (side * (half - 12), hem_y - 60, 1),
                (side * (half - 6), hem_y + 60),
                (side * (half - 22), 1100, 1),
                (side * 14, 1100, 1),
                (side * 3, hem_y + 110),
            ]
        )
        studio.part(leg, cloth, relief=wrinkles(50, 60, 5), puff=1.3, cast=0.1)


def legs_below(studio: Studio, hem_y: float, cloth: Cloth) -> None:
    """Draw bare legs below a skirt or dress."""
    for side in (-1, 1):
        path = curve(
            [(side * 46, hem_y - 60), (side * 44, hem_y + 60), (side * 38, hem_y + 190), (side * 34, 1000)]
        )
        studio.part(band(path, 58, 40), cloth, puff=1.4, cast=0)


def wrist(studio: Studio, cloth: Cloth, sleeve_cloth: Cloth) -> None:
    """Draw a forearm through the middle of the picture, its sleeve at the top."""
    arm = shape(
        [
            (-66, -80, 1),
            (66, -80, 1),
            (58, 300),
            (54, 520),
            (74, 640),
            (96, 900, 1),
            (-86, 900, 1),
            (-78, 660),
            (-54, 520),
            (-58, 300),
        ]
    )
    studio.part(arm, cloth, relief=barrel(44), puff=1.6, cast=0)
    cuff = shape(
        [(-112, -120, 1), (112, -120, 1), (98, 120), (92, 214, 1), (0, 226), (-92, 214, 1), (-98, 120)]
    )
    studio.part(cuff, sleeve_cloth, relief=wrinkles(60, 30, 5), puff=1.6, cast=0.4, reach=14)


def head_below(studio: Studio, cloth: Cloth, brow_y: float) -> None:
    """Draw the back of a head under a hat: hair, ears and neck."""
    hair = Cloth((0.30, 0.20, 0.13), "wool")
    studio.part(
        shape(
            [
                (-70, brow_y + 140, 1),
                (70, brow_y + 140, 1),
                (86, brow_y + 330),
                (210, brow_y + 420, 1),
                (-210, brow_y + 420, 1),
                (-86, brow_y + 330),
            ]
        ),
        cloth,
        puff=1.4,
        cast=0,
    )
    for side in (-1, 1):
        studio.part(ellipse(side * 152, brow_y + 70, 22, 42), cloth, puff=1.2, cast=0.1)
    studio.part(
        shape(
            [
                (-146, brow_y - 60),
                (146, brow_y - 60),
                (150, brow_y + 90),
                (110, brow_y + 190),
                (0, brow_y + 216),
                (-110, brow_y + 190),
                (-150, brow_y + 90),
            ]
        ),
        hair,
        relief=wrinkles(14, 90, 4),
        puff=2,
        cast=0.3,
    )
    studio.part(
        box(-260, brow_y + 396, 260, brow_y + 700, 60),
        Cloth(TONES["Grey"], "knit"),
        relief=wrinkles(90, 60, 5),
        puff=1.4,
        cast=0.3,
    )


def coat_behind(studio: Studio, cloth: Cloth) -> None:
    """Draw the chest of a coat, for a scarf to lie on."""
    body = shape(
        [
            (-92, 178, 1),
            (-230, 232),
            (-290, 420),
            (-300, 900, 1),
            (300, 900, 1),
            (290, 420),
            (230, 232),
            (92, 178, 1),
            (0, 250),
        ]
    )
    studio.part(body, cloth, relief=wrinkles(90, 160, 7), puff=1.4, cast=0)
    studio.seam(np.array([(0, 240), (4, 900)]), 0.5)
