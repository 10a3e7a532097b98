"""The tables of the console itself: forms sent, saved views."""

from django.db import models

from regulars.kernel.ids import new_id


class SentForm(models.Model):
    """A form that added somebody, or something to remember of them; sent twice it adds nothing twice.

    Attributes:
        key: That the page gave to its form.
        customer_id: Who was added, or of whom.
        content: A fingerprint of what it told last, which another form under the same key does not have.
    """

    key = models.UUIDField(primary_key=True)
    customer_id = models.UUIDField()
    content = models.CharField(max_length=64, default="")
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)


class SavedView(models.Model):
    """A list of customers that is asked for often; everybody who works here sees it.

    Attributes:
        asked: As `regulars.console.customers.listing.ListAsked.told`; never whom somebody looked for.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60, unique=True)
    asked = models.JSONField(default=dict)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
