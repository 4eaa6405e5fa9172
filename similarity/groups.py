"""Which group a product belongs to: top, bottom, footwear …; a table over the category tree.

A category without a row belongs where the next one above it belongs. New categories get a row by their
name, as the demo and the field's public data sets write it; people change the rows in the admin.
"""

from collections.abc import Mapping, Sequence

from catalog.models import Category
from similarity.models import CategoryGroup, Group

# Names in lower case. What is not worn in sight, or not worn, goes with nothing.
DEFAULTS = {
    Group.TOP: ["topwear", "outerwear"],
    Group.BOTTOM: ["bottomwear"],
    Group.DRESS: ["dress", "dresses", "saree", "apparel set", "lehenga choli", "rompers"],
    Group.FOOTWEAR: ["footwear"],
    Group.BAG: ["bags"],
    Group.WATCH: ["watches"],
    Group.ACCESSORY: ["accessories", "belts", "dupatta", "suspenders", "ties", "scarves"],
    Group.NONE: [
        "innerwear", "loungewear and nightwear", "socks", "stockings", "tights", "swimwear", "tracksuits",
        "free items", "free gifts", "personal care", "home", "sporting goods", "sports equipment", "perfumes",
        "shoe accessories", "water bottle", "umbrellas", "key chain", "travel accessory", "mobile pouch",
        "tablet sleeve", "trolley bag", "waist pouch", "accessory gift set", "cushion covers",
    ],
}  # fmt: skip
BY_NAME = {name: group for group, names in DEFAULTS.items() for name in names}


def assign(category: Category) -> None:
    """Give a new category the group of its name, if the name is known."""
    if group := BY_NAME.get(category.name.casefold()):
        CategoryGroup.objects.get_or_create(category=category, defaults={"group": group})


def at(path: Sequence[Category]) -> Group:
    """The group of the last category of a path that leads to it from the root, in one query."""
    of_path = CategoryGroup.objects.filter(category__in=path).order_by()  # by name would join categories
    rows = dict(of_path.values_list("category_id", "group"))
    return _nearest(path[-1].pk, rows, {step.pk: step.parent_id for step in path})


def _nearest(category: int | None, rows: Mapping[int, str], parents: Mapping[int, int | None]) -> Group:
    """The group of the category, or else of the next one above it that has a row."""
    while category is not None and category not in rows:
        category = parents[category]
    return Group.NONE if category is None else Group(rows[category])


class Groups:
    """The table as it is now, and which categories each of its rows speaks for: read in two queries."""

    def __init__(self) -> None:
        rows = dict(CategoryGroup.objects.order_by().values_list("category_id", "group"))
        # Bare keys: a page that makes every category an object for this takes some milliseconds longer.
        parents = dict(Category.objects.without_tree_fields().order_by().values_list("pk", "parent_id"))
        self._members: dict[Group, list[int]] = {}
        self._of: dict[int, Group] = {}
        for category in parents:
            group = self._of[category] = _nearest(category, rows, parents)
            self._members.setdefault(group, []).append(category)

    def of(self, category_id: int) -> Group:
        return self._of.get(category_id, Group.NONE)

    def categories(self, group: Group) -> list[int]:
        """Keys of the categories that belong to `group`."""
        return self._members.get(group, [])
