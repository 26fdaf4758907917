"""All settings; every difference between machines comes from the environment (.env.example)."""

import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from smmprocess.beat_schedule import beat_schedule
from smmprocess.content_policy import FROM_OURSELVES
from smmprocess.databases import database
from smmprocess.logs import log_to_console

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="development-only" if DEBUG else env.NOTSET)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="Biznesa vadības koledža")

INSTALLED_APPS = [
    "smmprocess",
    "results",
    "kpi",
    "opendays",
    "webinars",
    "work",
    "events",
    "plans",
    "goals",
    "documents",
    "files",
    "outbox",
    "people",
    "accounts",
    "ui",
    "integrations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_celery_beat",
    "django_htmx",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.UserLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "smmprocess.urls"
WSGI_APPLICATION = "smmprocess.wsgi.application"
TEMPLATES = [
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
                "smmprocess.context_processors.site",
            ],
        },
    },
]

# Data -------------------------------------------------------------------------------------------

DATABASES = {
    "default": database(
        env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/smmprocess.sqlite3"),
        keep_seconds=env.int("DATABASE_CONN_MAX_AGE", default=60),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # A Redis that hangs must not hold up a registration.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

# People who work here ---------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
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
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "accounts.throttle.login_name"
AXES_CLIENT_IP_CALLABLE = "accounts.http.client_address"
AXES_LOCKOUT_CALLABLE = "accounts.throttle.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = ["username", "password", "ip_address"]
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# Security ---------------------------------------------------------------------------------------

HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": FROM_OURSELVES}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# Each tick is a field: an intake is rolled forward with all its activities on one page.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# How many proxies in front of us are ours; the visitor's address is read behind them.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Language and time ------------------------------------------------------------------------------

LANGUAGE_CODE = "lv"
LANGUAGES = [("lv", _("Latvian")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Riga"
FORMAT_MODULE_PATH = ["smmprocess.formats"]
PHONE_REGION = "LV"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))
# How big a file that people upload may be.
FILE_MAX_MB = env.int("FILE_MAX_MB", default=20)

# Messages ---------------------------------------------------------------------------------------

# The three places where the system is meant to grow. A key is stored in the database, so never
# rename one; a value is the dotted path of what it names.
EVENT_TYPES = {
    "open_day": "opendays.event_type.OPEN_DAY",
    "webinar": "webinars.event_type.WEBINAR",
}
MESSAGE_CHANNELS = {
    "bitrix24_sms": "outbox.channels.bitrix24_sms.Bitrix24SmsChannel",
    "messente_sms": "outbox.channels.messente_sms.MessenteSmsChannel",
    "bitrix24_email": "outbox.channels.bitrix24_email.Bitrix24EmailChannel",
    "smtp": "outbox.channels.smtp.SmtpChannel",
}
KPI_SOURCES = {
    "ga4": "kpi.sources.ga4.GoogleAnalytics",
    "bitrix24": "kpi.sources.bitrix24.Bitrix24Leads",
    "own": "kpi.sources.own.OwnFigures",
}
# Which channel carries e-mail: bitrix24_email or smtp.
EMAIL_CHANNEL = env.str("EMAIL_CHANNEL", default="bitrix24_email")
OFFER_EMAIL_CHANNEL = env.str("OFFER_EMAIL_CHANNEL", default=EMAIL_CHANNEL)
# Which carries SMS: bitrix24_sms or messente_sms.
SMS_CHANNEL = env.str("SMS_CHANNEL", default="bitrix24_sms")
# What a part of an SMS costs in euro, for the editor of texts; 0: not known, not shown.
SMS_PART_PRICE = Decimal(str(env.float("SMS_PART_PRICE", default=0)))
# Staff are written to by the other route: what they are told may be that Bitrix24 is silent.
STAFF_CHANNEL = "smtp"

# A claimed message whose worker is silent for so long counts as abandoned: longer than any call.
MESSAGE_LEASE = timedelta(seconds=env.float("MESSAGE_LEASE_SECONDS", default=150))
# That an unclear call left no trace counts only after the provider's own limit of 60 seconds.
LOOK_UP_AFTER = timedelta(seconds=env.float("LOOK_UP_AFTER_SECONDS", default=90))

vars().update(
    env.email_url("EMAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25")
)
# How long the mail server may take for each of its answers.
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", default=20)
SMTP_CONNECTIONS = env.int("SMTP_CONNECTIONS", default=10)
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="Biznesa vadības koledža <info@example.org>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Whether the pre-flight opens the link of an event's room, as a visitor would.
CHECK_ROOM_LINK = env.bool("CHECK_ROOM_LINK", default=True)

BITRIX24_WEBHOOK_URL = env.str("BITRIX24_WEBHOOK_URL", default="")
BITRIX24_BURST = env.int("BITRIX24_BURST", default=50)
BITRIX24_DRAIN_PER_SECOND = env.float("BITRIX24_DRAIN_PER_SECOND", default=2.0)
BITRIX24_SMS_TEMPLATE_ID = env.int("BITRIX24_SMS_TEMPLATE_ID", default=0)
BITRIX24_SMS_TEXT_PARAMETER = env.str("BITRIX24_SMS_TEXT_PARAMETER", default="sms_text")
BITRIX24_SMS_DUE_PARAMETER = env.str("BITRIX24_SMS_DUE_PARAMETER", default="")
BITRIX24_SENDER = env.str("BITRIX24_SENDER", default=DEFAULT_FROM_EMAIL)
BITRIX24_RESPONSIBLE_ID = env.int("BITRIX24_RESPONSIBLE_ID", default=1)
BITRIX24_APPLICATION_TOKEN = env.str("BITRIX24_APPLICATION_TOKEN", default="")
# Hosts beside Bitrix24's own domains that the webhook may be sent to, such as the sandbox.
BITRIX24_TRUSTED_HOSTS = env.list("BITRIX24_TRUSTED_HOSTS", default=[])
BITRIX24_READ_TIMEOUT = env.float("BITRIX24_READ_TIMEOUT", default=75)

MESSENTE_USERNAME = env.str("MESSENTE_USERNAME", default="")
MESSENTE_PASSWORD = env.str("MESSENTE_PASSWORD", default="")
MESSENTE_SENDER = env.str("MESSENTE_SENDER", default="")
MESSENTE_API_URL = env.str("MESSENTE_API_URL", default="https://api.messente.com/v1").rstrip("/")
# The shared secret of a rented number to which people may write STOP; empty: none is rented.
MESSENTE_INBOUND_SECRET = env.str("MESSENTE_INBOUND_SECRET", default="")

# The secret token of a Zoom app whose webhook tells who joins; empty: its calls are not taken.
ZOOM_WEBHOOK_SECRET = env.str("ZOOM_WEBHOOK_SECRET", default="")

# Figures ----------------------------------------------------------------------------------------

# The number of the property of Google Analytics; empty: Google Analytics is not read.
GA4_PROPERTY_ID = env.str("GA4_PROPERTY_ID", default="")
GA4_CREDENTIALS_FILE = env.str("GA4_CREDENTIALS_FILE", default="")
# Empty for Google itself; grpc+insecure://127.0.0.1:PORT for the sandbox.
GA4_ENDPOINT = env.str("GA4_ENDPOINT", default="")

# Work in the background -------------------------------------------------------------------------

TICK_SECONDS = env.float("TICK_SECONDS", default=1)
# A tick that waited for long is dropped: a later one does its work. The moments of the ticks, each
# second, are given longer than that, since the clocks of two machines may be apart.
TICK_EXPIRES = max(30, 2 * TICK_SECONDS)
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT = "smmprocess.broker:Transport"
CELERY_TASK_IGNORE_RESULT = True
# Threads cannot be stopped from outside: what limits a task are the time-outs of our clients.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Connections to the database are kept from task to task, as long as smmprocess/celery.py says.
CELERY_DB_REUSE_MAX = sys.maxsize
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "smmprocess.scheduler:Scheduler"
CELERY_BEAT_SCHEDULE = beat_schedule(timedelta(seconds=TICK_SECONDS), TICK_EXPIRES)

LOGGING = log_to_console(env.str("LOG_LEVEL", default="INFO"))
