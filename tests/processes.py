"""Loaded before Django's settings (`-p tests.processes`): processes of pytest-xdist share no messages.

pytest-django gives each process a PostgreSQL database of its own; this does the same for broker and cache.
"""

import os

if process := os.environ.get("PYTEST_XDIST_WORKER"):  # gw0, gw1, …
    os.environ["REDIS_DATABASE"] = str(2 * int(process.removeprefix("gw")) + 2)
