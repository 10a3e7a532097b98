"""The room as Django knows it."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """``regulars.portal``, which has no tables."""

    name = "regulars.portal"
    label = "portal"
