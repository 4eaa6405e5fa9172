"""Files of the storage are there whole or not at all, also when the disk is full."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from shop.services.paths import CHECKOUT

# A process that may write no file of more than 4,000 bytes meets what a full disk gives: OSError on the way.
WRITE = """
import resource, signal
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
default_storage.save("products/ab/shirt.jpg", ContentFile(bytes(10_000)))
"""


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_full_disk_leaves_no_part_of_a_file(media):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings", "MEDIA_ROOT": str(media)}
    ended = subprocess.run(
        [sys.executable, "-c", WRITE], cwd=CHECKOUT, env=environment, capture_output=True, text=True
    )
    assert "OSError: [Errno 27]" in ended.stderr
    assert files(media) == []
    default_storage.save("products/ab/shirt.jpg", ContentFile(bytes(10_000)))
    assert (media / "products/ab/shirt.jpg").stat().st_size == 10_000


def test_a_writer_that_fails_leaves_what_was_there(media):
    class Failing(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"the beginning"
            raise RuntimeError("killed")

    default_storage.save("products/ab/shirt.jpg", ContentFile(b"whole"))
    with pytest.raises(RuntimeError):
        default_storage.save("products/ab/coat.jpg", Failing(b""))
    assert files(media) == ["shirt.jpg"]


def test_a_file_has_its_name_only_once_it_is_whole(media):
    seen = []

    class Watched(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"one"
            seen.extend(path.name.endswith(".part") for path in media.rglob("*") if path.is_file())
            yield b"two"

    assert default_storage.save("products/ab/shirt.jpg", Watched(b"")) == "products/ab/shirt.jpg"
    assert seen == [True]
    assert default_storage.open("products/ab/shirt.jpg").read() == b"onetwo"
    assert (media / "products/ab/shirt.jpg").stat().st_mode & 0o777 == 0o644
