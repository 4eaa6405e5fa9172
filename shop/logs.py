"""Logs: one event per line on standard error, each with the id of the request that caused it.

The id goes along into Celery, so a request and the work it queued are found by one search. What people
send is never logged: no query strings, which may hold a photo's token, no addresses, no local variables.
"""

from typing import Any

import structlog
from celery.signals import setup_logging
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

FORMATS: tuple[str, ...] = ("line", "json")
LEVELS: tuple[str, ...] = ("INFO", "DEBUG", "WARNING", "ERROR")
# Run for every event, whether it comes from structlog or from Python's own logging.
COMMON: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def settings(format: str, level: str) -> dict[str, Any]:
    """Django's LOGGING for one of `FORMATS`."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    json = structlog.processors.JSONRenderer()
    last = [structlog.processors.format_exc_info, json] if format == "json" else [plain]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structlog": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": COMMON,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structlog"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # The development server would write the query string of each request.
            "django.server": {"handlers": [], "propagate": False},
            # Django's own handlers for these would write every line a second time.
            "django": {"handlers": [], "propagate": True},
            # Celery writes what a task returned, which may be the vector of a photo.
            "celery.app.trace": {"level": "WARNING"},
        },
    }


def configure() -> None:
    """Send structlog's events through Python's logging."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *COMMON,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


@setup_logging.connect
def keep_ours(**kwargs: Any) -> None:
    """Celery sets up logs of its own unless somebody answers this signal."""


class RequestLog(RequestMiddleware):
    """One line per request, with method, path and status."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"
