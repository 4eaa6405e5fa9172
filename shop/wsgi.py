"""The WSGI application that granian serves."""

import ctypes
import os

from django.core.wsgi import get_wsgi_application

# `mallopt` of glibc: from so many bytes on a block is mapped on its own, and unmapped when it is free.
M_MMAP_THRESHOLD, LARGE = -3, 1 << 20

# Python lays its table of interned strings, 4 MB here, anew every few thousand requests, whichever thread
# then runs. Left alone glibc soon takes such blocks from the threads' arenas and keeps one in each, which
# looks like a leak of 4 MB a step (docs/reliability.md).
if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):  # not every C library has it
    mallopt(M_MMAP_THRESHOLD, LARGE)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
