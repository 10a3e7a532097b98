"""The tables of the business and of who works here."""

from datetime import time
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from regulars.kernel.ids import new_id


class Business(models.Model):
    """The one business of this installation.

    Attributes:
        stamp: What only it has.
        promise: What it promises its customers.
        goal: The one primary goal.
        ready_at: When the first run was through.
        quiet_from, quiet_until: The hours of its time zone in which nobody is written to or called;
            the same for none.
        contacts_most: How often one customer is written to or called at most, over all purposes.
        contacts_days: In how many days.
        public_address: Where customers reach this installation, as ``https://regulars.example.org``; "" while
            only those who work here do.
    """

    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=60)
    country = models.CharField(max_length=2, blank=True)
    currency = models.CharField(max_length=3)
    stamp = models.TextField(blank=True)
    promise = models.TextField(blank=True)
    goal = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    quiet_from = models.TimeField(default=time(21))
    quiet_until = models.TimeField(default=time(8))
    contacts_most = models.PositiveSmallIntegerField(default=4)
    contacts_days = models.PositiveSmallIntegerField(default=30)
    public_address = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    """A place where the business meets its customers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Employee(AbstractBaseUser):
    """Somebody who works here; signs in by a short name, as not everybody has an address.

    Attributes:
        one_time_since: Since when they have a password that somebody else chose: it lets them in to
            choose their own, and nowhere else. None where it is their own.
        sessions_ended: How often everything that they were signed in at was signed out.
        email: Where they are written to about their own signing in; "" for nowhere. Forgotten when they leave.
        email_confirmed_at: When they showed that it is theirs; None where somebody else noted it, and no
            code that lets in goes there.
    """

    OWNER, MANAGER, ASSOCIATE = "owner", "manager", "associate"
    ROLES = (OWNER, MANAGER, ASSOCIATE)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True)
    one_time_since = models.DateTimeField(null=True)
    sessions_ended = models.PositiveIntegerField(default=0)
    locations = models.ManyToManyField(Location, related_name="employees")
    email = models.CharField(max_length=254, blank=True, default="")
    email_confirmed_at = models.DateTimeField(null=True)

    class Meta:
        """An address that was shown to be somebody's is nobody else's."""

        constraints = (
            models.UniqueConstraint(
                fields=("email",),
                condition=models.Q(email_confirmed_at__isnull=False),
                name="people_employee_address",
            ),
        )

    USERNAME_FIELD = "login"
    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    def get_session_auth_hash(self) -> str:
        """What a session has to fit: another one after a new password, or once sessions were ended."""
        return f"{super().get_session_auth_hash()}.{self.sessions_ended}"

    def __str__(self) -> str:
        return self.name


class Look(models.Model):
    """Somebody looked at a customer, or took their data away; ids alone, never what was seen.

    Attributes:
        looked_by: Who, as `regulars.kernel.actor.Actor` is written.
        what: At what of theirs; what was erased was looked at for the last time. A table that was taken
            along is of many, and of no customer.
        table: Which, of `regulars.people.audit.TABLES`, or "".
        rows: How many it had; None for a backup.
    """

    PROFILE, TIMELINE, EXPORT, ERASURE = "profile", "timeline", "export", "erasure"
    TABLE = "table"

    customer_id = models.UUIDField(null=True)
    looked_by = models.CharField(max_length=120)
    what = models.CharField(max_length=20)
    table = models.CharField(max_length=20, blank=True)
    rows = models.PositiveIntegerField(null=True)
    looked_at = models.DateTimeField()

    class Meta:
        """Asked for by whom, and at whom."""

        indexes = (
            models.Index(fields=("customer_id", "looked_at"), name="people_look_at_whom"),
            models.Index(fields=("looked_by", "looked_at"), name="people_look_by_whom"),
            models.Index(fields=("looked_at", "id"), name="people_look_latest"),
            models.Index(fields=("what", "looked_at", "id"), name="people_look_at_what"),
        )

    def __str__(self) -> str:
        return f"{self.looked_by} {self.what}"


class BlockedIdentity(models.Model):
    """A value that stands for nobody here: the shop's own phone, a till's dummy customer."""

    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=254)
    blocked_by = models.CharField(max_length=120)
    blocked_at = models.DateTimeField()

    class Meta:
        """Blocked once."""

        constraints = (
            models.UniqueConstraint(fields=("kind", "value"), name="people_blocked_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
