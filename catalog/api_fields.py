"""Fields of the API that take what its description says, and turn nothing else into it."""

from decimal import Decimal
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class Text(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Truth(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return super().to_internal_value(data)


@extend_schema_field(
    {
        "anyOf": [
            {"type": "string", "pattern": r"^[0-9]{1,8}(\.[0-9]{1,2})?$"},
            {"type": "number", "minimum": 0, "maximum": 99_999_999.99},
        ]
    }
)
class Price(serializers.DecimalField):
    """Answered as a text; a number is taken as well."""

    def __init__(self, **options: Any):
        super().__init__(max_digits=10, decimal_places=2, min_value=Decimal(0), **options)


class Named(serializers.SlugRelatedField[Any]):
    """What has this slug or name."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string"})
class OptionallyNamed(Named):
    """An empty text is none, as null is."""


FIELDS = {
    **serializers.ModelSerializer.serializer_field_mapping,
    models.CharField: Text,
    models.TextField: Text,
    models.PositiveIntegerField: Whole,
    models.BooleanField: Truth,
}
