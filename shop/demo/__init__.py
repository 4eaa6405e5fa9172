"""`make demo`: the whole shop from one command, and nothing left of it after Ctrl-C.

The real parts with the real settings: PostgreSQL and Valkey (the embedded ones, unless DATABASE_URL and
REDIS_URL name others), the web server, two Celery workers and beat. `python -m shop.demo` starts it.
"""
