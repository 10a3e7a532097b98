"""The room as Django knows it."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """``regulars.care``, its tables beginning with ``care_``."""

    name = "regulars.care"
    label = "care"
