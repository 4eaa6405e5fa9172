"""Products for the long tests, and somebody who saves them at a steady rate."""

import io
import itertools
import random
import threading
import time

import numpy as np
from django.db import InterfaceError, OperationalError, connection
from PIL import Image

from catalog.images import clean
from catalog.models import Brand, Category, Product, ProductImage

COLOURS = ["Black", "Blue", "Green", "Navy Blue", "Red", "White"]
SORTS = ["Shirts", "Dresses", "Jackets", "Trousers", "Shoes", "Bags"]


def picture(number: int) -> bytes:
    """A picture that no other number has: patches of colour on white, 60 × 80 pixels."""
    chance = np.random.default_rng(number)
    pixels = np.full((80, 60, 3), 255, np.uint8)
    for _ in range(6):
        top, left = chance.integers(0, 60), chance.integers(0, 40)
        pixels[top : top + 30, left : left + 30] = chance.integers(0, 256, 3)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=95)
    return out.getvalue()


def make(number: int) -> ProductImage:
    """A product with one picture, through the door that everybody takes."""
    sort = SORTS[number % len(SORTS)]
    category, _ = Category.objects.get_or_create(slug=sort.lower(), defaults={"name": sort})
    brand, _ = Brand.objects.get_or_create(
        slug=f"brand-{number % 5}", defaults={"name": f"Brand {number % 5}"}
    )
    product = Product.objects.create(
        sku=f"SOAK-{number}-{time.time_ns()}",
        name=f"{COLOURS[number % 6]} {sort} {number}",
        category=category,
        brand=brand,
        base_colour=COLOURS[number % 6],
        price=10 + number % 90,
        stock=number % 4,
    )
    image = ProductImage(product=product)
    image.put(clean(io.BytesIO(picture(number))))
    image.save()
    return image


class Saver(threading.Thread):
    """Saves `per_second` pictures; every fifth replaces one that may be in work just now."""

    def __init__(self, per_second: float):
        super().__init__(daemon=True)
        self.pause_s = 1 / per_second
        self.stopped = threading.Event()
        self.saved = self.replaced = self.without_database = 0
        self.failures: list[str] = []
        self.slowest_s = 0.0

    def run(self) -> None:
        recent: list[int] = []
        for number in itertools.count(1):
            if self.stopped.wait(self.pause_s):
                break
            began = time.monotonic()
            try:
                if number % 5 == 0 and recent:
                    image = ProductImage.objects.get(pk=random.choice(recent[-40:]))  # noqa: S311
                    image.put(clean(io.BytesIO(picture(number))))
                    image.save()
                    self.replaced += 1
                else:
                    recent.append(make(number).pk)
                    self.saved += 1
            except (OperationalError, InterfaceError):  # PostgreSQL itself is away: told to whoever saves
                self.without_database += 1
                connection.close()
            except Exception as error:  # nothing else may fail, least of all for the broker's sake
                self.failures.append(f"{type(error).__name__}: {error}"[:200])
            else:
                self.slowest_s = max(self.slowest_s, time.monotonic() - began)
        connection.close()

    def end(self) -> None:
        self.stopped.set()
        self.join()
