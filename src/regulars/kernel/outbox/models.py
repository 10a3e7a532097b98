"""The one table of what is to leave the building."""

from django.db import models

from regulars.kernel.ids import new_id


class OutboxRow(models.Model):
    """Something that is to be delivered, or was.

    Attributes:
        kind: Who delivers it: a name in the table of deliverers.
        subject_id: Of what is delivered; what it says stands there, and goes when that goes.
        due_at: When it is tried next; while somebody tries, when another may.
        claim: Of who tries it now.
        tries: How often it was.
        reason: Why it has not gone out, in a code; "" for nothing.
        ended_at: Since when nothing more is tried.
        ended_as: Of ``ENDS``.
    """

    DELIVERED, REFUSED, GIVEN_UP = "delivered", "refused", "given_up"
    ENDS = (DELIVERED, REFUSED, GIVEN_UP)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    written_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claim = models.UUIDField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=10, blank=True)

    class Meta:
        """Asked for what is due; waiting once for one thing."""

        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject_id"),
                condition=models.Q(ended_at=None),
                name="outbox_waits_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at", "id"), condition=models.Q(ended_at=None), name="outbox_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
