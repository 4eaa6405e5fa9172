from django.apps import AppConfig


class ShopConfig(AppConfig):
    """Loads the Celery application with Django, so that `shared_task`s find their broker everywhere."""

    name = "shop"

    def ready(self) -> None:
        from shop import celery  # noqa: F401
