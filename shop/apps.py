from django.apps import AppConfig


class ShopConfig(AppConfig):
    """Loads the Celery application with Django, so that `shared_task`s find their broker everywhere."""

    name = "shop"
    verbose_name = "Shop"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from shop import celery, logs, roles  # noqa: F401

        logs.configure()
        post_migrate.connect(roles.grant, dispatch_uid="shop.roles")
