"""The category tree in memory: some hundred nodes, read in one query, asked many times per page."""

from collections.abc import Iterable, Mapping

from catalog.models import Category


class CategoryTree:
    """All categories as they are now."""

    def __init__(self) -> None:
        categories = Category.objects.without_tree_fields()
        self._nodes = {category.pk: category for category in categories}
        self._children: dict[int | None, list[Category]] = {}
        for category in self._nodes.values():
            self._children.setdefault(category.parent_id, []).append(category)

    def find(self, slug: str) -> Category | None:
        return next((category for category in self._nodes.values() if category.slug == slug), None)

    def get(self, pk: int) -> Category:
        return self._nodes[pk]

    def children(self, category: Category | None) -> list[Category]:
        """The categories right below; of None the roots."""
        return self._children.get(category.pk if category else None, [])

    def path(self, category: Category) -> list[Category]:
        """From the root to `category`, itself included."""
        path = [category]
        while parent := self._nodes.get(path[0].parent_id):
            path.insert(0, parent)
        return path

    def within(self, categories: Iterable[Category]) -> set[int]:
        """Keys of `categories` and of everything below them."""
        found: set[int] = set()
        waiting = [category.pk for category in categories]
        while waiting:
            pk = waiting.pop()
            found.add(pk)
            waiting += [child.pk for child in self._children.get(pk, [])]
        return found

    def totals(self, counts: Mapping[int, int]) -> dict[int, int]:
        """`counts` of products by category, added up along the branches."""
        totals: dict[int, int] = {}
        for pk, count in counts.items():
            for category in self.path(self._nodes[pk]):
                totals[category.pk] = totals.get(category.pk, 0) + count
        return totals
