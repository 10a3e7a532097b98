"""The room as Django knows it."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """``regulars.jobs``, its tables beginning with ``jobs_``."""

    name = "regulars.jobs"
    label = "jobs"
