"""Going round the catalogue a part at a time: what has to be looked at again and again takes a bounded time.

The newest pictures belong to every part, because most often it is they that something was not done for yet.
"""

from dataclasses import dataclass

from django.core.cache import cache

from catalog.models import ProductImage

# Pictures that one turn looks at, in some 0.2 s; a shop of fewer is looked at as a whole each time.
PICTURES = 20_000


@dataclass(frozen=True)
class Part:
    """Keys of the pictures whose turn it is, and whether a round begins or ends with them."""

    images: list[int]
    begins: bool
    end: int
    round_key: str

    @property
    def ends(self) -> bool:
        return self.end == 0

    def done(self) -> None:
        """The next turn goes on behind this part. Without the cache the round begins again."""
        cache.set(self.round_key, self.end, None)


def next_part(round_key: str, pictures_max: int | None = None) -> Part:
    """The part at which the round named `round_key` has come: 25 minutes for a million, a turn every 30 s."""
    size = pictures_max or PICTURES
    after = cache.get(round_key, 0)
    pictures = ProductImage.objects.order_by("pk").values_list("pk", flat=True)
    part = list(pictures.filter(pk__gt=after)[:size])
    newest = pictures.reverse()[: size // 4]
    end = part[-1] if len(part) == size else 0
    return Part(sorted({*part, *newest}), begins=not after, end=end, round_key=round_key)
