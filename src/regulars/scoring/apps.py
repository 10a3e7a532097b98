"""The room as Django knows it."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """``regulars.scoring``, its tables beginning with ``scoring_``."""

    name = "regulars.scoring"
    label = "scoring"
