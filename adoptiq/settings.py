"""All settings, in one file. What differs between places comes from the environment.

Importing this module starts nothing and connects to nothing.
"""

import json
import os
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from adoptiq import logs
from rendering import csp

# Lets forms and serializers say at run time which model they are about, as they do to mypy.
django_stubs_ext.monkeypatch()


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def env_flag(name: str, default: bool = False) -> bool:
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in env(name, default).split(",") if item.strip()]


BASE_DIR = Path(__file__).resolve().parent.parent
ADOPTIQ_HOME = Path(env("ADOPTIQ_HOME", str(BASE_DIR / ".adoptiq")))
PORT = int(env("PORT", "8000"))
PUBLIC_URL = env("PUBLIC_URL", f"http://localhost:{PORT}")

DEBUG = env_flag("DEBUG")
# Without a key of its own a process may format, lint and migrate, but never serve.
SECRET_KEY = env("SECRET_KEY", "unset-and-therefore-refused-by-every-serving-process")
# Earlier keys, so that what they signed or encrypted can still be read.
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", PUBLIC_URL)
SECURE = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "rest_framework",
    "rendering",
    "tenancy",
    "people",
    "notifications",
    "engagements",
    "adoption",
    "usage",
    "metrics",
    "reviews",
    "adoptiq",
]

MIDDLEWARE = [
    "adoptiq.measurements.MeasuringMiddleware",
    "adoptiq.overload.OverloadMiddleware",
    "adoptiq.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "adoptiq.overload.StraightMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.SessionLimitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.middleware.LimitsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rendering.web.HtmxLoginMiddleware",
    "rendering.web.NoStoreMiddleware",
    "tenancy.middleware.ApiKeyMiddleware",
    "tenancy.middleware.WorkspaceMiddleware",
    "people.middleware.SecondFactorMiddleware",
    "adoptiq.visits.VisitsMiddleware",
    "rendering.web.FormatsMiddleware",
]

ROOT_URLCONF = "adoptiq.urls"
WSGI_APPLICATION = "adoptiq.wsgi.application"
APPEND_SLASH = True

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rendering.web.shell",
                "adoptiq.navigation.navigation",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------------------

# The app role reads and writes rows, the owner migrates, ops runs named commands across tenants.
UNREACHABLE = "postgres://nobody@127.0.0.1:1/unset"


