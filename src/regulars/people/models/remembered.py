"""The tables of what is remembered of customers, with who said so and when."""

from django.db import models

from regulars.kernel.ids import new_id
from regulars.people.models.customers import ByteOrderedField, Customer


class Preference(models.Model):
    """What somebody likes, needs or avoids: one of `regulars.people.remembering.PREFERENCES`.

    Attributes:
        subject: What it is about, so that those who want the same are found together; see
            `regulars.people.remembering.subject_of`.
        small: The text in small letters, so that a part of it is found by comparing bytes; see
            `regulars.people.remembering.in_small_letters`.
    """

    LIKES = "likes"

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=20)
    text = models.CharField(max_length=200)
    subject = models.CharField(max_length=200, default="")
    small = ByteOrderedField(max_length=200, default="")
    said_by = models.CharField(max_length=120)
    said_at = models.DateTimeField()

    class Meta:
        """Those who want the same are asked for together; a part of a text is looked for in an index alone."""

        indexes = (
            models.Index(fields=("kind", "subject", "customer"), name="people_preference_about"),
            models.Index(fields=("kind", "small", "customer"), name="people_preference_told"),
        )

    def __str__(self) -> str:
        return self.text


class Note(models.Model):
    """A note about somebody, as an employee wrote it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="notes")
    text = models.TextField()
    said_by = models.CharField(max_length=120)
    said_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text


class ImportantDate(models.Model):
    """A day that comes back every year; the year it began in may be unknown.

    Attributes:
        label: What day it is, in the words of who works here: "birthday".
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="dates")
    label = models.CharField(max_length=60)
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    year = models.PositiveSmallIntegerField(null=True)
    said_by = models.CharField(max_length=120)
    said_at = models.DateTimeField()

    class Meta:
        """Asked for by the day of the year."""

        indexes = (models.Index(fields=("month", "day"), name="people_date_of_year"),)

    def __str__(self) -> str:
        return f"{self.label} {self.month}-{self.day}"


class Attribute(models.Model):
    """Something that this business wants to know of its customers, as it defined it.

    Attributes:
        kind: One of `regulars.people.remembering.ATTRIBUTES`.
        choices: What can be chosen, of the kind ``choice``.
        needs_consent: Whether it is kept only of those who agreed to their profile.
        retired_at: Since when it is not asked for any more; what is known stays.
    """

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    choices = models.JSONField(default=list)
    needs_consent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key


class AttributeValue(models.Model):
    """What an attribute is of one customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="attributes")
    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="values")
    value = models.JSONField()
    said_by = models.CharField(max_length=120)
    said_at = models.DateTimeField()

    class Meta:
        """One value an attribute a customer."""

        constraints = (
            models.UniqueConstraint(
                fields=("customer", "attribute"), name="people_attributevalue_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.attribute_id}: {self.value}"
