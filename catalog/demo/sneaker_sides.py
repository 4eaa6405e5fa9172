"""Sneakers from the side: court shoes, runners, high-tops, slip-ons. Toe to the left, the sole on y = 0."""

import numpy as np

from .cloth import Cloth
from .geometry import Path, band, box, curve, ellipse, moved, shape
from .item import Item
from .palette import darker, lighter, luminance, thread
from .shading import creases, together, wrinkles
from .studio import Part, Studio

RUBBER = Cloth((0.93, 0.92, 0.89), "satin", gloss=0.12)


def laces(studio: Studio, low: Path, high: Path, count: int, cloth: Cloth, width: float = 8.0) -> None:
    """Tie laces between two rows of eyelets: crossed bars, lowest first."""
    s = np.linspace(0.04, 0.96, count)
    for k, a in enumerate(s):
        i, j = a * (len(low) - 1), min(1.0, a + 0.02) * (len(high) - 1)
        p, q = low[int(i)], high[int(j)]
        bulge = (p + q) / 2 + (-3, -7)
        studio.part(
            band(curve([tuple(p), tuple(bulge), tuple(q)]), width), cloth, puff=0.8, cast=0.4, reach=4
        )
        if k < count - 1:
            nxt = high[int(min(1.0, a + 0.9 / count) * (len(high) - 1))]
            studio.part(band(np.array([p, nxt]), width * 0.7), cloth, puff=0.7, cast=0.25, reach=3)


def side_low(studio: Studio, item: Item) -> None:
    """Low court sneaker from the side."""
    c, t = item.cloth, item.trim
    sole = item.get("sole") or RUBBER
    thick = item.get("thick", 34)
    high = item.get("high", 0)
    top = -132 - high
    tongue = shape(
        [
            (52, -120 - high * 0.9, 1),
            (62, -168 - high, 1),
            (88, -176 - high),
            (112, -150 - high, 1),
            (96, -100, 1),
        ]
    )
    studio.part(tongue, c.plain(), puff=0.8, cast=0.1, dim=0.95)
    inner = shape([(60, top - 6, 1), (130, top - 14 - high * 0.03), (200, top - 12, 1), (150, top + 26)])
    studio.part(inner, t if item.get("lined") else c.plain(darker(c.colour, 0.25)), dim=0.6, cast=0)
    outline = [
        (-206, -thick + 4, 1),
        (-208, -thick - 16),
        (-178, -thick - 40),
        (-120, -thick - 56),
        (-60, -104),
        (10, -142 - high * 0.25),
        (62, -158 - high, 1),
        (110, top - 2 - high * 0.06),
        (150, top + 8),
        (186, top - 14),
        (205, top - 18, 1),
        (210, top + 20),
        (203, -90),
        (209, -thick + 4, 1),
    ]
    folds = together(
        creases(
            [curve([(-70, -96), (-84, -78), (-88, -52)]), curve([(-48, -104), (-58, -84), (-60, -56)])],
            2.4,
            6,
        ),
        wrinkles(50, 40, 2),
    )
    upper = studio.part(shape(outline), c, relief=folds, puff=1.1, cast=0.15)
    _panels(studio, item, upper, high, thick)
    eyestay = shape(
        [
            (-62, -106, 1),
            (10, -143 - high * 0.25),
            (62, -157 - high, 1),
            (84, -140 - high, 1),
            (40, -112 - high * 0.55),
            (-34, -80, 1),
        ]
    )
    studio.part(eyestay, t if item.get("eyestay") else c.plain(), puff=0.4, cast=0.3, reach=3)
    studio.stitch(curve([(-32, -83), (40, -115 - high * 0.55), (80, -139 - high)]), thread(c.colour), 0.6)
    low = curve([(-42, -92), (8, -112 - high * 0.3), (70, -142 - high)])
    far = curve([(-58, -106), (2, -138 - high * 0.28), (56, -160 - high)])
    laces(
        studio,
        low,
        far,
        5 + (3 if high else 0),
        item.get("laces")
        or Cloth(lighter(c.colour, 0.7) if luminance(c.colour) > 0.25 else (0.93, 0.92, 0.9), "rib"),
    )
    _sole(studio, item, sole, thick)


