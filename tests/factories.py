"""Small things that tests are about: products, their pictures, and files as people bring them."""

import io
import itertools
from typing import Any

import numpy as np
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.text import slugify
from PIL import Image

from catalog.images import clean
from catalog.models import Brand, Category, Product, ProductImage
from similarity.models import Embedding, EmbeddingModel, SearchVector
from similarity.vectors import normalise

_number = itertools.count(1)


def make_category(name: str | None = None, **fields: Any) -> Category:
    name = name or f"Category {next(_number)}"
    fields.setdefault("slug", slugify(name))
    return Category.objects.create(name=name, **fields)


def make_brand(name: str | None = None, **fields: Any) -> Brand:
    name = name or f"Brand {next(_number)}"
    fields.setdefault("slug", slugify(name))
    return Brand.objects.create(name=name, **fields)


def make_product(**fields: Any) -> Product:
    """An active product in stock, in a category of its own unless one is given."""
    number = next(_number)
    fields.setdefault("sku", f"SKU-{number}")
    fields.setdefault("name", f"Product {number}")
    fields.setdefault("stock", 3)
    fields.setdefault("price", "19.90")
    if "category" not in fields:
        fields["category"] = make_category()
    return Product.objects.create(**fields)


def picture_bytes(colour: Any = "navy", size: tuple[int, int] = (60, 80), format: str = "JPEG") -> bytes:
    """A file with a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, format)
    return out.getvalue()


def upload(content: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    """The file as a form receives it."""
    return SimpleUploadedFile(name, picture_bytes() if content is None else content)


def make_image(product: Product, content: bytes | None = None, **fields: Any) -> ProductImage:
    """A picture of `product`, through the one door; its colour is new unless `content` is given."""
    if content is None:
        number = next(_number)
        content = picture_bytes((number * 67 % 256, number * 131 % 256, number * 29 % 256))
    image = ProductImage(product=product, **fields)
    image.put(clean(io.BytesIO(content)))
    image.save()
    return image


def make_embedding(image: ProductImage, *values: float) -> Embedding:
    """Give `image` features that begin with `values`, and the active model's vector of the same direction.

    The vector is made without the model's refinement, so that a test can say which pictures are near.
    """
    model = EmbeddingModel.objects.get(is_active=True)
    features = normalise(np.array([*values, *[0.0] * (2048 - len(values))], np.float32))
    embedding, _ = Embedding.objects.update_or_create(
        image=image,
        backbone=model.backbone,
        defaults={"state": "ready", "checksum": image.checksum, "features": features},
    )
    SearchVector.objects.update_or_create(
        model=model,
        image=image,
        defaults={"product": image.product, "vector": features[: model.dimensions]},
    )
    return embedding


def make_user(group: str | None = None, **fields: Any) -> User:
    """A member of staff, in the group of that name if one is given."""
    fields.setdefault("username", f"user-{next(_number)}")
    fields.setdefault("is_staff", True)
    user = User.objects.create_user(password="a long enough password", **fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user