def database(url: str) -> dict[str, Any]:
    # Settings stand without a database; a process that needs one fails when it connects.
    return {
        **dj_database_url.parse(url or UNREACHABLE, conn_max_age=60, conn_health_checks=True),
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {"connect_timeout": 5, "application_name": "adoptiq"},
        # A pooler may sit in between, in transaction mode.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


DATABASES = {
    "default": database(env("DATABASE_URL")),
    "owner": database(env("DATABASE_OWNER_URL")) | {"ATOMIC_REQUESTS": False},
    "ops": database(env("DATABASE_OPS_URL")) | {"ATOMIC_REQUESTS": False},
}
DATABASE_ROUTERS = ["tenancy.routers.EverythingOnDefault"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL", "redis://127.0.0.1:1/0")
# How long a request waits for a broker or cache that does not answer.
BROKER_WAIT_SECONDS = 0.5
CACHES = {
    "default": {
        "BACKEND": "adoptiq.cache.ForgivingCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
        "OPTIONS": {
            "socket_timeout": BROKER_WAIT_SECONDS,
            "socket_connect_timeout": BROKER_WAIT_SECONDS,
        },
    }
}
FILES_ROOT = Path(env("FILES_ROOT", str(ADOPTIQ_HOME / "files")))
USAGE_DROP_FOLDER = env("USAGE_DROP_FOLDER")
# Where the heads of the audit logs are published: a file outside the database, only ever added to.
AUDIT_HEADS_FILE = Path(env("AUDIT_HEADS_FILE", str(ADOPTIQ_HOME / "audit-heads.jsonl")))
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT},
    },
    # Files people keep. Another class of Django's storages, with its options as JSON, keeps them
    # elsewhere.
    "files": {
        "BACKEND": env("FILES_STORAGE", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": json.loads(env("FILES_STORAGE_OPTIONS", "null"))
        or {"location": FILES_ROOT, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(ADOPTIQ_HOME / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
UPLOAD_LIMIT_BYTES = 200 * 1024 * 1024
# Of files people keep: the size of one, of all in a workspace, and the kinds that are taken.
FILE_LIMIT_BYTES = int(env("FILE_LIMIT_MB", "25")) * 1024 * 1024
FILE_SPACE_BYTES = int(env("FILE_SPACE_MB", "1024")) * 1024 * 1024
FILE_KINDS = env_list("FILE_KINDS", "pdf,document,spreadsheet,slides,picture,table,text")
# Looks for viruses: clamd://host:port, clamd:///path/of/its.socket, or the dotted path of a
# function that takes pieces of bytes and gives a Verdict. Without one, files are not checked.
FILE_SCANNER = env("FILE_SCANNER")
FILE_SCANNER_SECONDS = float(env("FILE_SCANNER_SECONDS", "60"))

# How long a request with events may wait for a free thread; one that waited longer is sent away.
INTAKE_PATIENCE_SECONDS = float(env("INTAKE_PATIENCE_SECONDS", "1"))

# --- people ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "people.passwords.MaximumLengthValidator"},
    {"NAME": "people.passwords.CommonPhraseValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ACCOUNT_ADAPTER = "people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "login": "people.forms.SignInForm",
    "reset_password": "people.forms.ForgottenPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# How long a proof of who is there counts for what matters.
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(env("PROOF_SECONDS", "600"))
PASSWORD_RESET_TIMEOUT = 3600
# tenancy.limits counts instead: in one step, and without Valkey too.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
ALLAUTH_TRUSTED_PROXY_COUNT = int(env("TRUSTED_PROXY_COUNT", "0"))
MFA_ADAPTER = "people.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "people.forms.SecondFactorForm",
    "reauthenticate": "people.forms.SecondFactorAgainForm",
    "add_webauthn": "people.forms.AddPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Passkeys want https; a copy on this machine has none.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
# A clock may be half a minute wrong; a code works once all the same.
MFA_TOTP_TOLERANCE = 1
# An address takes effect when it is confirmed, also for somebody with a second factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
SIGN_UP_OPEN = env_flag("SIGN_UP_OPEN", default=True)
LOGIN_URL = "account_login"
LOGIN_PATH = "/accounts/login/"
LOGIN_REDIRECT_URL = "home"
# Where administrators of a workspace that waits to be deleted are led.
WORKSPACE_CLOSED_URL = "workspace:closed"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

EMAIL_BACKEND = env("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = ADOPTIQ_HOME / "mail"
EMAIL_HOST = env("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env_flag("EMAIL_USE_TLS")
# How long a mail server may take over each of its answers.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "AdoptIQ <no-reply@localhost>")

# --- language -------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- security -------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = csp.POLICY
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Signed out after a day without use, and after two weeks whatever happens.
SESSION_IDLE_SECONDS = int(env("SESSION_IDLE_SECONDS", str(60 * 60 * 24)))
SESSION_LONGEST_SECONDS = int(env("SESSION_LONGEST_SECONDS", str(60 * 60 * 24 * 14)))
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS
DEVICE_COOKIE_NAME = "__Host-device" if SECURE else "device"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- API ------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["tenancy.rest.authentication.ScopeAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["tenancy.rest.permissions.DenyUnlessStated"],
    "DEFAULT_PAGINATION_CLASS": "tenancy.rest.pages.NewestFirst",
    "PAGE_SIZE": 50,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["tenancy.rest.parsers.BoundedJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["tenancy.rest.filters.StrictBackend"],
    "DEFAULT_SCHEMA_CLASS": "tenancy.rest.schema.ScopedSchema",
    "EXCEPTION_HANDLER": "tenancy.rest.errors.explain",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "AdoptIQ API",
    "DESCRIPTION": "Customers and engagements with all that is known about them: what was promised,"
    " people, money, risks, plans, usage and measures of one workspace.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["adoptiq.api.leave_out_sessions"],
    # Choices stand where they are used: one name often has different ones in different rows.
    "POSTPROCESSING_HOOKS": ["adoptiq.api.without_marks"],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
}

# --- tasks ----------------------------------------------------------------------------------

VISIBILITY_TIMEOUT_SECONDS = int(env("VISIBILITY_TIMEOUT_SECONDS", "900"))
LEASE_SECONDS = int(env("LEASE_SECONDS", str(VISIBILITY_TIMEOUT_SECONDS)))
DISPATCH_EVERY_SECONDS = 5
# Worker or beat silent, or work waiting and none done, for this long: somebody should look.
STALLED_AFTER_SECONDS = int(env("STALLED_AFTER_SECONDS", "60"))
# Who may read /metrics from elsewhere than this machine, as `Authorization: Bearer <token>`.
METRICS_TOKEN = env("METRICS_TOKEN")
TRANSPORT_OPTIONS = {
    "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
    "unacked_restore_interval": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = TRANSPORT_OPTIONS
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_VISIBILITY_TIMEOUT = VISIBILITY_TIMEOUT_SECONDS
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 570
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
# Of its own, so that looking for overlooked work does not wait behind a long queue of work.
CELERY_TASK_QUEUES = (Queue("celery"), Queue("dispatch"))
CELERY_TASK_ROUTES = {"tenancy.dispatch_due": {"queue": "dispatch"}}
CELERY_BEAT_SCHEDULE = {
    "dispatch-due": {
        "task": "tenancy.dispatch_due",
        "schedule": float(DISPATCH_EVERY_SECONDS),
        "options": {"expires": 3 * DISPATCH_EVERY_SECONDS},
    },
    # What people are told by mail: the outbox is in the database, so a lost message loses nothing.
    "send-due-mail": {
        "task": "notifications.send_due",
        "schedule": float(DISPATCH_EVERY_SECONDS),
        "options": {"expires": DISPATCH_EVERY_SECONDS},
    },
    # Mail whose message was lost.
    "send-waiting": {"task": "people.send_waiting", "schedule": 30.0, "options": {"expires": 60}},
}

# --- logs -----------------------------------------------------------------------------------

LOGGING_CONFIG = "adoptiq.logs.configure"
LOGGING = logs.settings(level=env("LOG_LEVEL", "INFO"))
