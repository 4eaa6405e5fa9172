"""What the API's description says of every operation alike: how it refuses."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS, DjangoModelPermissionsOrAnonReadOnly

PROBLEM = {"$ref": "#/components/schemas/Problem"}
FIELDS = {"type": "object", "additionalProperties": {}}


class Description(AutoSchema):
    """Says, too, that what everybody may read needs no token."""

    def get_auth(self) -> list[Any]:
        found = super().get_auth()
        is_public = any(
            isinstance(permission, DjangoModelPermissionsOrAnonReadOnly)
            for permission in self.view.get_permissions()
        )
        return [*found, {}] if is_public and self.method in SAFE_METHODS else found


def add_refusals(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Add to each operation the answers that REST framework and the shop give before its view is asked."""
    for path, operations in result["paths"].items():
        for operation in operations.values():
            for status, (text, schema) in refusals(path, operation).items():
                content = {"application/json": {"schema": schema}}
                operation["responses"].setdefault(status, {"description": str(text), "content": content})
    return result


def refusals(path: str, operation: dict[str, Any]) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Why this operation may be refused, by status: the words, and what the body looks like."""
    found: dict[str, tuple[Any, dict[str, Any]]] = {
        "406": (_("Only JSON is answered."), PROBLEM),
        "503": (_("The database cannot be reached; see Retry-After."), PROBLEM),
    }
    security = operation.get("security", [])
    has_body = "requestBody" in operation
    if has_body or any(parameter["in"] == "query" for parameter in operation.get("parameters", [])):
        found["400"] = (_("What is wrong, by field."), FIELDS)
    if has_body:
        found["415"] = (_("The body is of another content type."), PROBLEM)
    if any(security):
        found["401"] = (_("The token is missing, unknown, expired or revoked."), PROBLEM)
    if security and {} not in security:
        found["403"] = (_("The token may only read, or its user may not do this."), PROBLEM)
        if has_body:
            found["409"] = (_("It is there already, or somebody else changes it just now."), PROBLEM)
    if "{" in path or any(parameter["name"] == "page" for parameter in operation.get("parameters", [])):
        found["404"] = (_("There is no such thing."), PROBLEM)
    return found
