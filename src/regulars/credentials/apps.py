"""The room as Django knows it."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """``regulars.credentials``, its tables beginning with ``credentials_``."""

    name = "regulars.credentials"
    label = "credentials"
