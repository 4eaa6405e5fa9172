"""Look at a running demo as visitors do: every product has its five, every sample photo finds its product.

Usage: .venv/bin/python .ci/look_at_demo.py http://127.0.0.1:8000
"""

import json
import sys
import time
import urllib.request
import uuid
from pathlib import Path
from urllib.error import HTTPError

sys.path.insert(0, str(Path(__file__).parent.parent))

from catalog.demo.assortment import products
from catalog.demo.photos import query_photos


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310
        return answer.read()


def ask_with_photo(shop: str, content: bytes) -> list[dict]:
    """The products a photo finds; waits where the shop asks to."""
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\n'
    body = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + content + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    for _ in range(10):
        request = urllib.request.Request(f"{shop}/api/search/photo/", body, headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.loads(answer.read())["results"]
        except HTTPError as error:
            if error.code not in (429, 503):
                raise
            time.sleep(min(int(error.headers.get("Retry-After", 5)), 60))
    raise SystemExit("The photo search did not answer.")


def main(shop: str) -> None:
    short = []
    slugs = {}
    page = f"{shop}/api/products/?page_size=100"
    while page:
        listing = json.loads(get(page))
        slugs |= {product["sku"]: product["slug"] for product in listing["results"]}
        page = listing["next"]
    missing = {product.sku for product in products()} - slugs.keys()
    for slug in slugs.values():
        found = json.loads(get(f"{shop}/api/products/{slug}/similar/"))["results"]
        if len(found) != 5:
            short.append(slug)
    lost = []
    photos = query_photos()
    for photo in photos:
        content = get(f"{shop}/media/samples/{photo.sku}.jpg")
        skus = [result["sku"] for result in ask_with_photo(shop, content)]
        print(
            f"{photo.caption}: {f'place {skus.index(photo.sku) + 1}' if photo.sku in skus else 'not found'}"
        )
        if photo.sku not in skus:
            lost.append(photo.sku)
    print(f"{len(slugs)} products, {len(short)} without five; {len(photos)} photos, {len(lost)} lost")
    if missing or short or lost:
        sys.exit(f"missing: {sorted(missing)[:5]}; without five: {short[:5]}; lost photos: {lost}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
