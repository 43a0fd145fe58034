"""Django's settings, made from the environment (see environment.py); nothing else is configured elsewhere."""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from relent.project import environment, sqlite

sqlite.use_newest()

ENVIRONMENT, ENVIRONMENT_FAULTS = environment.read()

DEBUG = ENVIRONMENT["RELENT_DEBUG"]
SECRET_KEY = (
    ENVIRONMENT["RELENT_SECRET_KEY"] or "not-set"
)  # told by a check; Django cannot start its checks without one
SECRET_KEY_FALLBACKS = ENVIRONMENT["RELENT_SECRET_KEY_FALLBACKS"]
SECRETS_KEYS = ENVIRONMENT["RELENT_SECRETS_KEYS"]
PUBLIC_URL = ENVIRONMENT["RELENT_PUBLIC_URL"].rstrip("/")
LISTEN = ENVIRONMENT["RELENT_LISTEN"]
WEB_THREADS = ENVIRONMENT["RELENT_WEB_THREADS"]
TURN_THREADS = ENVIRONMENT["RELENT_TURN_THREADS"]
FRESHNESS_SECONDS = ENVIRONMENT["RELENT_FRESHNESS_SECONDS"]
READ_EVERY_SECONDS = ENVIRONMENT["RELENT_READ_EVERY_SECONDS"]
BACKFILL_DAYS = ENVIRONMENT["RELENT_BACKFILL_DAYS"]
KEEP_RAW_DAYS = ENVIRONMENT["RELENT_KEEP_RAW_DAYS"]
KEEP_HEADERS_DAYS = ENVIRONMENT["RELENT_KEEP_HEADERS_DAYS"]
CLASSIFIER = ENVIRONMENT["RELENT_CLASSIFIER"]
WEBHOOKS_TO_PRIVATE = ENVIRONMENT["RELENT_WEBHOOKS_TO_PRIVATE"]
CLOCK_FILE = ENVIRONMENT["RELENT_CLOCK_FILE"]
# A playground signs visitors in by a link and can empty the database: it is one only on this machine, on its own data.
PLAYGROUND_ASKED = ENVIRONMENT["RELENT_PLAYGROUND_DIR"]
_IS_PLAYGROUND = (
    LISTEN.rpartition(":")[0] in {"127.0.0.1", "localhost", "[::1]"}
    and not ENVIRONMENT["RELENT_DATABASE_URL"]
    and Path(PLAYGROUND_ASKED).absolute() == Path(ENVIRONMENT["RELENT_DATA_DIR"]).absolute()
)
PLAYGROUND_DIR = PLAYGROUND_ASKED if _IS_PLAYGROUND else ""

ALLOWED_HOSTS = [
    urlsplit(PUBLIC_URL).hostname or "localhost",
    "127.0.0.1",
    "localhost",
    *ENVIRONMENT["RELENT_ALLOWED_HOSTS"],
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []

DATA_DIR = Path(ENVIRONMENT["RELENT_DATA_DIR"])
DATABASES = {
    "default": dj_database_url.parse(
        ENVIRONMENT["RELENT_DATABASE_URL"] or f"sqlite:///{(DATA_DIR / 'relent.sqlite3').absolute()}",
        conn_max_age=None,
        conn_health_checks=True,
    )
}
ON_POSTGRESQL = DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
if not ON_POSTGRESQL:
    DATABASES["default"]["OPTIONS"] = sqlite.options()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "relent.records.apps.RecordsConfig",
    "relent.workers.apps.WorkersConfig",
    "relent.web.apps.WebConfig",
    "relent.playground.apps.PlaygroundConfig",
    "relent.project.apps.ProjectConfig",
]
if ON_POSTGRESQL:
    INSTALLED_APPS.append("procrastinate.contrib.django")

# Counts of tries live here. It forgets at random once it is full: nobody may fill it to have a count forgotten.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 200_000, "CULL_FREQUENCY": 10},
    }
}

AUTH_USER_MODEL = "records.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
CSRF_FAILURE_VIEW = "relent.web.pages.errors.csrf_failed"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "relent.web.middleware.PersonalMiddleware",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT["RELENT_HTTPS"] else None
PROXY = ENVIRONMENT["RELENT_PROXY"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT["RELENT_HTTPS"]
SESSION_COOKIE_AGE = 14 * 24 * 3600
# A cookie's name is shared by all ports of a host: two installs on one machine must not sign each other out.
SESSION_COOKIE_NAME = f"relent_session_{urlsplit(PUBLIC_URL).port or 'default'}"
CSRF_COOKIE_NAME = f"relent_csrf_{urlsplit(PUBLIC_URL).port or 'default'}"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

ROOT_URLCONF = "relent.project.urls"
WSGI_APPLICATION = "relent.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "relent.web.context.everywhere",
            ]
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ja", "日本語")]  # each in its own words: who looks for one may not read the other
LANGUAGE_COOKIE_NAME = "relent_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "mail.log": {"level": "WARNING"},
        "waitress": {"level": "WARNING"},
    },
}
