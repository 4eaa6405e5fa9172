"""How the API knows who asks: `Authorization: Bearer lk_…`."""

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from shop.models import ApiToken, digest


class TokenAuthentication(BaseAuthentication):
    """The user of a valid token. A token that is unknown, expired or revoked is refused, not ignored."""

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, ApiToken] | None:
        kind, _space, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = ApiToken.objects.valid().select_related("user").filter(sha256=digest(text.strip())).first()
        if token is None:
            raise AuthenticationFailed(_("The token is unknown, expired or revoked."))
        if request.method not in SAFE_METHODS and not token.may_write:
            raise PermissionDenied(_("This token may only read."))
        token.note_use()
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    """Says the same in the OpenAPI description."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API token, made in the admin."}
