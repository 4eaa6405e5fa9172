"""Where products go: the categories and brands there are, found by name or made once."""

import hashlib
from collections.abc import Iterable

from django.db.models import Q
from django.utils.text import slugify

from catalog.models import Brand, Category


class Categories:
    """The whole tree, in one query: some two hundred nodes, found by their path of names."""

    def __init__(self) -> None:
        self._by_id = {category.pk: category for category in Category.objects.all()}
        self._by_name = {(c.parent_id, c.name.casefold()): c for c in self._by_id.values()}
        self._slugs = {category.slug for category in self._by_id.values()}

    def find(self, path: tuple[str, ...]) -> Category | None:
        """The category at this path, None when it has yet to be made."""
        category = None
        for name in path:
            category = self._by_name.get((category and category.pk, name.casefold()))
            if category is None:
                return None
        return category

    def make(self, path: tuple[str, ...]) -> Category:
        """The category at this path; whatever of it is missing is made."""
        category: Category | None = None
        for name in path:
            found = self._by_name.get((category and category.pk, name.casefold()))
            if found is None:
                found = Category.objects.create(parent=category, name=name, slug=self._slug(name, category))
                self._by_id[found.pk] = self._by_name[found.parent_id, name.casefold()] = found
            category = found
        assert category is not None, "a path has at least one name"  # noqa: S101
        return category

    def path(self, category_id: int) -> str:
        """The names from the top, as people read them."""
        names, category = [], self._by_id.get(category_id)
        while category is not None:
            names.append(category.name)
            category = self._by_id.get(category.parent_id)
        return path_text(reversed(names))

    def _slug(self, name: str, parent: Category | None) -> str:
        """The name's own slug, with the parent's before it where that is taken, else with a number."""
        slug = slugify(name) or "category"
        if slug in self._slugs and parent is not None:
            slug = f"{parent.slug[:100]}-{slug}"[:130]
        base, number = slug, 2
        while slug in self._slugs:
            slug, number = f"{base}-{number}", number + 1
        self._slugs.add(slug)
        return slug


class Brands:
    """The brands of these names. Those that differ in letter case or punctuation only are the same."""

    def __init__(self, names: Iterable[str]) -> None:
        names = {name for name in names if name}
        found = Brand.objects.filter(Q(name__in=names) | Q(slug__in={brand_slug(name) for name in names}))
        self._known = {key: brand for brand in found for key in (brand.slug, brand_slug(brand.name))}

    def find(self, name: str) -> Brand | None:
        """The brand of this name, None when it has yet to be made."""
        return self._known.get(brand_slug(name))

    def make(self, names: Iterable[str]) -> None:
        """Make those that are missing, in one query."""
        missing = {brand_slug(name): name for name in names if name and not self.find(name)}
        if missing:
            made = Brand.objects.bulk_create(Brand(name=name, slug=slug) for slug, name in missing.items())
            self._known |= {brand.slug: brand for brand in made}


def brand_slug(name: str) -> str:
    """The slug by which a brand is known; a name without Latin letters gets one of its hash."""
    return slugify(name)[:120] or f"brand-{hashlib.sha256(name.casefold().encode()).hexdigest()[:12]}"


def path_text(names: Iterable[str]) -> str:
    return " > ".join(names)
