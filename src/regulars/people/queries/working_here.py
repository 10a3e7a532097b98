"""Who works here, as they sign in."""

from contextlib import suppress

from regulars.people.core import folded_email
from regulars.people.errors import InvalidEmail
from regulars.people.models import Employee
from regulars.people.names import folded_name


def written_to(told: str) -> Employee | None:
    """Who signs in by a name or has shown that an address is theirs, and can be written to there.

    Args:
        told: The name or the address, as typed.
    """
    reachable = Employee.objects.filter(is_active=True, email_confirmed_at__isnull=False)
    with suppress(InvalidEmail):
        return reachable.filter(email=folded_email(told.strip())).first()
    return reachable.filter(login=folded_name(told) or told).first()


def is_owned() -> bool:
    """Whether an owner works here, even where the business is not set up yet."""
    return bool(Employee.objects.filter(role=Employee.OWNER, is_active=True).exists())


def anybody_written_to() -> bool:
    """Whether anybody who works here can be written to."""
    found = Employee.objects.filter(is_active=True, email_confirmed_at__isnull=False)
    return bool(found.exists())
