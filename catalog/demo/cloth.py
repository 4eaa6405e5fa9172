"""A material in its colours."""

from dataclasses import dataclass, replace

from .palette import Colour


@dataclass(frozen=True)
class Cloth:
    """A material in its colours."""

    colour: Colour
    weave: str = "plain"
    pattern: str = ""
    inks: tuple[Colour, ...] = ()
    scale: float = 1.0  # size of the pattern
    gloss: float = 0.0  # 0 matt, 1 patent leather
    grain: float = 1.0  # size of the weave

    def plain(self, colour: Colour | None = None, weave: str | None = None) -> "Cloth":
        """Return the same cloth without its pattern, perhaps in another colour or weave."""
        return replace(self, pattern="", colour=colour or self.colour, weave=weave or self.weave)
