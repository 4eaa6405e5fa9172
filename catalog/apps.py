from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Products and their pictures."""

    name = "catalog"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        from catalog import signals  # noqa: F401
