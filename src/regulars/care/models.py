"""The table of what is to be done for somebody."""

from django.db import models

from regulars.kernel.ids import new_id


class Task(models.Model):
    """A line on today's list; it carries ids, never a name.

    Attributes:
        kind: ``thank`` or ``welcome_back``, or what was suggested: ``win_back``, ``greet_friend``,
            ``remember``, ``ask``.
        customer_id: For whom.
        about_id: Whom it is about besides: the friend who came.
        event_id: What it follows from; of what was only suggested, none.
        due_on: By this day; it is on the list from the day before.
        withdrawn_at: Since when it no longer follows, as when an older visit became known; what was done
            is never withdrawn.
    """

    THANK, WELCOME_BACK, WIN_BACK = "thank", "welcome_back", "win_back"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    customer_id = models.UUIDField()
    about_id = models.UUIDField(null=True)
    event_id = models.UUIDField(null=True, unique=True)
    due_on = models.DateField()
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """Open tasks are asked for by day, and whenever something is told of a customer."""

        indexes = (
            models.Index(
                fields=("due_on",),
                condition=models.Q(done_at=None, withdrawn_at=None),
                name="care_task_open",
            ),
            models.Index(fields=("customer_id",), name="care_task_customer"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.customer_id}"
