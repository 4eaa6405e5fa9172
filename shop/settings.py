"""Settings of the shop. What differs between machines comes from the environment (see .env.example)."""

import logging
from pathlib import Path
from typing import Any

from shop import csp, logs, menu, services
from shop.environment import Environment
from shop.services.urls import broker_url, client_url

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(BASE_DIR / ".env")
STATE_DIR = env.path("LOOKALIKE_STATE", BASE_DIR / "var")

# --- Django
DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.secret("SECRET_KEY") or services.secret_key(STATE_DIR)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.import_export",
    "shop",
    "catalog",
    "similarity",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "imagekit",
    "import_export",
    "rest_framework",
    "tree_queries",
]

MIDDLEWARE = [
    "shop.logs.RequestLog",
    "shop.permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "shop.csp.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shop.transfer.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shop.transfer.RevalidationMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shop.outage.OutageMiddleware",
    "shop.meaningless.MeaninglessMiddleware",
    "similarity.middleware.OneModelMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- PostgreSQL: DATABASE_URL, or the embedded server of this checkout (shop.services)
embedded = services.urls(STATE_DIR)
DATABASES = {"default": env.database("DATABASE_URL", embedded and embedded.database)}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
}
# A server that does not answer at all must not hold a shopper for minutes.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
# Look-alikes of pages and API are read here. Only for web processes: a worker must see what it has written.
LOOKALIKE_READS = "default"
if env.text("DATABASE_REPLICA_URL", ""):
    LOOKALIKE_READS = "replica"
    DATABASES["replica"] = env.database("DATABASE_REPLICA_URL", None)
    DATABASES["replica"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "TEST": {"MIRROR": "default"}}
    DATABASES["replica"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)

# --- Redis or Valkey: REDIS_URL, or the embedded server. One database is the broker, the next the cache.
REDIS_URL = env.redis("REDIS_URL", embedded and embedded.redis)
REDIS_DATABASE = env.integer("REDIS_DATABASE", 0, minimum=0)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": client_url(REDIS_URL, REDIS_DATABASE + 1),
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}

# --- Celery (shop.celery). The database row is the truth, a message only a hint.
CELERY_BROKER_URL = broker_url(REDIS_URL, REDIS_DATABASE)
CELERY_RESULT_BACKEND = CELERY_BROKER_URL
CELERY_RESULT_EXPIRES = 60
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
# A task that kills its worker must not be repeated for ever: attempts are counted in the row instead.
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# With these a dead broker costs whoever saves a product 0.35 s; with the defaults it was 19 s.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": 1,
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"retry_policy": {"max_retries": 0}}
CELERY_REDIS_SOCKET_CONNECT_TIMEOUT = 1
CELERY_TASK_DEFAULT_QUEUE = "embed"
CELERY_TASK_ROUTES = {"similarity.tasks.photo_*": {"queue": "photo"}}
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    # Heals whatever a lost message, a killed worker or a bulk insert has left behind.
    "sweep": {"task": "similarity.tasks.sweep", "schedule": 30, "options": {"expires": 30}},
    "imports": {"task": "catalog.tasks.resume_imports", "schedule": 30, "options": {"expires": 30}},
    "duplicates": {"task": "similarity.tasks.find_duplicates", "schedule": 60, "options": {"expires": 60}},
    "photo worker": {"task": "similarity.tasks.photo_alive", "schedule": 30, "options": {"expires": 30}},
}

# --- Pictures
IMAGE_MAX_BYTES = env.integer("IMAGE_MAX_BYTES", 12_000_000, minimum=10_000)
IMAGE_MAX_PIXELS = env.integer("IMAGE_MAX_PIXELS", 40_000_000, minimum=10_000)
IMAGE_MAX_SIDE_PX = env.integer("IMAGE_MAX_SIDE_PX", 12_000, minimum=100)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_PERMISSIONS = 0o644
IMAGEKIT_DEFAULT_CACHEFILE_STRATEGY = "imagekit.cachefiles.strategies.Optimistic"
IMAGEKIT_CACHEFILE_DIR = "thumbnails"

# --- Imports: networks that addresses of pictures may lead to although they are not public
IMPORT_NETWORKS = env.networks("IMPORT_NETWORKS")

