"""The tables of customers, of what they are recognised by, and of who works here."""

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

    def __str__(self) -> str:
        return self.name


class Employee(AbstractBaseUser):
    """Somebody who works here; signs in by a short name, as not everybody has an address."""

    OWNER, MANAGER, ASSOCIATE = "owner", "manager", "associate"
    ROLES = (OWNER, MANAGER, ASSOCIATE)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "login"
    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """Somebody whom the business knows; nobody has to sign up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name or str(self.id)


class Identity(models.Model):
    """What a customer is recognised by."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=254)
    created_at = models.DateTimeField()

    class Meta:
        """One value belongs to one customer."""

        constraints = (
            models.UniqueConstraint(fields=("kind", "value"), name="people_identity_one_owner"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class NameKey(models.Model):
    """What a customer's name can be looked up by, slips of the pen included."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="name_keys")
    key = models.CharField(max_length=120)

    class Meta:
        """Looked up by the key alone; the customer comes with it."""

        indexes = (models.Index(fields=("key", "customer"), name="people_namekey_lookup"),)

    def __str__(self) -> str:
        return self.key


class Preference(models.Model):
    """What somebody likes, needs or avoids, with who said so and when."""

    LIKES = "likes"

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=20)
    text = models.CharField(max_length=200)
    said_by = models.CharField(max_length=120)
    said_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text
