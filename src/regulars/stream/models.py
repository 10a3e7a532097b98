"""The table of events."""

from django.db import models

from regulars.kernel.ids import new_id


class Event(models.Model):
    """Something that happened, once and for all.

    ``position`` orders events as they were written. On SQLite keys are given inside the write lock,
    so a later key is a later commit; on PostgreSQL it is not, and readers that must not skip an
    event stop below the oldest transaction still running (see ``sql``).
    """

    position = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=new_id, unique=True, editable=False)
    type = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    customer_id = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)
    data = models.JSONField()

    class Meta:
        """The natural key makes an event happen once, whoever sends it again."""

        constraints = (models.UniqueConstraint(fields=("source", "key"), name="stream_event_once"),)
        indexes = (
            models.Index(fields=("customer_id", "occurred_at"), name="stream_event_timeline"),
            models.Index(fields=("type", "occurred_at", "position"), name="stream_event_latest"),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.id}"
