"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()

# Whatever is loaded by now stays. Python's collector waits until a quarter as many objects are new as it has
# seen, and then goes through all: without these it waits long, and what pages left lies about meanwhile.
get_resolver().check()  # loads every view
gc.collect()
gc.freeze()
