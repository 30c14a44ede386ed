"""What every installation shares. Whatever differs from place to place comes from the environment (``TIDU_…``)."""

from __future__ import annotations

import os
from pathlib import Path

import tidu
from tidu.config import security
from tidu.config.databases import database
from tidu.config.secrets import secret_key

PACKAGE = Path(tidu.__file__).resolve().parent
HOME = Path(os.environ.get("TIDU_HOME", "var")).resolve()
"""Where an installation keeps what is its own: the database, collected files, the secret key."""

SECRET_KEY = secret_key(HOME)
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("TIDU_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "tidu.apps.units",
    "tidu.apps.accounts",
    "tidu.apps.enterprises",
    "tidu.apps.audit",
    "tidu.apps.jobs",
    "tidu.apps.imports",
    "tidu.apps.administration",
    "tidu.apps.cultivation",
    "tidu.apps.assessments",
    "tidu.apps.corrections",
    "tidu.apps.registry",
    "tidu.apps.quality",
    "tidu.apps.messages",
    "tidu.apps.materials",
    "tidu.apps.fulfilment",
    "tidu.apps.paper",
    "tidu.apps.duties",
    "tidu.apps.plans",
    "tidu.look",
    "tidu.sites.public",
    "tidu.sites.office",
    "tidu.sites.portal",
    "axes",
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "login"
AXES_FAILURE_LIMIT = "tidu.apps.accounts.interfaces.locking.failure_limit"
AXES_COOLOFF_TIME = "tidu.apps.accounts.interfaces.locking.lock_time"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "tidu.config.errors.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # a stranger who goes on guessing must not keep an account locked for good
AXES_SENSITIVE_PARAMETERS = ["password"]
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False
# Who does nothing for half an hour (or what the login policy says) is logged out; the cookie goes with the browser.
SESSION_ENGINE = "tidu.apps.accounts.sessions"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tidu.config.errors.bad_form_token"
# Login by an identity provider of the city or the province (OpenID Connect); off where issuer or client is empty.
OIDC = {
    "issuer": os.environ.get("TIDU_OIDC_ISSUER", ""),
    "client": os.environ.get("TIDU_OIDC_CLIENT_ID", ""),
    "secret": os.environ.get("TIDU_OIDC_CLIENT_SECRET", ""),
    "name": os.environ.get("TIDU_OIDC_NAME", "统一身份认证"),
}
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "tidu.apps.accounts.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "tidu.apps.accounts.passwords.KindsOfCharacters"},
    {"NAME": "tidu.apps.accounts.passwords.NotUsedBefore"},
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tidu.config.middleware.response_headers",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tidu.config.middleware.body_limit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tidu.config.middleware.sentences_for_bad_input",
    "tidu.apps.accounts.interfaces.duties.Duties",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "tidu.config.urls"
WSGI_APPLICATION = "tidu.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "tidu.look.templatetags.look"],
            "context_processors": [
                "django.template.context_processors.request",
                "tidu.look.context.site",
                "tidu.apps.administration.interfaces.site.site",
                "tidu.sites.public.navigation.navigation",
                "tidu.sites.office.navigation.navigation",
                "tidu.sites.portal.navigation.navigation",
            ],
        },
    }
]
DATABASES = {"default": database(os.environ.get("TIDU_DATABASE", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# For how many seconds each process goes by the site's words and the calendar as last read.
ADMINISTRATION_AGE = 30

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
}

# What visitors of the public pages enter is held in memory and forgotten: no upload may reach the disk.
FILE_UPLOAD_HANDLERS = ["tidu.config.uploads.InMemoryHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = security.LARGEST_BODY
FILE_UPLOAD_MAX_MEMORY_SIZE = security.LARGEST_UPLOAD
# Materials that people with a login hand in are kept, below the home and outside everything that is served as a file.
MATERIALS = {"folder": HOME / "files" / "materials", "largest": security.LARGEST_UPLOAD}
# A file of one's own in the place of apps/fulfilment/domain/items.yaml: how each item is handled here.
ITEM_RULES = os.environ.get("TIDU_ITEM_RULES", "")
DATA_UPLOAD_MAX_NUMBER_FIELDS = security.MOST_FIELDS

CONTENT_SECURITY_POLICY = security.CONTENT_SECURITY_POLICY
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "tidu.config.errors.bad_form_token"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Messages outside the system: nothing is sent unless it is configured here. SMS: "log" only notes, "http" hands to a gateway.
OUTBOX = {
    "mail_host": os.environ.get("TIDU_MAIL_HOST", ""),
    "mail_from": os.environ.get("TIDU_MAIL_FROM", ""),
    "sms": os.environ.get("TIDU_SMS", ""),
    "sms_url": os.environ.get("TIDU_SMS_URL", ""),
    "sms_secret": os.environ.get("TIDU_SMS_SECRET", ""),
}
EMAIL_HOST = OUTBOX["mail_host"]
EMAIL_PORT = int(os.environ.get("TIDU_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("TIDU_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("TIDU_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("TIDU_MAIL_TLS", "") == "starttls"
EMAIL_USE_SSL = os.environ.get("TIDU_MAIL_TLS", "") == "ssl"
EMAIL_TIMEOUT = 15

# An address may hold what a person typed, so requests are never logged with their addresses; failures are, without them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}, "none": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"handlers": ["none"], "propagate": False},
        "django.security": {"handlers": ["none"], "propagate": False},
        # it writes usernames, and a password is sometimes typed there; the audit notes failures without them
        "axes": {"handlers": ["none"], "propagate": False},
        "tidu": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}

SITE = {
    "name": os.environ.get("TIDU_SITE_NAME", "梯度"),
    "district": os.environ.get("TIDU_DISTRICT", "蔡甸区"),
    # Shown in the foot of public pages only where they are filled in.
    "sponsor": os.environ.get("TIDU_SPONSOR", ""),
    "record_number": os.environ.get("TIDU_RECORD_NUMBER", ""),
    "site_code": os.environ.get("TIDU_SITE_CODE", ""),
    "telephone": os.environ.get("TIDU_TELEPHONE", ""),
}
