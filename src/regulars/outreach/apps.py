"""The room as Django knows it."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """``regulars.outreach``, its tables beginning with ``outreach_``."""

    name = "regulars.outreach"
    label = "outreach"
