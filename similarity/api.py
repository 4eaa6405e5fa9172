"""Look-alikes as JSON: of a product, and of a photo."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import CharFilter
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from catalog.api import PictureRefused, Problem, SummarySerializer
from catalog.images import ImageRefused
from catalog.listing import PRICE, WORDS, FacetFilter, PriceFilter, ProductFilter, TruthFilter
from catalog.models import Product
from shop import limits
from similarity import complements, curation, matches, neighbours, photo
from similarity.bands import Band
from similarity.complements import Complement
from similarity.matches import Match
from similarity.metric import COSINE, METRICS, distance
from similarity.models import Group
from similarity.neighbours import STRIP
from similarity.piece import SIDE_MIN, WHOLE, Box
from similarity.upload import PhotoUploadHandler
from similarity.wording import WORDS_MAX

LIMIT_MAX = 24
# The filters of the product list narrow a photo search, too.
TYPES: dict[type, Any] = {PriceFilter: PRICE, TruthFilter: bool, CharFilter: WORDS}
FILTERS = [
    OpenApiParameter(
        name, TYPES.get(type(filter), str), description=filter.label, many=isinstance(filter, FacetFilter)
    )
    for name, filter in ProductFilter.base_filters.items()
    if name != "sort"
]


class Unavailable(APIException):
    """`PhotoUnavailable` as an answer, with Retry-After; its code tells too many photos from no worker."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    wait = photo.PhotoUnavailable.retry_after_s

    def __init__(self, error: photo.PhotoUnavailable):
        detail = f"{error.sentence} {limits.come_again(error.retry_after_s)}"
        super().__init__({"code": error.code, "detail": detail})


class TokenEnded(APIException):
    """The token of a photo search is forged, an hour old, or of a model that no longer answers."""

    status_code = status.HTTP_410_GONE
    default_detail = _("This search has ended. Please send the photo again.")
    default_code = "ended"


class PhotoThrottle(BaseThrottle):
    def allow_request(self, request: Request, view: APIView) -> bool:
        self.seconds = limits.photo().spend(limits.client(request)) if request.method == "POST" else 0
        return not self.seconds

    def wait(self) -> float:
        return self.seconds


class Asked(serializers.Serializer):
    """How many look-alikes, and how far they are measured."""

    limit = serializers.IntegerField(default=STRIP, min_value=1, max_value=LIMIT_MAX)
    metric = serializers.ChoiceField(
        choices=METRICS,
        default=COSINE,
        help_text=_("What `distance` means. All vectors have length 1, so both give the same order."),
    )


class CropField(serializers.CharField):
    """A `Box` as four numbers in one text. Unlike a form's, one that is wrong is refused, not mended."""

    default_error_messages = {
        "box": _(
            "Give left, top, width and height in fractions of the upright photo, such as 0.2,0.1,0.5,0.8;"
            " the box lies inside the photo, and each side is at least {side_min}."
        )
    }

    def to_internal_value(self, data: Any) -> Box:  # type: ignore[override] # read as text, given as a box
        try:
            left, top, width, height = (
                float(number) for number in super().to_internal_value(data).split(",")
            )
        except ValueError:
            self.fail("box", side_min=SIDE_MIN)
        inside = min(left, top) >= 0 and max(left + width, top + height) <= 1 + 1e-6
        if not (inside and min(width, height) >= SIDE_MIN):  # NaN is none of it
            self.fail("box", side_min=SIDE_MIN)
        return Box(left, top, width, height)


class Words(serializers.Serializer):
    words = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=WORDS_MAX,
        help_text=_("What fits them comes first, such as: in red, for women, cheaper."),
    )


class PhotoForm(Words):
    image = serializers.FileField(allow_empty_file=True, help_text=_("JPEG, PNG or WebP."))
    crop = CropField(
        required=False,
        default=WHOLE,  # type: ignore[arg-type]
        help_text=_(
            "The piece of the photo that is meant: left, top, width and height in fractions of the upright"
            " photo, such as 0.2,0.1,0.5,0.8. Without it the whole photo is."
        ),
    )


class AskedByToken(Asked, Words):
    token = serializers.CharField(help_text=_("From the answer to a photo; valid for an hour."))


class LookalikeSerializer(SummarySerializer):
    """A product, and how much it looks like what was asked for."""

    similarity = serializers.FloatField(help_text=_("Cosine, from -1 to 1; 1 is the same picture."))
    distance = serializers.FloatField(help_text=_("In the metric that was asked for."))
    band = serializers.ChoiceField(
        choices=Band.choices,
        allow_null=True,
        help_text=_("As people are told of it; null below the floor, where the shop's pages do not show it."),
    )
    match = serializers.IntegerField(
        allow_null=True,
        help_text=_("Percent of pairs as similar as this that agree in kind and colour; null if not known."),
    )

    class Meta(SummarySerializer.Meta):
        fields = [*SummarySerializer.Meta.fields, "similarity", "distance", "band", "match"]

    def to_representation(self, match: Match) -> dict[str, Any]:
        return {
            **SummarySerializer(match.product, context=self.context).data,
            "similarity": round(min(max(match.similarity, -1.0), 1.0), 4),
            "distance": round(distance(match.similarity, self.context["metric"]), 4),
            "band": match.band and match.band.value,
            "match": match.percent,
        }


