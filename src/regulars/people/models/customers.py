"""The tables of customers, of what they are recognised by, and of who is the same person."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Lower

from regulars.kernel.ids import new_id
from regulars.people.models.business import Location


class Customer(models.Model):
    """Somebody whom the business knows; nobody has to sign up.

    Attributes:
        language: In which they are spoken to, of `regulars.kernel.language.LANGUAGES`; "" for the
            business's own.
        location: Where they are at home, if anywhere.
        since: Since when they are a customer, where somebody said so.
        known_since: The earliest of when they were added, of ``since``, and of what happened first; of who is
            shown, that of everybody merged into them too. Kept here, so that lists can be put in its order.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, blank=True, default="")
    location = models.ForeignKey(Location, models.SET_NULL, null=True, related_name="customers")
    since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    known_since = models.DateTimeField()

    class Meta:
        """Listed by since when they are known, and by name."""

        indexes = (
            models.Index(fields=("known_since", "id"), name="people_customer_known"),
            models.Index(Lower("name"), "id", name="people_customer_called"),
        )

    def __str__(self) -> str:
        return self.name or str(self.id)


class Identity(models.Model):
    """What a customer is recognised by.

    Attributes:
        is_learnt: Whether it came to somebody known by name because a program told it beside another identity
            of theirs; nobody who knows them has said so.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=254)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120, default="")
    is_learnt = models.BooleanField(default=False, db_default=False)

    class Meta:
        """One value belongs to one customer."""

        constraints = (
            models.UniqueConstraint(fields=("kind", "value"), name="people_identity_one_owner"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class ByteOrderedField(models.CharField):  # type: ignore[type-arg]
    """A text that sorts letter by letter in the order of Unicode, whatever the database's language."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """As SQLite sorts anyway."""
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}


class NameKey(models.Model):
    """What a customer is found by: a word of their name, and any two words of it together.

    Attributes:
        called: See `regulars.people.names.found_by`.
    """

    pk = models.CompositePrimaryKey("called", "customer_id")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="name_keys")
    called = ByteOrderedField(max_length=125)

    def __str__(self) -> str:
        return str(self.called)


class NameWord(models.Model):
    """A word that names here are made of, with what it can be looked up by, once for all who have it.

    Attributes:
        key: The word, the word less one letter, or how it sounds; see `regulars.people.names.word_keys`.
    """

    pk = models.CompositePrimaryKey("key", "word")
    key = ByteOrderedField(max_length=65)
    word = ByteOrderedField(max_length=60)

    def __str__(self) -> str:
        return str(self.word)


class Merge(models.Model):
    """Two customers found to be one person: the log, one row a merge, undone or not.

    It carries ids alone and no key into the table of customers, so that it outlives them.

    Attributes:
        number: Above that of every merge that was there before it, whatever a clock said: tells what was said
            before it from what was said since (`regulars.people.queries.latest_merge`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveBigIntegerField(db_index=True)
    kept_id = models.UUIDField()
    merged_id = models.UUIDField()
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=120)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=120, blank=True)

    class Meta:
        """Somebody is part of one other customer at most."""

        constraints = (
            models.UniqueConstraint(
                fields=("merged_id",),
                condition=models.Q(undone_at=None),
                name="people_merge_into_one",
            ),
        )
        indexes = (models.Index(fields=("kept_id",), name="people_merge_kept"),)

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.kept_id}"


class Alias(models.Model):
    """Whose a merged customer's rows are now: the merges that stand, followed to their end."""

    merged_id = models.UUIDField(primary_key=True)
    kept_id = models.UUIDField()

    class Meta:
        """Asked from both sides."""

        indexes = (models.Index(fields=("kept_id",), name="people_alias_kept"),)

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.kept_id}"


class NotTheSame(models.Model):
    """Two customers of whom somebody said that they are two; ``one_id`` is the smaller id."""

    one_id = models.UUIDField()
    other_id = models.UUIDField()
    said_by = models.CharField(max_length=120)
    said_at = models.DateTimeField()

    class Meta:
        """Said once a pair."""

        constraints = (
            models.UniqueConstraint(fields=("one_id", "other_id"), name="people_notthesame_once"),
        )

    def __str__(self) -> str:
        return f"{self.one_id} ≠ {self.other_id}"


class ToldTogether(models.Model):
    """Two customers whom a file or an event named as one; ``one_id`` is the smaller id.

    Attributes:
        kind: Of the identity that is the other's.
    """

    one_id = models.UUIDField()
    other_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    told_at = models.DateTimeField()

    class Meta:
        """Noted once a pair."""

        constraints = (
            models.UniqueConstraint(fields=("one_id", "other_id"), name="people_toldtogether_once"),
        )
        indexes = (models.Index(fields=("other_id",), name="people_toldtogether_other"),)

    def __str__(self) -> str:
        return f"{self.one_id} ? {self.other_id}"


class Erasure(models.Model):
    """Who was erased, and when: what is replayed after a restore. Nothing personal is here.

    Others see them until it is done; that is noted right after the commit, so nothing is where the computer stopped.
    """

    customer_id = models.UUIDField(primary_key=True)
    erased_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.customer_id)
