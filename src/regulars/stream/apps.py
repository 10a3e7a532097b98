"""The room as Django knows it."""

from django.apps import AppConfig


class StreamConfig(AppConfig):
    """``regulars.stream``, its tables beginning with ``stream_``."""

    name = "regulars.stream"
    label = "stream"
