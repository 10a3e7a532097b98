"""The tables of keys, and of what happens at the door: wrong passwords, used codes, second steps put off."""

from django.db import models

from regulars.kernel.ids import new_id
from regulars.people.models import Employee


class ApiKey(models.Model):
    """A key of somebody's program; of the secret only a hash is kept.

    Attributes:
        name: What it is for.
        source: What its events are from where they do not say.
        mark: The part of the key by which it is found; it may be shown.
        digest: SHA-256 of the whole key, hexadecimal.
        scopes: What it may do, of `regulars.credentials.core.SCOPES`.
        replaced_by_id: The key that it was rotated to.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=60)
    mark = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    replaced_by_id = models.UUIDField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class WrongPassword(models.Model):
    """Somebody tried to sign in and could not; kept for a day, and never what was typed.

    Attributes:
        login: A keyed digest of the name that was given.
        address: Of the network that it came from.
    """

    login = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    tried_at = models.DateTimeField()

    class Meta:
        """Counted by name and by address."""

        indexes = (
            models.Index(fields=("login", "tried_at"), name="credentials_wrong_by_login"),
            models.Index(fields=("address", "tried_at"), name="credentials_wrong_by_address"),
        )

    def __str__(self) -> str:
        return f"{self.address} {self.tried_at}"


class SecondStepLater(models.Model):
    """An owner put off the second step of signing in, until they are reminded of it."""

    employee = models.OneToOneField(Employee, models.CASCADE, primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.employee)


class UsedCode(models.Model):
    """A code of a second step that let somebody in, and does so no second time; kept for a day.

    Attributes:
        digest: A keyed one of the employee and the code.
    """

    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest
