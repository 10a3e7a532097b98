"""The room as Django knows it."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """``regulars.api``, its tables beginning with ``api_``."""

    name = "regulars.api"
    label = "api"
