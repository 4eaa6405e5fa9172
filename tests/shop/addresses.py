"""Every address of the URLconf, by name, with a path that leads to something real."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db.models import Model
from django.urls import URLResolver, get_resolver, reverse

from catalog.models import Brand, ImportJob, Product, ProductImage
from shop.models import ApiToken
from similarity.models import CategoryGroup, Embedding, EmbeddingModel, NearDuplicate, Run, Worker
from tests.factories import make_brand, make_image, make_product, make_user

# Addresses without a name of their own: the admin's old and unknown ones, which only redirect or are 404.
NAMELESS = "admin:-"


def names(resolver: URLResolver | None = None, space: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of all addresses, with their namespaces."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, (*space, pattern.namespace) if pattern.namespace else space)
        else:
            yield ":".join([*space, pattern.name or "-"])


def populate() -> dict[str, Model]:
    """One object of each kind that an address is about, by application and model."""
    product = make_product(brand=make_brand(), slug="shirt")
    image, other = make_image(product), make_image(make_product())
    user = make_user()
    token, _text = ApiToken.objects.issue(user=user, name="Somebody else's")
    Worker.report("embed@host", "embed")
    objects: list[Model] = [
        product, product.category, Brand.objects.get(), image, user, Group.objects.first(), token,
        CategoryGroup.objects.create(category=product.category, group="top"),
        Embedding.objects.first(), EmbeddingModel.objects.get(), Worker.objects.get(),
        Run.objects.create(kind="evaluate"),
        NearDuplicate.objects.create(
            model=EmbeddingModel.objects.get(), one=image, other=other, similarity=1, is_same_file=False
        ),
        ImportJob.objects.create(table=ContentFile(b"id\n1\n", "products.csv")),
    ]  # fmt: skip
    return {thing._meta.label_lower: thing for thing in objects}


def path(name: str, objects: dict[str, Model]) -> str:
    """The address of this name, about these objects."""
    return reverse(name, kwargs=arguments(name, objects))


def arguments(name: str, objects: dict[str, Any]) -> dict[str, Any]:
    product: Product = objects["catalog.product"]
    image: ProductImage = objects["catalog.productimage"]
    special: dict[str, dict[str, Any]] = {
        "catalog:category": {"slug": product.category.slug},
        "catalog:sitemap": {"section": "products"},
        "admin:view_on_site": {
            "content_type_id": ContentType.objects.get_for_model(product).pk,
            "object_id": product.pk,
        },
        "admin:auth_user_password_change": {"id": objects["auth.user"].pk},
        "admin:app_list": {"app_label": "catalog"},
        "api:import": {"pk": objects["catalog.importjob"].pk},
        "admin:similarity_run_start": {"kind": "evaluate"},
        "api:product-image": {"slug": product.slug, "image": image.pk},
        "media": {"name": image.picture.name},
    }
    if name in special:
        return special[name]
    if name.startswith("admin:") and name.count("_") >= 2:
        app, model, action = name.removeprefix("admin:").split("_", 2)
        if f"{app}.{model}" not in objects:
            return {}
        if action in ("history", "delete", "change"):
            return {"object_id": objects[f"{app}.{model}"].pk}
        if action not in ("changelist", "add", "export", "import"):
            return {"pk": objects[f"{app}.{model}"].pk}
        return {}
    if name in (
        "catalog:product",
        "similarity:alike",
        "similarity:goes_well",
        "api:complements",
        "api:similar",
        "api:product-detail",
        "api:product-images",
    ):
        return {"slug": product.slug}
    return {}


def user_of(role: str) -> User | None:
    """Somebody of that role; nobody for `anonymous`."""
    if role == "anonymous":
        return None
    if role == "customer":
        return make_user(is_staff=False)
    return make_user(role)
