"""The tables of the door itself: wrong passwords, used codes, second steps put off, forms sent, saved views."""

from django.db import models

from regulars.kernel.ids import new_id
from regulars.people.models import Employee


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
            models.Index(fields=("login", "tried_at"), name="console_wrong_by_login"),
            models.Index(fields=("address", "tried_at"), name="console_wrong_by_address"),
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


class SentForm(models.Model):
    """A form that added somebody, or something to remember of them; sent twice it adds nothing twice.

    Attributes:
        key: That the page gave to its form.
        customer_id: Who was added, or of whom.
    """

    key = models.UUIDField(primary_key=True)
    customer_id = models.UUIDField()
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
