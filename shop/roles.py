"""Who may do what in the admin and with the API: three groups, kept up to date by `migrate`."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

# Of each application: all of its models may be seen (`view`), and these be changed as well.
Permissions = dict[str, tuple[str, ...]]
VIEWER: Permissions = {"catalog": (), "similarity": ()}
MERCHANDISER: Permissions = {
    "catalog": (
        "add_product", "change_product", "delete_product",
        "add_productimage", "change_productimage", "delete_productimage",
        "add_category", "change_category", "add_brand", "change_brand",
        "add_importjob", "change_importjob", "delete_importjob",
    ),
    "similarity": (
        "change_embedding", "add_categorygroup", "change_categorygroup", "delete_categorygroup",
        "add_curation", "change_curation", "delete_curation",
    ),
    "shop": ("add_apitoken", "change_apitoken", "view_apitoken"),
}  # fmt: skip
OPERATOR: Permissions = {
    "catalog": (),
    "similarity": ("change_embedding", "delete_worker", "add_run", "change_run"),
    "shop": (),
}
ROLES = {"viewer": VIEWER, "merchandiser": MERCHANDISER, "operator": OPERATOR}


def grant(app_config: AppConfig, **kwargs: Any) -> None:
    """Give each group its permissions on the models of one application; takes none away."""
    create_permissions(app_config, verbosity=0)  # its own receiver may come after this one
    for name, applications in ROLES.items():
        if app_config.label in applications:
            group, _ = Group.objects.get_or_create(name=name)
            of_app = Permission.objects.filter(content_type__app_label=app_config.label)
            view = of_app.filter(codename__startswith="view_")
            change = of_app.filter(codename__in=applications[app_config.label])
            group.permissions.add(*view, *change)