# --- Similarity
EMBEDDER_WEIGHTS = env.text("EMBEDDER_WEIGHTS", "fashion")
EMBEDDER_RUNTIME = env.choice("EMBEDDER_RUNTIME", ["tensorflow", "openvino"])
PHOTO_TIMEOUT_S = env.number("PHOTO_TIMEOUT_S", 5.0, minimum=0.1)
PHOTO_WAITING_MAX = env.integer("PHOTO_WAITING_MAX", 4, minimum=1)
PHOTO_QUEUE_MAX = env.integer("PHOTO_QUEUE_MAX", 8, minimum=1)
PHOTO_PER_MINUTE = env.integer("PHOTO_PER_MINUTE", 30, minimum=1)

# Empty: PostgreSQL itself finds what is near (similarity.engines).
VECTOR_ENGINE_URL = env.engine("VECTOR_ENGINE_URL")
if VECTOR_ENGINE_URL:
    CELERY_BEAT_SCHEDULE["copies"] = {
        "task": "similarity.tasks.copy_vectors",
        "schedule": 60,
        "options": {"expires": 60},
    }

# --- Files: in MEDIA_ROOT, or in a bucket once one is named
MEDIA_BUCKET = env.bucket("MEDIA_BUCKET")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "shop.storage.WholeFileStorage"},
    "private": {"BACKEND": "catalog.imports.files.PrivateFolder"},
    "staticfiles": {"BACKEND": "shop.static_storage.StaticStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if MEDIA_BUCKET:
    bucket = {
        "bucket_name": MEDIA_BUCKET,
        "endpoint_url": env.text("MEDIA_ENDPOINT_URL", "") or None,
        "region_name": env.text("MEDIA_REGION", "") or None,
    }
    STORAGES["default"] = {"BACKEND": "shop.bucket.Bucket", "OPTIONS": bucket}
    STORAGES["private"] = {"BACKEND": "shop.bucket.PrivateBucket", "OPTIONS": bucket}
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", STATE_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", STATE_DIR / "media")

# --- Languages and units
LANGUAGE_CODE = "en"
# Each in its own words: whoever looks for theirs must be able to read it.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "shop.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    # Data is JSON; the pages to browse it are Swagger's and Redoc's.
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.DjangoModelPermissionsOrAnonReadOnly"],
    "DEFAULT_SCHEMA_CLASS": "shop.openapi.Description",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lookalike",
    "DESCRIPTION": "Products of the shop, and what looks like them.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # What is sent differs from what is answered: files, texts that may not be empty.
    "COMPONENT_SPLIT_REQUEST": True,
    "ENFORCE_NON_BLANK_FIELDS": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "shop.openapi.add_refusals",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Admin: settings of its theme
UNFOLD = {
    "SITE_TITLE": "Lookalike",
    "SITE_HEADER": "Lookalike",
    "SITE_SYMBOL": "checkroom",
    "SHOW_HISTORY": True,
    "STYLES": [menu.style],
    "COLORS": {"primary": menu.WINE},
    "LOGIN": {"form": "shop.login.LoginForm"},
    "SIDEBAR": {"navigation": menu.SECTIONS},
}

# --- Security. HTTPS is the proxy's to provide: HTTPS=true once it does.
HTTPS = env.flag("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
# Asked by the machine itself, past the proxy.
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
SESSION_COOKIE_AGE = 8 * 3600  # only staff log in: a working day
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 0, minimum=0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": csp.STRICT}
# How many proxies of ours stand before the shop; as many entries of X-Forwarded-For are believed.
PROXIES = env.integer("PROXIES", 0, minimum=0)
LOGIN_FAILURES_MAX = env.integer("LOGIN_FAILURES_MAX", 5, minimum=1)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# --- Logs: one line per event, to standard error
LOGGING = logs.settings(env.choice("LOG_FORMAT", logs.FORMATS), env.choice("LOG_LEVEL", logs.LEVELS))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
# Neither who nor from where: a log is read by more people than the database.
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False

# --- Metrics: who brings this token may read /metrics without logging in
METRICS_TOKEN = env.secret("METRICS_TOKEN")
