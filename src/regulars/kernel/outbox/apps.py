"""The room as Django knows it."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """``regulars.kernel.outbox``, its tables beginning with ``outbox_``."""

    name = "regulars.kernel.outbox"
    label = "outbox"
