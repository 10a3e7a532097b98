"""Setting up the business."""

from datetime import datetime

from regulars.people.errors import AlreadyFounded
from regulars.people.models import Business, Employee
from regulars.people.names import folded_name
from regulars.people.public_address import public_address


def found_business(
    *,
    name: str,
    language: str,
    time_zone: str,
    country: str,
    currency: str,
    stamp: str,
    promise: str,
    owner: str | Employee,
    password: str = "",
    is_one_time: bool = False,
    now: datetime,
) -> Employee:
    """Sets up the business with its owner; once.

    Args:
        name: Of the business.
        language: One of `regulars.kernel.language.LANGUAGES`.
        time_zone: Of the IANA's list.
        country: ISO 3166, "" where none is known; phones without a country are read as of it.
        currency: ISO 4217.
        stamp: What only this business has.
        promise: What it promises its customers.
        owner: Of the first employee, the name; it is what they sign in with too. Or who is owner already.
        password: Theirs, where they are new.
        is_one_time: Whether somebody else chose it.
        now: When.

    Raises:
        AlreadyFounded: There is a business.
    """
    if Business.objects.exists():
        raise AlreadyFounded
    Business.objects.create(
        name=name,
        language=language,
        time_zone=time_zone,
        country=country,
        currency=currency,
        stamp=stamp,
        promise=promise,
        created_at=now,
    )
    if isinstance(owner, Employee):
        return owner
    employee = Employee(
        login=folded_name(owner) or owner,
        name=owner,
        role=Employee.OWNER,
        created_at=now,
        one_time_since=now if is_one_time else None,
    )
    employee.set_password(password)
    employee.save()
    return employee


def choose_goal(*, goal: str) -> None:
    """Sets the one primary goal, one of `regulars.measure.core.GOALS`."""
    Business.objects.update(goal=goal)


def finish_first_run(*, now: datetime) -> None:
    """Ends the first run; what it asked for can be changed later on."""
    Business.objects.filter(ready_at=None).update(ready_at=now)


def set_public_address(*, address: str) -> None:
    """Sets where customers reach this installation, "" for nowhere.

    Args:
        address: As ``https://regulars.example.org``; plain HTTP only of this computer itself.

    Raises:
        InvalidPublicAddress: It is no address of a site.
        HttpsRequired: It is one that others on the way could read and change.
    """
    Business.objects.update(public_address=public_address(address))


def describe_business(
    *,
    name: str,
    language: str,
    time_zone: str,
    country: str,
    currency: str,
    stamp: str,
    promise: str,
) -> None:
    """Changes what the business says of itself.

    Args:
        name: Of the business.
        language: One of `regulars.kernel.language.LANGUAGES`.
        time_zone: Of the IANA's list.
        country: ISO 3166, "" where none is known; phones without a country are read as of it.
        currency: ISO 4217; what was recorded in another stays so.
        stamp: What only this business has.
        promise: What it promises its customers.
    """
    Business.objects.update(
        name=name,
        language=language,
        time_zone=time_zone,
        country=country,
        currency=currency,
        stamp=stamp,
        promise=promise,
    )
