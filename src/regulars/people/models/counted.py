"""The table of what was counted of everybody."""

from django.db import models


class Counted(models.Model):
    """Figures of everybody, kept because counting them anew for each who looks takes too long among many.

    Attributes:
        what: Which figures, and of whom.
        figures: Numbers, and ids of a few.
        counted_at: When.
        places: Ids of those whose people alone were counted.
        looked_at: When somebody who works there looked last, to the hour; of all places together it is not noted.
    """

    what = models.CharField(primary_key=True, max_length=200)
    figures = models.JSONField()
    counted_at = models.DateTimeField()
    places = models.JSONField(default=list)
    looked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.what
