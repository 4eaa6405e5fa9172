"""Products as a table, for CSV and XLSX."""

from typing import Any

from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from catalog.imports.formulas import escape
from catalog.models import Brand, Product
from catalog.tree import CategoryTree


class ProductResource(resources.ModelResource):
    """One row for each product, in columns that an import understands."""

    category_top = fields.Field()
    category_middle = fields.Field()
    category = fields.Field()
    brand = fields.Field("brand", "brand", ForeignKeyWidget(Brand, "name"))

    class Meta:
        model = Product
        fields = export_order = (
            "sku", "name", "description", "category_top", "category_middle", "category", "brand",
            "base_colour", "gender", "season", "usage", "price", "currency", "stock", "is_active",
        )  # fmt: skip

    def export_field(self, field: Any, instance: Product, **kwargs: Any) -> Any:
        """A value that a spreadsheet would compute is made text; import-export itself only knows “=”."""
        value = super().export_field(field, instance, **kwargs)
        return escape(value) if isinstance(value, str) else value

    def before_export(self, queryset: Any, **kwargs: Any) -> None:
        self.tree = CategoryTree()

    def dehydrate_category_top(self, product: Product) -> str:
        """The root, unless that is the category itself."""
        path = self.tree.path(self.tree.get(product.category_id))
        return path[0].name if len(path) > 1 else ""

    def dehydrate_category_middle(self, product: Product) -> str:
        path = self.tree.path(self.tree.get(product.category_id))
        return path[1].name if len(path) > 2 else ""

    def dehydrate_category(self, product: Product) -> str:
        return self.tree.get(product.category_id).name
