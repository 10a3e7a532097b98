"""Of whom a second step is asked at sign-in: of owners, and at once where others can reach the server."""

from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator

from regulars.credentials.models import SecondStepLater
from regulars.people.models import Employee

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
LATER_DAYS = 30


def has_second_step(employee: Employee) -> bool:
    """Whether somebody is asked for more than a password."""
    found = Authenticator.objects.filter(user_id=employee.pk, type__in=FACTORS)
    return bool(found.exists())


def is_required(employee: Employee, *, only_this_computer: bool) -> bool:
    """Whether an owner has to set a second step up before anything else.

    Args:
        employee: Who is signed in.
        only_this_computer: Whether nobody but who sits at this computer can reach the server.
    """
    return (
        employee.role == Employee.OWNER and not only_this_computer and not has_second_step(employee)
    )


def is_offered(employee: Employee, *, now: datetime) -> bool:
    """Whether an owner without a second step is reminded of it today."""
    return (
        employee.role == Employee.OWNER
        and not has_second_step(employee)
        and not SecondStepLater.objects.filter(employee_id=employee.pk, until__gt=now).exists()
    )


def put_off(employee: Employee, *, now: datetime) -> None:
    """Reminds an owner again in a month."""
    SecondStepLater.objects.update_or_create(
        employee_id=employee.pk, defaults={"until": now + timedelta(days=LATER_DAYS)}
    )


def take_away(employee_id: UUID) -> int:
    """Takes every second step of somebody away, as of who lost their phone; how many there were."""
    SecondStepLater.objects.filter(employee_id=employee_id).delete()
    return int(Authenticator.objects.filter(user_id=employee_id).delete()[0])


def who_have_a_second_step() -> frozenset[UUID]:
    """The ids of employees who are asked for more than a password."""
    found = Authenticator.objects.filter(type__in=FACTORS)
    return frozenset(found.values_list("user_id", flat=True))
