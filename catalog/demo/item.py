"""What is drawn: the kind of thing, its cut, and the cloths it is made of."""

from dataclasses import dataclass
from typing import Any

from .cloth import Cloth


@dataclass(frozen=True)
class Item:
    """A product as the drawing modules see it; hashable and picklable."""

    kind: str
    cut: tuple[tuple[str, Any], ...]
    cloth: Cloth
    trim: Cloth
    seed: int

    def get(self, name: str, default: Any = None) -> Any:
        """Return one option of the cut."""
        return dict(self.cut).get(name, default)
