"""The table of what was counted of everybody."""

from django.db import models


class Counted(models.Model):
    """Figures of everybody, kept because counting them anew for each who looks takes too long among many.

    Attributes:
        what: Which figures, and of whom.
        figures: Numbers, and ids of a few.
        counted_at: When.
    """

    what = models.CharField(primary_key=True, max_length=200)
    figures = models.JSONField()
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.what
