"""The table of events."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from regulars.kernel.actor import Actor
from regulars.kernel.ids import new_id
from regulars.stream.functions import WritingTransaction

REFERRAL = "referral.recorded"
# By whom a refund of nobody is recorded again, of whose its purchase is.
GOES_ALONG = Actor("system", "refunds")


def told_by(key: str) -> str:
    """What the source calls an event, by its key, which has a second line where it stands in another's place."""
    return key.partition("\n")[0]


class Standing(models.Manager["Event"]):
    """The events in whose place no other stands: what counts."""

    def get_queryset(self) -> QuerySet["Event"]:
        """All but those that another replaces."""
        told = super().get_queryset()
        later = told.filter(replaces=OuterRef("id"), replaces__isnull=False)
        return told.filter(~Exists(later))


class Event(models.Model):
    """Something that happened, once and for all.

    What was told of nobody and is claimed later stands in the log twice: as it was told, and again of whose it
    is, in the place of the first. Nobody counts both: ``objects`` are those that stand, ``told`` are all.

    ``position`` tells events apart and orders those of a transaction. Readers that must not skip an
    event read in the order of ``written_in``, then ``position``, and stop below the oldest
    transaction still running (see ``sql``); `regulars.stream.reading_on.events_after` does.
    """

    position = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=new_id, unique=True, editable=False)
    type = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=60)
    key = models.CharField(max_length=210)
    customer_id = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)
    data = models.JSONField()
    replaces = models.UUIDField(null=True, editable=False)
    written_in = models.BigIntegerField(db_default=WritingTransaction(), editable=False)

    objects = Standing()
    told = models.Manager()

    class Meta:
        """The natural key makes an event happen once, whoever sends it again."""

        constraints = (models.UniqueConstraint(fields=("source", "key"), name="stream_event_once"),)
        indexes = (
            models.Index(fields=("customer_id", "occurred_at"), name="stream_event_timeline"),
            models.Index(fields=("type", "occurred_at", "position"), name="stream_event_latest"),
            models.Index(
                fields=("replaces",),
                condition=Q(replaces__isnull=False),
                name="stream_event_replaced",
            ),
            models.Index(
                fields=("recorded_at",),
                condition=Q(
                    type="purchase.refunded", customer_id__isnull=True, replaces__isnull=True
                ),
                name="stream_event_refund_of_nobody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.id}"

    @property
    def told_key(self) -> str:
        """What the source calls it, also where it stands in the place of what the source told."""
        return told_by(self.key)

    @property
    def is_taken_back(self) -> bool:
        """Whether it says of somebody's sender that they were not."""
        return self.type == REFERRAL and self.replaces is not None and self.customer_id is None

    @property
    def goes_along(self) -> bool:
        """Whether it is a refund that nobody named a customer for: it is theirs whose its purchase is."""
        return self.type == "purchase.refunded" and (
            self.customer_id is None or self.recorded_by == str(GOES_ALONG)
        )