class LookalikesSerializer(serializers.Serializer):
    results = LookalikeSerializer(many=True, help_text=_("Nearest first, sold-out ones after the others."))


class PhotoAnswerSerializer(LookalikesSerializer):
    token = serializers.CharField(help_text=_("Asks again about the same photo, for an hour."))


def lookalikes(found: list[Match], request: Request, metric: str) -> list[dict[str, Any]]:
    """What `LookalikeSerializer` says of them."""
    context = {"request": request, "metric": metric}
    return [LookalikeSerializer(match, context=context).data for match in found]


def asked(request: Request, serializer: type[serializers.Serializer]) -> dict[str, Any]:
    """The checked parameters of the address. Raises ValidationError."""
    # A plain dict: of a form's data, an empty text would be taken for one that is not given.
    parameters = serializer(data=request.query_params.dict())
    parameters.is_valid(raise_exception=True)
    return parameters.validated_data


class SimilarView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(parameters=[Asked], responses=LookalikesSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The products that look most like this one; none before its picture is embedded."""
        product = get_object_or_404(Product.objects.visible(), slug=slug)
        wanted = asked(request, Asked)
        found = curation.strip(product, limit=wanted["limit"])
        return Response({"results": lookalikes(found, request, wanted["metric"])})


class ComplementSerializer(SummarySerializer):
    """A product, and what it is worn as."""

    group = serializers.ChoiceField(choices=[each for each in Group.choices if each[0] != Group.NONE])

    class Meta(SummarySerializer.Meta):
        fields = [*SummarySerializer.Meta.fields, "group"]

    def to_representation(self, complement: Complement) -> dict[str, Any]:
        product = SummarySerializer(complement.product, context=self.context).data
        return {**product, "group": complement.group.value}


class ComplementsSerializer(serializers.Serializer):
    results = ComplementSerializer(many=True, help_text=_("At most one of each group."))


class ComplementsView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=ComplementsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What goes well with this product: of each other group one, for the same wearer and occasion."""
        product = get_object_or_404(Product.objects.visible(), slug=slug)
        return Response(
            ComplementsSerializer(
                {"results": complements.of_product(product)}, context={"request": request}
            ).data
        )


class PhotoView(APIView):
    """Public, and without a session: a photo is not searched on anybody's behalf."""

    authentication_classes = ()
    permission_classes = [AllowAny]
    parser_classes = [MultiPartParser]
    throttle_classes = [PhotoThrottle]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        request.upload_handlers = [PhotoUploadHandler(request)]
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(
        parameters=[Asked, *FILTERS],
        request={"multipart/form-data": PhotoForm},
        responses={
            200: PhotoAnswerSerializer,
            413: OpenApiResponse(Problem, _("The file has too many bytes.")),
            415: OpenApiResponse(Problem, _("Not multipart/form-data.")),
            422: OpenApiResponse(Problem, _("The file is not a picture that is accepted.")),
            429: OpenApiResponse(Problem, _("Too many photos of one client; see Retry-After.")),
            503: OpenApiResponse(Problem, _("No answer in time, or too many photos wait; see Retry-After.")),
        },
    )
    def post(self, request: Request) -> Response:
        """The products that look most like a photo, or a piece of it. The photo itself is not kept."""
        form = PhotoForm(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = asked(request, Asked)
        try:
            query = photo.query(form.validated_data["image"], form.validated_data["crop"])
        except ImageRefused as refused:
            raise PictureRefused(refused) from refused
        except photo.PhotoUnavailable as error:
            raise Unavailable(error) from error
        return self.answer(request, query, wanted | {"words": form.validated_data["words"]})

    @extend_schema(
        parameters=[AskedByToken, *FILTERS],
        responses={200: PhotoAnswerSerializer, 410: OpenApiResponse(Problem, _("The token has ended."))},
    )
    def get(self, request: Request) -> Response:
        """The same search again, by the token of its first answer, perhaps among fewer products."""
        wanted = asked(request, AskedByToken)
        query = photo.PhotoQuery.from_token(wanted["token"])
        if query is None:
            raise TokenEnded
        return self.answer(request, query, wanted)

    def answer(self, request: Request, query: photo.PhotoQuery, wanted: dict[str, Any]) -> Response:
        among = ProductFilter(request.query_params, queryset=neighbours.visible())
        if not among.is_valid():
            raise translate_validation(among.errors)
        found = matches.of_photo(query, wanted["words"], limit=wanted["limit"], among=among.matching())
        results = lookalikes(found, request, wanted["metric"])
        return Response({"results": results, "token": query.to_token()})
