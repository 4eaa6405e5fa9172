"""Imports as JSON: many products in one request, and how the job stands that fetches their pictures."""

from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import RetrieveAPIView
from rest_framework.permissions import DjangoModelPermissions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api import Conflict
from catalog.imports import bulk, mapping
from catalog.imports.fetch import is_address
from catalog.imports.models import ImportJob
from catalog.imports.problems import ImportRefused, shorten
from catalog.imports.run import Outcome, Policy

PROBLEMS_SHOWN = 500
LISTS = {"category": " > ", "pictures": " | "}


class MayImport(DjangoModelPermissions):
    """Who may import files may import lists. Says nothing about products to those who may not."""

    perms_map = {"GET": ["catalog.view_importjob"], "POST": ["catalog.add_importjob"]}

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method not in self.perms_map:  # answered 405 by the view
            return True
        user = request.user
        return bool(user and user.is_authenticated and user.has_perms(self.perms_map[request.method]))


class ProductObject(serializers.DictField):
    """An object of texts, numbers and truth values, turned into texts as the cells of a table hold them."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("Write an object."))
        if unknown := sorted(data.keys() - mapping.SHOP.keys()):
            message = _("Unknown: %(unknown)s. Known: %(known)s.")
            params = {"unknown": shorten(", ".join(unknown), 200), "known": ", ".join(mapping.SHOP)}
            raise serializers.ValidationError(message % params)
        return {name: self._text(name, value) for name, value in data.items()}

    def _text(self, name: str, value: Any) -> str:
        if isinstance(value, list) and name in LISTS:
            return LISTS[name].join(self._text("", part) for part in value)
        match value:
            case None:
                return ""
            case bool():
                return "yes" if value else "no"
            case str() | int() | float():
                text = str(value)
                if any("\ud800" <= letter <= "\udfff" for letter in text):
                    raise serializers.ValidationError(_("The text has characters that are none."))
                return text
        raise serializers.ValidationError(_("Write a text, a number, true or false."))


class BulkSerializer(serializers.Serializer):
    """The list, and what to do with it. Fields of products are checked one by one, by the importer."""

    policy = serializers.ChoiceField(
        [(policy.value, policy.value) for policy in Policy], default=Policy.REFUSE_ROWS.value
    )
    preview = serializers.BooleanField(default=False, help_text=_("Only say what would happen."))
    products = serializers.ListField(child=ProductObject(), min_length=1, max_length=bulk.MAX_ROWS)

    def validate_products(self, products: list[dict[str, str]]) -> list[dict[str, str]]:
        for row in products:
            if row.get("pictures") and not all(map(is_address, row["pictures"].split(" | "))):
                raise serializers.ValidationError(_("Pictures are addresses that begin with https://."))
        return products


class BulkProductSerializer(serializers.Serializer):
    """A product as the list describes it. What it does not name stays as it is."""

    sku = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=200)
    category = serializers.CharField(
        help_text=_("The path of names: “Apparel > Shirts”. What of it is missing is made.")
    )
    brand = serializers.CharField(max_length=100, required=False)
    description = serializers.CharField(required=False)
    base_colour = serializers.CharField(max_length=50, required=False)
    gender = serializers.CharField(max_length=30, required=False)
    season = serializers.CharField(max_length=30, required=False)
    usage = serializers.CharField(max_length=50, required=False)
    price = serializers.DecimalField(10, 2, required=False)
    currency = serializers.CharField(max_length=3, required=False)
    stock = serializers.IntegerField(min_value=0, required=False)
    is_active = serializers.BooleanField(required=False)
    pictures = serializers.ListField(
        child=serializers.URLField(), required=False, help_text=_("Fetched afterwards, by a worker.")
    )


class BulkRequestSerializer(BulkSerializer):
    """`BulkSerializer` as the API's description shows it."""

    products = serializers.ListField(child=BulkProductSerializer(), min_length=1, max_length=bulk.MAX_ROWS)


class RowProblemSerializer(serializers.Serializer):
    row = serializers.IntegerField()
    column = serializers.CharField()
    value = serializers.CharField()
    reason = serializers.CharField()
    skipped = serializers.BooleanField(help_text=_("The row was left out; else this is a warning."))


class ResultSerializer(serializers.Serializer):
    row = serializers.IntegerField(help_text=_("Counted from 1."))
    sku = serializers.CharField()
    outcome = serializers.ChoiceField([(outcome.value, outcome.value) for outcome in Outcome])
    problems = RowProblemSerializer(many=True)


class BulkAnswerSerializer(serializers.Serializer):
    counts = serializers.DictField(child=serializers.IntegerField(), help_text=_("Rows by outcome."))
    results = ResultSerializer(many=True)
    pictures = serializers.IntegerField(
        source="job.pk",
        allow_null=True,
        help_text=_("The import that fetches the pictures, see /api/imports/."),
    )


class BulkView(APIView):
    permission_classes = [MayImport]

    @extend_schema(
        operation_id="products_bulk",
        request=BulkRequestSerializer,
        responses={
            200: BulkAnswerSerializer,
            422: OpenApiResponse(
                BulkAnswerSerializer, _("Under `refuse_all`: a row is bad, nothing was written.")
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Create and change up to 500 products, found by their SKU; the same list again changes nothing."""
        given = BulkSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rows, policy = given.validated_data["products"], Policy(given.validated_data["policy"])
        is_preview = given.validated_data["preview"]
        try:
            results = bulk.save(rows, policy, is_preview)
        except (ImportRefused, IntegrityError) as error:
            raise Conflict(_("Somebody else changes the same products; try again.")) from error
        job = None if is_preview else bulk.queue_pictures(rows, results, request.user.pk)
        counts = {outcome.value: 0 for outcome in Outcome}
        for result in results:
            counts[result.outcome.value] += 1
        answer = BulkAnswerSerializer({"counts": counts, "results": results, "job": job})
        refused = counts[Outcome.REFUSED.value] and policy == Policy.REFUSE_ALL
        return Response(answer.data, status.HTTP_422_UNPROCESSABLE_ENTITY if refused else status.HTTP_200_OK)


class ImportJobSerializer(serializers.ModelSerializer):
    problems = serializers.SerializerMethodField(
        help_text=_("The first 500, rows that were left out before others.")
    )

    class Meta:
        model = ImportJob
        fields = [
            "id", "state", "reason", "total", "rows", "created", "changed", "unchanged", "skipped", "images",
            "warnings", "created_at", "finished_at", "problems",
        ]  # fmt: skip

    @extend_schema_field(RowProblemSerializer(many=True))
    def get_problems(self, job: ImportJob) -> Any:
        return RowProblemSerializer(
            job.problems.order_by("-skipped", "row", "id")[:PROBLEMS_SHOWN], many=True
        ).data


class ImportView(RetrieveAPIView):
    """How an import stands: counts, and what was wrong with its rows."""

    queryset = ImportJob.objects.defer("differences")
    serializer_class = ImportJobSerializer
    permission_classes = [MayImport]
