"""What a listing shows: text search, filters, facets with their counts, sorting, pages.

The state of a listing is its address. Parameters that mean nothing are ignored, so that an old or garbled
link still opens a page.
"""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.postgres.search import SearchRank
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, Min
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from catalog.attribute_names import named
from catalog.models import KNOWN_PRICE, Brand, Category, Product, ProductQuerySet
from catalog.tree import CategoryTree
from catalog.words import text_query

PAGE_SIZE = 24
# More values of one facet than a person ever ticks; keeps a hostile address from becoming a long query.
VALUES_MAX = 40
VALUE_LENGTH_MAX = 200
# A brand facet of a large shop has thousands of values; those beyond the first hundred are found by search.
CHOICES_MAX = 100

RELEVANCE, NEWEST = "relevance", "newest"
SORTS = {
    RELEVANCE: pgettext_lazy("sort", "Best match"),
    NEWEST: pgettext_lazy("sort", "Newest"),
    "price-up": pgettext_lazy("sort", "Price: low to high"),
    "price-down": pgettext_lazy("sort", "Price: high to low"),
    "name": pgettext_lazy("sort", "Name"),
}
# What has no price yet comes last, whichever way prices are sorted.
ORDERINGS: dict[str, list[Any]] = {
    NEWEST: ["-created_at", "-id"],
    "price-up": [KNOWN_PRICE, "id"],
    "price-down": ["-price", "-id"],
    "name": ["name", "id"],
}

FACETS = {
    "category": gettext_lazy("Category"),
    "brand": gettext_lazy("Brand"),
    "colour": gettext_lazy("Colour"),
    "gender": gettext_lazy("For whom"),
    "season": gettext_lazy("Season"),
    "usage": gettext_lazy("Occasion"),
}


class AnyValues(forms.MultipleChoiceField):
    """Values of a facet. One that no product has is not wrong, it only finds nothing."""

    def to_python(self, value: Any) -> list[str]:
        values = dict.fromkeys(text for text in super().to_python(value) if text)
        return [text for text in values if "\0" not in text and len(text) <= VALUE_LENGTH_MAX][:VALUES_MAX]

    def valid_value(self, value: Any) -> bool:
        return True


class FacetFilter(filters.MultipleChoiceFilter):
    """Products with any of the values."""

    field_class = AnyValues

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, distinct=False, **kwargs)


class TruthField(forms.Field):
    """True or false as addresses have them. Anything else is an error; Django would take it for neither."""

    values = {"": None, "true": True, "1": True, "false": False, "0": False}

    def to_python(self, value: Any) -> bool | None:
        text = str(value or "").lower()
        if text not in self.values:
            message = forms.ChoiceField.default_error_messages["invalid_choice"]
            raise forms.ValidationError(message, code="invalid_choice", params={"value": value})
        return self.values[text]


# As the API's description has it; empty is none.
TRUTH = {"type": "string", "pattern": r"^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[01])?$"}


@extend_schema_field(TRUTH)
class TruthFilter(filters.BooleanFilter):
    field_class = TruthField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.TextInput, **kwargs)


