"""The room as Django knows it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """``regulars.people``, its tables beginning with ``people_``."""

    name = "regulars.people"
    label = "people"
