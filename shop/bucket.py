"""Files in a bucket that speaks S3, for shops on several machines (docs/scaling.md)."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class Bucket(S3Storage):
    """The catalogue's pictures. Nobody but the shop reads the bucket, which may stay private.

    Addresses are the shop's own, as with files on a disk: thumbnails are made when they are first asked for
    (`shop.media`), and a cache in front of the shop needs to ask once.
    """

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {"location": "media"}

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))


class PrivateBucket(S3Storage):
    """Uploaded tables and archives, so that a worker on any machine finds them; names are never reused."""

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {"location": "private", "file_overwrite": False}

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        raise ValueError("Uploaded import files have no address.")
