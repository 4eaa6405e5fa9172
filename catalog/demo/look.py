"""A look: one cut in one kind of cloth, made in several colourways. The ranges are lists of looks."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Look:
    """What a designer would write on one sheet.

    A colourway reads ``ground/ink+ink|trim``: "White/Navy Blue" is white with navy stripes,
    "White|Green" is white with green trimmings. Names are those of the palette.
    """

    leaf: str  # article type
    noun: str  # "Oxford Shirt"
    kind: str  # which drawing function
    colours: tuple[str, ...]
    price: int  # euros, before the brand's factor
    gender: str
    season: str
    usage: str
    text: str  # one sentence about the cut
    weave: str = "plain"
    pattern: str = ""
    scale: float = 1.0
    gloss: float = 0.0
    grain: float = 1.0
    trim_weave: str = ""  # of the trimmings; the cloth's own if empty
    trim_gloss: float | None = None
    cut: dict[str, Any] = field(default_factory=dict)


def look(
    leaf: str, noun: str, kind: str, colours: str, price: int, wear: str, text: str, **rest: Any
) -> Look:
    """Write down a look; `colours` are separated by commas, `wear` is "gender season usage"."""
    known = {
        k: rest.pop(k)
        for k in ("weave", "pattern", "scale", "gloss", "grain", "trim_weave", "trim_gloss")
        if k in rest
    }
    gender, season, usage = wear.split()
    return Look(
        leaf,
        noun,
        kind,
        tuple(c.strip() for c in colours.split(",")),
        price,
        gender,
        season,
        usage,
        text,
        **known,
        cut=rest,
    )
