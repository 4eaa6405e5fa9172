"""The catalogue as JSON: products, their pictures, categories and brands."""

from typing import Any

from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.generics import get_object_or_404
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import DjangoModelPermissionsOrAnonReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import files
from catalog.api_fields import FIELDS, Named, OptionallyNamed, Price
from catalog.images import ImageRefused, clean
from catalog.listing import ProductFilter
from catalog.models import Brand, Category, Product, ProductImage, ProductQuerySet
from catalog.tree import CategoryTree

# Slugs are ASCII: an address with anything else, NUL bytes among it, is answered 404 without a query.
SLUG = "[-a-zA-Z0-9_]+"


class Conflict(APIException):
    """What is to be stored is there already."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class PictureRefused(APIException):
    """`ImageRefused` as an answer: its sentence, its code, and 413 for too many bytes, else 422."""

    def __init__(self, refused: ImageRefused):
        super().__init__({"code": refused.code, "detail": " ".join(refused.messages)})
        too_large = refused.code == "bytes"
        self.status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE if too_large else 422


class Problem(serializers.Serializer):
    """Why a request was refused."""

    detail = serializers.CharField()
    code = serializers.CharField(required=False)


class MayChangePictures(DjangoModelPermissionsOrAnonReadOnly):
    """Adding and taking pictures is a permission of its own, whoever may add products."""

    perms_map = {"POST": ["catalog.add_productimage"], "DELETE": ["catalog.delete_productimage"]}


class Pages(PageNumberPagination):
    page_size = 24
    page_size_query_param = "page_size"
    max_page_size = 100

    def get_page_size(self, request: Request) -> int | None:
        """As asked for, at most `max_page_size`. Raises ValidationError for what is no size."""
        if (asked := request.query_params.get("page_size")) is not None:
            try:
                serializers.IntegerField(min_value=1).run_validation(asked)
            except serializers.ValidationError as error:
                raise serializers.ValidationError({"page_size": error.detail}) from error
        return super().get_page_size(request)

    def get_page_number(self, request: Request, paginator: Paginator) -> int | str:
        """As asked for. An empty number is no page, as are all that do not exist."""
        asked = request.query_params.get("page", "1")
        return super().get_page_number(request, paginator) if asked else asked

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        found = super().get_schema_operation_parameters(view)
        for parameter in found:
            parameter["schema"] |= {"minimum": 1}
        return found


class CategorySerializer(serializers.ModelSerializer):
    parent: "serializers.SlugRelatedField[Category]" = serializers.SlugRelatedField(  # type: ignore[assignment]
        slug_field="slug", read_only=True, allow_null=True
    )

    class Meta:
        model = Category
        fields = ["slug", "name", "parent", "position"]


class BrandSerializer(serializers.ModelSerializer):
    class Meta:
        model = Brand
        fields = ["slug", "name"]


class ImageSerializer(serializers.ModelSerializer):
    url = serializers.ImageField(source="picture", read_only=True)

    class Meta:
        model = ProductImage
        fields = ["id", "url", "width", "height", "alt", "position"]
        read_only_fields = ["width", "height"]


class NewImageSerializer(serializers.ModelSerializer):
    """An upload. The picture passes the door in the view, whose refusals are no field errors."""

    picture = serializers.FileField(write_only=True, allow_empty_file=True)

    class Meta:
        model = ProductImage
        fields = ["picture", "alt", "position"]


class SummarySerializer(serializers.ModelSerializer):
    """What a product card shows."""

    url = serializers.SerializerMethodField()
    category: "serializers.SlugRelatedField[Category]" = serializers.SlugRelatedField(
        slug_field="slug", read_only=True
    )
    brand: "serializers.SlugRelatedField[Brand]" = serializers.SlugRelatedField(
        slug_field="name", read_only=True, allow_null=True
    )
    picture = ImageSerializer(source="cover", read_only=True, allow_null=True)

    class Meta:
        model = Product
        fields = [
            "sku", "slug", "url", "name", "category", "brand", "price", "currency", "in_stock", "picture",
        ]  # fmt: skip

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, product: Product) -> str:
        return self.context["request"].build_absolute_uri(product.get_absolute_url())


class ProductSerializer(serializers.ModelSerializer):
    """A product as it is read and written; pictures are sent to an address of their own."""

    serializer_field_mapping = FIELDS
    url = serializers.SerializerMethodField()
    category = Named(slug_field="slug", queryset=Category.objects.all(), help_text=_("The category's slug."))
    category_path = serializers.SerializerMethodField(help_text=_("Names from the root to the category."))
    brand = OptionallyNamed(
        slug_field="name",
        queryset=Brand.objects.all(),
        help_text=_("The brand's name."),
        required=False,
        allow_null=True,
    )
    price = Price(required=False)
    images = ImageSerializer(many=True, read_only=True)

    class Meta:
        model = Product
        fields = [
            "sku", "slug", "url", "name", "description", "category", "category_path", "brand", "base_colour",
            "gender", "season", "usage", "price", "currency", "stock", "is_active", "images", "created_at",
            "updated_at",
        ]  # fmt: skip
        read_only_fields = ["slug"]

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, product: Product) -> str:
        return self.context["request"].build_absolute_uri(product.get_absolute_url())

    def get_category_path(self, product: Product) -> list[str]:
        tree: CategoryTree = self.context["tree"]
        return [category.name for category in tree.path(product.category)]


class CategoryViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The category tree, each node with its parent."""

    queryset = Category.objects.select_related("parent").order_by("position", "name")
    serializer_class = CategorySerializer
    pagination_class = None
    filter_backends = ()


class BrandViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """All brands by name."""

    queryset = Brand.objects.all()
    serializer_class = BrandSerializer
    pagination_class = Pages
    filter_backends = ()


class ProductViewSet(viewsets.ModelViewSet):
    """Products. Everybody reads what is active; who may see products in the admin reads all of them."""

    queryset = Product.objects.for_cards()
    serializer_class = ProductSerializer
    filterset_class = ProductFilter
    parser_classes = [JSONParser]
    pagination_class = Pages
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self) -> ProductQuerySet:
        products = Product.objects.for_cards()
        return products if self.request.user.has_perm("catalog.view_product") else products.visible()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "tree": CategoryTree()}

    def perform_create(self, serializer: Any) -> None:
        self._save(serializer)

    def perform_update(self, serializer: Any) -> None:
        self._save(serializer)

    def _save(self, serializer: Any) -> None:
        try:
            with transaction.atomic():
                serializer.save()
        except IntegrityError as error:  # a race for the SKU, or two SKUs that make the same address
            raise Conflict(_("There is a product with this SKU, or one written alike.")) from error

    @extend_schema(
        request={"multipart/form-data": NewImageSerializer},
        responses={
            201: ImageSerializer,
            409: OpenApiResponse(Problem, _("The product has this picture already.")),
            413: OpenApiResponse(Problem, _("The file has too many bytes.")),
            422: OpenApiResponse(Problem, _("The file is not a picture that is accepted.")),
        },
    )
    @action(
        detail=True,
        methods=["post"],
        parser_classes=[MultiPartParser],
        permission_classes=[MayChangePictures],
    )
    def images(self, request: Request, slug: str) -> Response:
        """Add a picture to the product."""
        product = self.get_object()
        new = NewImageSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        try:
            picture = clean(new.validated_data.pop("picture"))
            image = ProductImage(product=product, **new.validated_data)
            with transaction.atomic():
                files.hold()
                image.put(picture)
                image.save()
        except ImageRefused as refused:
            raise PictureRefused(refused) from refused
        except IntegrityError as error:
            raise Conflict(_("The product has this picture already.")) from error
        answer = ImageSerializer(image, context=self.get_serializer_context())
        return Response(answer.data, status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[
            OpenApiParameter("image", int, OpenApiParameter.PATH, description=_("The picture's id."))
        ],
        responses={204: None},
    )
    @action(
        ["delete"],
        detail=True,
        url_path=r"images/(?P<image>\d{1,18})",
        permission_classes=[MayChangePictures],
    )
    def image(self, request: Request, slug: str, image: str) -> Response:
        """Take a picture from the product."""
        get_object_or_404(self.get_object().images, pk=image).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
