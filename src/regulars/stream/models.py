"""The table of events."""

from django.db import models

from regulars.kernel.ids import new_id
from regulars.stream.functions import WritingTransaction


class Event(models.Model):
    """Something that happened, once and for all.

    ``position`` tells events apart and orders those of a transaction. Readers that must not skip an
    event read in the order of ``written_in``, then ``position``, and stop below the oldest
    transaction still running (see ``sql``); `regulars.stream.reading_on.events_after` does.
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
    written_in = models.BigIntegerField(db_default=WritingTransaction(), editable=False)

    class Meta:
        """The natural key makes an event happen once, whoever sends it again."""

        constraints = (models.UniqueConstraint(fields=("source", "key"), name="stream_event_once"),)
        indexes = (
            models.Index(fields=("customer_id", "occurred_at"), name="stream_event_timeline"),
            models.Index(fields=("type", "occurred_at", "position"), name="stream_event_latest"),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.id}"
