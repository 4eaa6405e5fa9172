"""A shopper's photo on its way in: held in memory, never written to disk."""

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class PhotoUploadHandler(FileUploadHandler):
    """Keeps little more than IMAGE_MAX_BYTES of a request, over all its files; the rest is dropped.

    What was dropped is missed by nobody: the door refuses a file of more than IMAGE_MAX_BYTES.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_bytes = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.kept_bytes <= settings.IMAGE_MAX_BYTES:
            self.kept_bytes += self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        size = self.file.tell()
        self.file.seek(0)
        return InMemoryUploadedFile(
            self.file, self.field_name, self.file_name, self.content_type, size, self.charset
        )
