"""Django's settings; every one that a shop may change comes from the environment."""

import os
from importlib.resources import files

from regulars.kernel.network import is_this_computer
from regulars.project.database import database
from regulars.project.environment import proxies, whole_number
from regulars.project.home import home_folder, secret_key

HOME = home_folder()
SECRET_KEY = os.environ.get("REGULARS_SECRET_KEY") or secret_key(HOME)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("REGULARS_HOSTS", "127.0.0.1,localhost").split(",")
# Nobody else can come here: what guards against others may wait.
REGULARS_ONLY_THIS_COMPUTER = all(is_this_computer(name) for name in ALLOWED_HOSTS)
# Who may say on whose behalf a request comes, and whether it came by HTTPS.
REGULARS_TRUSTED_PROXIES = proxies("REGULARS_TRUSTED_PROXIES", default="127.0.0.1,::1")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "regulars.kernel.outbox.apps.OutboxConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "regulars.stream.apps.StreamConfig",
    "regulars.people.apps.PeopleConfig",
    "regulars.scoring.apps.ScoringConfig",
    "regulars.care.apps.CareConfig",
    "regulars.outreach.apps.OutreachConfig",
    "regulars.credentials.apps.CredentialsConfig",
    "regulars.jobs.apps.JobsConfig",
    "regulars.api.apps.ApiConfig",
    "regulars.console.apps.ConsoleConfig",
    "regulars.portal.apps.PortalConfig",
]
MIDDLEWARE = [
    "regulars.project.proxies.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "regulars.api.problems.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "regulars.console.middleware.KeptByNobodyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "regulars.console.middleware.LanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
DATABASES = {"default": database(os.environ.get("DATABASE_URL"), HOME)}
ROOT_URLCONF = "regulars.project.urls"
WSGI_APPLICATION = "regulars.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [],
        "OPTIONS": {"environment": "regulars.console.templates.environment"},
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "portal",
        "APP_DIRS": False,
        "DIRS": [],
        "OPTIONS": {"environment": "regulars.portal.templates.environment"},
    },
]
AUTH_USER_MODEL = "people.Employee"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Batches of events are the largest bodies; every other one has a smaller limit of its own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000
FILE_UPLOAD_HANDLERS = ["regulars.console.jobs.uploading.ToDisk"]
# Of a file that is handed in; it is written to disk as it comes.
REGULARS_UPLOAD_MB = whole_number("REGULARS_UPLOAD_MB", default=500)
# Of each key of the API, in each process.
REGULARS_REQUESTS_PER_MINUTE = whole_number("REGULARS_REQUESTS_PER_MINUTE", default=600)
STATIC_URL = "/static/"
# What the report and the screens share; served as it lies, so that nothing has to be collected.
STATICFILES_DIRS = [("look", str(files("regulars.kernel") / "look"))]
WHITENOISE_USE_FINDERS = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "regulars.console.door.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True  # offered where mail works, to who has an address
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds
# Who tries too often waits by `regulars.credentials.lockout`, which counts in the database.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
MFA_ADAPTER = "regulars.console.door.adapters.SecondSteps"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds that a phone's clock may be wrong by
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "regulars.console.refusals.out_of_date"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