class PriceField(forms.DecimalField):
    """A price as people type it, with a point or a comma."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


# Words as the API's description has them.
WORDS = {"type": "string", "maxLength": 200, "pattern": r"^[^\x00]*$"}
# A price in an address, as the API's description has it; empty is none.
PRICE = {"type": "string", "pattern": r"^([0-9]{1,8}([.,][0-9]{1,2})?)?$"}


@extend_schema_field(PRICE)
class PriceFilter(filters.NumberFilter):
    """Products with such a price; what has none yet passes no bound, not even "up to"."""

    field_class = PriceField

    def filter(self, products: Any, value: Any) -> Any:
        return super().filter(products, value).filter(price__gt=0)


def price_filter(lookup: str, label: Any) -> PriceFilter:
    return PriceFilter(
        "price", lookup, label=label, min_value=0, max_digits=10, decimal_places=2, localize=False
    )


class ProductFilter(filters.FilterSet):
    """The filters of pages and API: any value within a facet, all facets together."""

    q = filters.CharFilter(method="search", max_length=200, label=gettext_lazy("Words"))
    category = FacetFilter(method="in_categories", label=FACETS["category"])
    brand = FacetFilter("brand__slug", label=FACETS["brand"])
    colour = FacetFilter("base_colour", label=FACETS["colour"])
    gender = FacetFilter("gender", label=FACETS["gender"])
    season = FacetFilter("season", label=FACETS["season"])
    usage = FacetFilter("usage", label=FACETS["usage"])
    price_min = price_filter("gte", gettext_lazy("Price from"))
    price_max = price_filter("lte", gettext_lazy("Price to"))
    in_stock = TruthFilter(method="stocked", label=gettext_lazy("In stock"))
    sort = filters.ChoiceFilter(
        method="ordered", choices=list(SORTS.items()), label=gettext_lazy("Sorted by")
    )

    class Meta:
        model = Product
        fields: list[str] = []

    @cached_property
    def tree(self) -> CategoryTree:
        """Read by whoever filters by category; a page that has read it already may set it."""
        return CategoryTree()

    @cached_property
    def values(self) -> dict[str, Any]:
        """The parameters that mean something, as Python values."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}

    @property
    def sorting(self) -> str:
        """Best match where words are searched, unless something else was asked for."""
        chosen = self.values.get("sort", RELEVANCE)
        return NEWEST if chosen == RELEVANCE and "q" not in self.values else chosen

    def filter_queryset(self, queryset: Any) -> Any:
        found = self.matching()
        return self.ordered(found, "sort", self.sorting)

    def matching(self, *without: str) -> ProductQuerySet:
        """The products that pass all filters but those named; in no order."""
        products = self.queryset.order_by()
        for name, value in self.values.items():
            if name not in without and name != "sort":
                products = self.filters[name].filter(products, value)
        return products

    @extend_schema_field(WORDS)
    def search(self, products: ProductQuerySet, name: str, words: str) -> ProductQuerySet:
        return products.filter(search_vector=text_query(words))

    def in_categories(self, products: ProductQuerySet, name: str, slugs: list[str]) -> ProductQuerySet:
        """Those in the categories, or anywhere below them."""
        categories = filter(None, map(self.tree.find, slugs))
        return products.filter(category_id__in=self.tree.within(categories))

    def stocked(self, products: ProductQuerySet, name: str, wanted: bool) -> ProductQuerySet:
        return products.filter(stock__gt=0) if wanted else products.filter(stock=0)

    # A form that is sent as it is has empty fields: they are as good as none.
    @extend_schema_field({"type": "string", "enum": ["", *SORTS]})
    def ordered(self, products: ProductQuerySet, name: str, sort: str) -> ProductQuerySet:
        if sort == RELEVANCE and "q" in self.values:
            rank = SearchRank(F("search_vector"), text_query(self.values["q"]))
            return products.order_by(rank.desc(), "-created_at", "-id")
        return products.order_by(*ORDERINGS.get(sort, ORDERINGS[NEWEST]))


