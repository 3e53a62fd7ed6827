"""Settings, all from the environment (see `.env.example`). A secret may also stand in a file named by `X_FILE`."""

import logging
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()
env.read_env(BASE_DIR / ".env")

# --- How it is reached -------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
PRACTICE_KEY = "practice-only-secret-key-for-the-machine-it-runs-on"
SECRET_KEY = env.str("SECRET_KEY", default=PRACTICE_KEY)
NUMBER_HASH_KEY = env.str("NUMBER_HASH_KEY", default=PRACTICE_KEY)
"""The do-not-call list knows numbers by their hash under this key (docs/decisions/0006-number-hash-keys.md)."""
NUMBER_HASH_PREVIOUS_KEYS = env.list("NUMBER_HASH_PREVIOUS_KEYS", default=[])
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default="http://127.0.0.1:8000")
"""Where the carrier and the staff reach the web door; signatures are checked against it."""
PUBLIC_WS_URL = env.str("PUBLIC_WS_URL", default="ws://127.0.0.1:8001")
"""Where the carrier and the staff reach the sockets door."""
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_BASE_URL])
LOCAL_DIR = Path(env.str("LOCAL_DIR", default=str(BASE_DIR / ".local")))

# --- Apps --------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "callcenter.apps.CallcenterConfig",
    "accounts.apps.AccountsConfig",
    "contacts.apps.ContactsConfig",
    "campaigns.apps.CampaignsConfig",
    "calls.apps.CallsConfig",
    "reports.apps.ReportsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "channels",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_rq",
    "django_structlog",
    "import_export",
    "rest_framework",
    "template_partials.apps.SimpleAppConfig",
]
SITE_ID = 1

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "callcenter.middleware.SignInAgainMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "callcenter.middleware.RequestLogMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "callcenter.urls"
WSGI_APPLICATION = "callcenter.wsgi.application"
ASGI_APPLICATION = "callcenter.asgi.application"

TEMPLATE_LOADERS: list[Any] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
if not DEBUG:
    TEMPLATE_LOADERS = [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", TEMPLATE_LOADERS)],
            "builtins": ["template_partials.templatetags.partials", "django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database and queues -----------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql:///centralita")}
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
RQ_QUEUES = {
    name: {"URL": REDIS_URL, "DEFAULT_TIMEOUT": seconds}
    for name, seconds in {"turns": 60, "dialing": 60, "sweeping": 120, "default": 600, "imports": 7200}.items()
}
RQ_SHOW_ADMIN_LINK = False
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}
"""Shared by every process: the limits on sign-in attempts count in it."""

# --- Security and sign-in ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
"""How many proxies of ours stand before the web door: sign-in attempts are counted by the address behind them."""
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Centralita <centralita@localhost>")

SECURE_SITE = PUBLIC_BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SITE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_SITE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SITE else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
CSRF_FAILURE_VIEW = "callcenter.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, PUBLIC_WS_URL],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Language and time -------------------------------------------------------------------------------------------

LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="es")
LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Madrid")
USE_TZ = True
DEFAULT_COUNTRY = env.str("DEFAULT_COUNTRY", default="ES")
"""ISO 3166 code that numbers without a country prefix are read in."""

# --- Files -------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(LOCAL_DIR / "media")))
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "callcenter.finders.PackageFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Vendors: without keys, the practice phone network -----------------------------------------------------------

SIMULATOR_URL = env.str("SIMULATOR_URL", default="http://127.0.0.1:9000")
PRACTICE_ACCOUNT_SID = "AC" + "0" * 31 + "1"
PRACTICE_TOKEN = "practice-token-that-opens-nothing-real"  # noqa: S105

TELEPHONY_PROVIDER = env.str("TELEPHONY_PROVIDER", default="calls.providers.twilio.TwilioTelephony")
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default="")
TWILIO_BASE_URL = env.str("TWILIO_BASE_URL", default="" if TWILIO_ACCOUNT_SID else SIMULATOR_URL)
"""Empty means the vendor's own address."""
TWILIO_ACCOUNT_SID = TWILIO_ACCOUNT_SID or PRACTICE_ACCOUNT_SID
TWILIO_AUTH_TOKEN = TWILIO_AUTH_TOKEN or PRACTICE_TOKEN
TWILIO_CALLER_NUMBER = env.str("TWILIO_CALLER_NUMBER", default="+34910000000")
TWILIO_STARTS_PER_SECOND = env.float("TWILIO_STARTS_PER_SECOND", default=1.0)
"""The carrier account's rate of new calls; the dialer stays below it."""
TWILIO_MAX_CONCURRENT_CALLS = env.int("TWILIO_MAX_CONCURRENT_CALLS", default=100)

SPEECH_PROVIDER = env.str("SPEECH_PROVIDER", default="calls.providers.elevenlabs.ElevenLabsSpeech")
ELEVENLABS_API_KEY = env.str("ELEVENLABS_API_KEY", default="")
ELEVENLABS_BASE_URL = env.str(
    "ELEVENLABS_BASE_URL", default="" if ELEVENLABS_API_KEY else f"{SIMULATOR_URL}/elevenlabs"
)
ELEVENLABS_API_KEY = ELEVENLABS_API_KEY or PRACTICE_TOKEN
ELEVENLABS_MODEL = env.str("ELEVENLABS_MODEL", default="eleven_flash_v2_5")
ELEVENLABS_VOICE = env.str("ELEVENLABS_VOICE", default="21m00Tcm4TlvDq8ikWAM")

LANGUAGE_MODEL_PROVIDER = env.str("LANGUAGE_MODEL_PROVIDER", default="calls.providers.openai.OpenAILanguageModel")
OPENAI_API_KEY = env.str("OPENAI_API_KEY", default="")
OPENAI_BASE_URL = env.str("OPENAI_BASE_URL", default="" if OPENAI_API_KEY else f"{SIMULATOR_URL}/openai/v1")
OPENAI_API_KEY = OPENAI_API_KEY or PRACTICE_TOKEN
OPENAI_MODEL = env.str("OPENAI_MODEL", default="gpt-6-luna")

# --- How long a person may wait for the assistant -----------------------------------------------------------------

TURN_LIFE_SECONDS = 1.0
"""Without a sign of life of its worker for so long, a turn is asked for again: twice, and then the call ends politely.

No person meets three seconds of silence.
"""
TURN_WORD_SECONDS = 1.5
"""Without a word for so long, the person is asked for a moment's patience."""
TURN_TRY_AGAIN_WITHIN_SECONDS = 1.0
"""A language model that fails so early is asked once more; later there is no time left."""

# --- Logs --------------------------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="json")
from callcenter.logging import logging_settings  # noqa: E402

LOGGING = logging_settings(level=LOG_LEVEL, style=LOG_FORMAT)
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
