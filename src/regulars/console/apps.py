"""The room as Django knows it."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """``regulars.console``, its tables beginning with ``console_``."""

    name = "regulars.console"
    label = "console"