def _panels(studio: Studio, item: Item, upper: Part | None, high: float, thick: float) -> None:
    c, t = item.cloth, item.trim
    look = item.get("side", "plain")
    ink = thread(c.colour)
    heel = shape(
        [
            (218, -thick, 1),
            (218, -126 - high * 0.5, 1),
            (176, -118 - high * 0.5, 1),
            (150, -70),
            (140, -thick, 1),
        ]
    )
    studio.panel(upper, heel, t if look != "mono" else c)
    studio.seam(curve([(176, -118 - high * 0.5), (152, -74), (140, -thick)]), 0.4, clip=upper)
    studio.stitch(curve([(171, -115 - high * 0.5), (146, -74), (134, -thick)]), ink, 0.5, clip=upper)
    toe = curve([(-96, -120), (-112, -84), (-96, -52), (-40, -thick + 6)])
    if item.get("toecap"):
        cap = np.vstack([toe, [(-230, 0), (-230, -130)]])
        studio.panel(upper, cap, item.get("toecap"))
    studio.seam(toe, 0.4, clip=upper)
    studio.stitch(toe - (5, 0), ink, 0.5, clip=upper)
    if look == "stripes":
        for k in range(3):
            x = -10 + 34 * k
            studio.panel(upper, band(np.array([(x, -thick), (x + 34, -120 - high * 0.5)]), 15), t)
    elif look == "wave":
        path = curve([(-70, -70), (-20, -56), (50, -74), (112, -112)])
        studio.panel(upper, np.vstack([path, (moved(path, 0, 14))[::-1]]), t)
    elif look == "bar":
        studio.panel(upper, band(curve([(-36, -60), (40, -76), (110, -110)]), 14, 22), t)
        studio.panel(upper, band(curve([(10, -44), (70, -60), (130, -92)]), 10, 16), t)
    elif look == "star":
        a = np.linspace(-np.pi / 2, 1.5 * np.pi, 11)[:-1]
        r = np.where(np.arange(10) % 2 == 0, 30, 13)
        disc = ellipse(96, -108 - high * 0.45, 38, 38)
        studio.panel(upper, disc, RUBBER)
        studio.panel(upper, np.stack([96 + r * np.cos(a), -108 - high * 0.45 + r * np.sin(a)], 1), t)
    elif look == "perforated":
        for j in range(3):
            for k in range(6 - j):
                studio.shade(ellipse(-84 + 11 * j + 13 * k, -76 + 11 * j, 2.1, 2.1, n=10), 0.7)


def _sole(studio: Studio, item: Item, sole: Cloth, thick: float) -> None:
    outline = shape(
        [
            (-212, -thick - 2, 1),
            (-218, -thick * 0.5),
            (-206, -5),
            (-176, 0),
            (0, 0),
            (176, 0),
            (208, -4),
            (218, -thick * 0.55),
            (214, -thick - 4, 1),
            (80, -thick + 1),
            (-80, -thick + 3),
        ]
    )
    part = studio.part(outline, sole, puff=0.55, cast=0.4, reach=5)
    if item.get("foxing"):
        path = curve(
            [(-214, -thick * 0.72), (-100, -thick * 0.66), (80, -thick * 0.66), (216, -thick * 0.74)]
        )
        studio.line(path, item.trim.colour, 3.2, 0.95, clip=part)
    studio.stitch(
        curve([(-208, -thick + 5), (-80, -thick + 8), (80, -thick + 6), (210, -thick + 2)]),
        darker(sole.colour, 0.25),
        0.6,
        clip=part,
    )
    studio.panel(
        part,
        box(-230, -7, 230, 4),
        sole.plain(darker(sole.colour, 0.18)) if not item.get("gum") else Cloth((0.68, 0.45, 0.26), "satin"),
    )


