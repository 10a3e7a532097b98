"""The tables of who may be written to: consent, suppression, and what was sent."""

from django.db import models

from regulars.kernel.ids import new_id
from regulars.people.models.customers import Customer, Identity


class Consent(models.Model):
    """Somebody agreed, or withdrew: one row each time, never changed; the latest counts.

    Attributes:
        text_version: Of the text that they agreed to.
        proof: How they said it: on which form, by which confirmed link, in whose presence.
        identity: The one address that said yes, by a link that came to it, and that the yes is for; it stays
            told where the address is gone. None where the customer themselves said it.
        after_merge: The number of the latest merge of anybody when it was told.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    given = models.BooleanField()
    text_version = models.CharField(max_length=40)
    proof = models.CharField(max_length=500)
    identity = models.ForeignKey(
        Identity, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    said_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)
    after_merge = models.PositiveBigIntegerField()

    class Meta:
        """The latest of a purpose and channel is asked for."""

        indexes = (
            models.Index(
                fields=("customer", "purpose", "channel", "said_at"), name="people_consent_latest"
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel} {self.given}"


class Suppression(models.Model):
    """Somebody must not be written to, whatever they agreed to.

    Attributes:
        channel: On which, or "" for all.
        identity: The one address that it is about, or None for every one.
        reason: ``bounce``, ``complaint`` or ``never``.
        lifted_at: Since when it does not stand any more.
        after_merge: The number of the latest merge of anybody when it was last told.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="suppressions")
    channel = models.CharField(max_length=20, blank=True)
    identity = models.ForeignKey(Identity, models.CASCADE, null=True, related_name="suppressions")
    reason = models.CharField(max_length=20)
    since = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=120, blank=True)
    after_merge = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.reason} {self.channel}"


class Contact(models.Model):
    """Somebody was written to or called: what the one budget counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    purpose = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    class Meta:
        """Those of a span are counted."""

        indexes = (models.Index(fields=("customer", "made_at"), name="people_contact_span"),)

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel}"
