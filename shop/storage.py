"""Files that are there whole or not at all."""

import os
import secrets
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Files get their name once they are written.

    A file of a picture is named by its checksum and never written again while it exists: one that a full disk
    or a killed process has cut off would stay so for ever.
    """

    def _save(self, name: str, content: Any) -> str:
        part = f"{name}.{secrets.token_hex(8)}.part"
        try:
            super()._save(part, content)  # type: ignore[misc]
            os.replace(self.path(part), self.path(name))  # noqa: PTH105
        except BaseException:
            self.delete(part)
            raise
        return name