def side_runner(studio: Studio, item: Item) -> None:
    """Running shoe from the side: sculpted sole, mesh, overlays."""
    c, t = item.cloth, item.trim
    sole = item.get("sole") or RUBBER
    tongue = shape([(56, -120, 1), (66, -176, 1), (94, -184), (116, -150, 1), (96, -100, 1)])
    studio.part(tongue, t, puff=0.9, cast=0.1)
    studio.part(
        shape([(66, -142, 1), (130, -150), (196, -158, 1), (150, -116)]),
        t.plain(darker(t.colour, 0.3)),
        dim=0.6,
        cast=0,
    )
    outline = [
        (-214, -44, 1),
        (-212, -60),
        (-170, -84),
        (-110, -96),
        (-50, -118),
        (14, -148),
        (66, -160, 1),
        (112, -138),
        (152, -134),
        (186, -154),
        (206, -164, 1),
        (214, -136),
        (203, -96),
        (212, -52, 1),
    ]
    upper = studio.part(
        shape(outline),
        c,
        relief=together(
            wrinkles(40, 40, 2.4), creases([curve([(-72, -108), (-88, -86), (-92, -60)])], 2.4, 6)
        ),
        puff=1.2,
        cast=0.15,
    )
    over = [
        shape([(218, -50, 1), (214, -170, 1), (190, -162), (168, -104), (104, -60), (96, -44, 1)]),
        shape([(-222, -30, 1), (-222, -70, 1), (-178, -84), (-150, -66), (-90, -52), (-50, -40, 1)]),
    ]
    for path in over:
        studio.panel(upper, path, t)
        studio.seam(np.vstack([path, path[:1]]), 0.35, clip=upper)
    swoosh = curve([(-66, -66), (-10, -54), (60, -80), (122, -124)])
    look = item.get("side", "wave")
    accent = item.get("accent") or t
    if look == "wave":
        w = np.linspace(3, 13, len(swoosh))[:, None] * np.array([[0.4, 1.0]])
        studio.panel(upper, np.vstack([swoosh, (swoosh + w)[::-1]]), accent)
    else:
        for k in range(3):
            studio.panel(
                upper, band(curve([(-20 + 36 * k, -46), (4 + 36 * k, -88), (10 + 30 * k, -128)]), 9), accent
            )
    studio.part(
        shape([(-58, -116, 1), (14, -149), (66, -160, 1), (86, -140, 1), (36, -116), (-30, -90, 1)]),
        t,
        puff=0.4,
        cast=0.3,
        reach=3,
    )
    laces(
        studio,
        curve([(-40, -98), (12, -120), (74, -144)]),
        curve([(-56, -116), (4, -146), (60, -164)]),
        5,
        item.get("laces") or Cloth(accent.colour, "rib"),
        7,
    )
    bottom = shape(
        [
            (-216, -46, 1),
            (-228, -40),
            (-220, -22),
            (-186, -3),
            (-100, 2),
            (0, -3),
            (60, -6),
            (160, 0),
            (214, -3),
            (230, -24),
            (220, -58, 1),
            (120, -54),
            (20, -40),
            (-100, -40),
        ]
    )
    part = studio.part(bottom, sole, puff=0.8, cast=0.4, reach=5)
    groove = curve([(-210, -26), (-100, -20), (20, -22), (120, -34), (222, -36)])
    studio.panel(part, band(groove, 7), accent)
    studio.seam(moved(groove, 0, 6), 0.3, clip=part)
    studio.panel(
        part,
        np.vstack(
            [
                curve([(-230, -10), (-100, -5), (0, -9), (60, -12), (160, -8), (234, -10)]),
                [(234, 10), (-230, 10)],
            ]
        ),
        Cloth(darker(accent.colour, 0.35), "satin"),
    )


def side_slip(studio: Studio, item: Item) -> None:
    """Canvas slip-on from the side."""
    c, t = item.cloth, item.trim
    thick = 30
    studio.part(
        shape([(-10, -124, 1), (70, -132), (196, -142, 1), (120, -96)]),
        t.plain(darker(t.colour, 0.2)),
        dim=0.6,
        cast=0,
    )
    outline = [
        (-206, -26, 1),
        (-206, -46),
        (-170, -78),
        (-110, -98),
        (-30, -126, 1),
        (20, -114),
        (110, -108),
        (176, -132),
        (202, -146, 1),
        (209, -110),
        (203, -70),
        (209, -26, 1),
    ]
    upper = studio.part(shape(outline), c, relief=wrinkles(50, 40, 2.2), puff=1.1, cast=0.15)
    studio.panel(
        upper, shape([(-32, -128, 1), (26, -116), (10, -70), (-26, -58, 1), (-40, -90)]), t.plain(weave="rib")
    )
    line = curve([(-36, -122), (-34, -80), (-10, -28)])
    studio.seam(line, 0.4, clip=upper)
    studio.stitch(
        [line - (5, 0), curve([(24, -112), (110, -103), (176, -126), (206, -142)])],
        thread(c.colour),
        0.6,
        clip=upper,
    )
    studio.seam(curve([(178, -136), (172, -80), (180, -26)]), 0.35, clip=upper)
    _sole(studio, item, item.get("sole") or RUBBER, thick)