@dataclass(frozen=True)
class Choice:
    """A value of a facet, and how many products have it while the other facets stay as they are."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    choices: list[Choice]

    SHOWN = 7

    @property
    def first(self) -> list[Choice]:
        """Those shown at once: the most frequent, and all chosen ones."""
        return [choice for place, choice in enumerate(self.choices) if place < self.SHOWN or choice.chosen]

    @property
    def rest(self) -> list[Choice]:
        return [choice for choice in self.choices[self.SHOWN :] if not choice.chosen]


@dataclass(frozen=True)
class Chip:
    """An applied filter, and the parameters of the listing without it."""

    label: str
    without: QueryDict


@dataclass(frozen=True)
class Branch:
    """A category below the one that is shown."""

    category: Category
    count: int


class Listing:
    """One listing: the products of `category` and below, or of the whole shop, filtered by `parameters`."""

    def __init__(self, parameters: QueryDict, category: Category | None, tree: CategoryTree):
        self.category, self.tree = category, tree
        products = Product.objects.visible()
        if category:
            products = products.filter(category_id__in=tree.within([category]))
        self.filter = ProductFilter(parameters, queryset=products)
        self.filter.tree = tree
        self.query = self._clean(parameters)

    def _clean(self, parameters: QueryDict) -> QueryDict:
        """The parameters that mean something, in a fixed order: one listing has one address."""
        query = QueryDict(mutable=True)
        for name, value in self.filter.values.items():
            if name == "sort" and value == (RELEVANCE if "q" in self.filter.values else NEWEST):
                continue
            query.setlist(name, value if isinstance(value, list) else [str(parameters[name]).strip()])
        return query

    def address(self, path: str) -> str:
        """The one address of this listing, whose page has `path`."""
        return f"{path}?{self.query.urlencode()}".removesuffix("?")

    @property
    def kept(self) -> QueryDict:
        """The parameters that go along into a narrower category."""
        return self._without("category")

    @property
    def words(self) -> str:
        """The text that is searched for."""
        return self.filter.values.get("q", "")

    @property
    def sorting(self) -> str:
        return self.filter.sorting

    @property
    def sorts(self) -> dict[str, Any]:
        """The ways of sorting that make sense here."""
        return {name: label for name, label in SORTS.items() if name != RELEVANCE or self.words}

    @cached_property
    def paginator(self) -> "Paginator[Product]":
        return Paginator(self.filter.qs.for_cards(), PAGE_SIZE)

    @property
    def total(self) -> int:
        return self.paginator.count

    def page(self, number: Any) -> "Page[Product]":
        """That page; the first when `number` is none. Raises `EmptyPage` when there is no such page."""
        text = str(number)
        return self.paginator.page(int(text) if re.fullmatch(r"-?\d{1,9}", text, re.ASCII) else 1)

    @cached_property
    def facets(self) -> list[Facet]:
        """The facets that leave something to choose."""
        facets = [self.facet(name) for name in FACETS]
        return [facet for facet in facets if len(facet.choices) > 1 or any(c.chosen for c in facet.choices)]

    def facet(self, name: str) -> Facet:
        """That facet's values: the most frequent first, and any that was chosen."""
        chosen = self.filter.values.get(name, [])
        counted = [row for row in self._counts(name) if row[0]]
        missing = set(chosen) - {value for value, _label, _count in counted}
        counted += [(value, self._label(name, value), 0) for value in sorted(missing)]
        counted.sort(key=lambda row: (-row[2], row[1]))
        choices = [Choice(value, label, count, value in chosen) for value, label, count in counted]
        kept = [choice for place, choice in enumerate(choices) if place < CHOICES_MAX or choice.chosen]
        return Facet(name, str(FACETS[name]), kept)

    def _counts(self, name: str) -> list[tuple[str, str, int]]:
        """(value, label, count) of a facet, from an index alone where that has all that is filtered by.

        `Count("pk")` would ask for a column that the index lacks, and so for every product's whole row.
        """
        if name == "category":
            categories = [(self.tree.get(pk), count) for pk, count in self._by_category.items()]
            return [(category.slug, named(category.name), count) for category, count in categories]
        products = self.filter.matching(name)
        if name == "brand":
            counts = dict(products.values_list("brand_id").annotate(count=Count("*")))
            brands = Brand.objects.values_list("pk", "slug", "name")
            return [(slug, label, counts[pk]) for pk, slug, label in brands if pk in counts]
        column = self.filter.filters[name].field_name
        counted = products.values_list(column).annotate(count=Count("*"))
        return [(value, named(value), count) for value, count in counted]

    def _label(self, name: str, value: str) -> str:
        """How a chosen value without products is called."""
        category = self.tree.find(value) if name == "category" else None
        return named(category.name if category else value)

    @cached_property
    def _by_category(self) -> dict[int, int]:
        counts = self.filter.matching("category").values_list("category_id").annotate(count=Count("*"))
        return dict(counts)

    @cached_property
    def branches(self) -> list[Branch]:
        """The categories right below that have products, with their counts."""
        totals = self.tree.totals(self._by_category)
        children = self.tree.children(self.category)
        return [Branch(child, totals[child.pk]) for child in children if totals.get(child.pk)]

    @cached_property
    def prices(self) -> dict[str, Any]:
        """`low` and `high` of what the other filters leave; None when nothing of it has a price."""
        priced = self.filter.matching("price_min", "price_max").filter(price__gt=0)
        return priced.aggregate(low=Min("price"), high=Max("price"))

    @cached_property
    def stocked(self) -> int:
        """How many of the products are in stock."""
        return self.filter.matching("in_stock").filter(stock__gt=0).count()

    @cached_property
    def chips(self) -> list[Chip]:
        """The applied filters, one chip for each value."""
        values, chips = self.filter.values, []
        if self.words:
            chips.append(Chip(_("“%(words)s”") % {"words": self.words}, self._without("q")))
        for facet in self.facets:
            chosen = [choice for choice in facet.choices if choice.chosen]
            chips += [Chip(choice.label, self._without(facet.name, choice.value)) for choice in chosen]
        for name, label in (("price_min", _("from %(price)s")), ("price_max", _("up to %(price)s"))):
            if name in values:
                chips.append(Chip(label % {"price": values[name]}, self._without(name)))
        if "in_stock" in values:
            label = _("in stock") if values["in_stock"] else _("sold out")
            chips.append(Chip(label, self._without("in_stock")))
        return chips

    def _without(self, name: str, value: str | None = None) -> QueryDict:
        query = self.query.copy()
        left = [other for other in query.getlist(name) if value is not None and other != value]
        query.setlist(name, left)
        if not left:
            del query[name]
        return query
