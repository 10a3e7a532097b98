"""Who works here, as what and where."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F

from regulars.people.errors import (
    LastOwner,
    LocationTaken,
    LoginTaken,
    PasswordNotNew,
    UnknownEmployee,
    UnknownLocation,
    WeakPassword,
)
from regulars.people.models import Employee, Location
from regulars.people.names import folded_name
from regulars.people.remembering import LONGEST_NAME, one_of, plain_text
from regulars.stream.taken import refused_as

LEAST_PASSWORD = 10
LONGEST_LOGIN = 60


def add_employee(
    *,
    name: str,
    role: str,
    password: str,
    login: str = "",
    locations: Iterable[UUID] = (),
    is_one_time: bool = False,
    now: datetime,
) -> UUID:
    """Adds somebody who works here; to be called inside a transaction.

    Args:
        name: As people say it.
        role: Of `Employee.ROLES`.
        password: Theirs, of at least ``LEAST_PASSWORD`` characters.
        login: What they sign in with, "" for the name.
        locations: Where they work; nowhere in particular for everywhere.
        is_one_time: Whether somebody else chose the password, so that it only lets in to choose another.
        now: When.

    Returns:
        The employee's id.

    Raises:
        LoginTaken: Somebody signs in by that name.
        WeakPassword: It is guessed soon.
        UnknownLocation: A location is none, or closed.
        RegularsError: The name or the role cannot be.
    """
    name = plain_text(name, field="name", most=LONGEST_NAME)
    login = plain_text(login or name, field="login", most=LONGEST_LOGIN)
    login = folded_name(login)[:LONGEST_LOGIN] or login  # as the sign-in compares it
    if Employee.objects.filter(login=login).exists():
        raise LoginTaken(login=login)
    _check_password(password, login)
    employee = Employee(
        login=login,
        name=name,
        role=one_of(role, Employee.ROLES, field="role"),
        created_at=now,
        one_time_since=now if is_one_time else None,
    )
    employee.set_password(password)
    with refused_as(LoginTaken(login=login)):
        employee.save()
    employee.locations.set(_open_locations(locations))
    return employee.id


def change_role(*, employee_id: UUID, role: str) -> None:
    """Gives an employee another role; to be called inside a transaction.

    Raises:
        LastOwner: Nobody would own this any more.
        UnknownEmployee, UnknownKind: There is no such employee, or role.
    """
    one_of(role, Employee.ROLES, field="role")
    employee = _employee(employee_id)
    if role != Employee.OWNER:
        _check_other_owner(employee)
    Employee.objects.filter(id=employee_id).update(role=role)


def change_locations(*, employee_id: UUID, locations: Iterable[UUID]) -> None:
    """Says where an employee works; nowhere in particular is everywhere.

    Raises:
        UnknownEmployee, UnknownLocation: There is no such employee, or location.
    """
    _employee(employee_id).locations.set(_open_locations(locations))


def change_password(
    *, employee_id: UUID, password: str, one_time_since: datetime | None = None
) -> None:
    """Gives an employee another password; who is signed in elsewhere is signed out there.

    Args:
        employee_id: Whom.
        password: The new one.
        one_time_since: When somebody else chose it, so that it only lets in to choose another; None where
            they chose it themselves.

    Raises:
        WeakPassword: It is guessed soon.
        PasswordNotNew: It is the one-time password that it is to take the place of.
        UnknownEmployee: There is no such employee.
    """
    employee = _employee(employee_id)
    _check_password(password, employee.login)
    if employee.one_time_since is not None and employee.check_password(password):
        raise PasswordNotNew
    employee.set_password(password)
    employee.one_time_since = one_time_since
    employee.save(update_fields=("password", "one_time_since"))


def end_sessions(*, employee_id: UUID) -> None:
    """Signs an employee out wherever they are signed in.

    Raises:
        UnknownEmployee: There is no such employee.
    """
    _employee(employee_id)
    Employee.objects.filter(id=employee_id).update(sessions_ended=F("sessions_ended") + 1)


def deactivate_employee(*, employee_id: UUID, now: datetime) -> None:
    """Lets an employee sign in no more, and signs them out; what they wrote stays theirs. Twice is once.

    Their address is forgotten.

    To be called inside a transaction.

    Raises:
        LastOwner: Nobody would own this any more.
        UnknownEmployee: There is no such employee.
    """
    _check_other_owner(_employee(employee_id))
    Employee.objects.filter(id=employee_id, is_active=True).update(
        is_active=False,
        deactivated_at=now,
        sessions_ended=F("sessions_ended") + 1,
        email="",
        email_confirmed_at=None,
    )


def reactivate_employee(*, employee_id: UUID) -> None:
    """Lets an employee sign in again.

    Raises:
        UnknownEmployee: There is no such employee.
    """
    _employee(employee_id)
    Employee.objects.filter(id=employee_id).update(is_active=True, deactivated_at=None)


def add_location(*, name: str, now: datetime) -> UUID:
    """Adds a place where the business meets its customers.

    Returns:
        The location's id.

    Raises:
        LocationTaken: There is one of that name.
        RegularsError: The name cannot be.
    """
    name = plain_text(name, field="name", most=LONGEST_NAME)
    location, is_new = Location.objects.get_or_create(name=name, defaults={"created_at": now})
    if not is_new:
        raise LocationTaken(name=name)
    return location.id


def close_location(*, location_id: UUID, now: datetime) -> None:
    """Closes a location; what happened there stays.

    Raises:
        UnknownLocation: It is none, or closed.
    """
    if not Location.objects.filter(id=location_id, closed_at=None).update(closed_at=now):
        raise UnknownLocation


def reopen_location(*, location_id: UUID) -> None:
    """Opens a location again.

    Raises:
        UnknownLocation: It is none.
    """
    if not Location.objects.filter(id=location_id).update(closed_at=None):
        raise UnknownLocation


def rename_location(*, location_id: UUID, name: str) -> None:
    """Calls a location otherwise; to be called inside a transaction.

    Raises:
        LocationTaken: There is one of that name.
        UnknownLocation: It is none.
        RegularsError: The name cannot be.
    """
    name = plain_text(name, field="name", most=LONGEST_NAME)
    if Location.objects.filter(name=name).exclude(id=location_id).exists():
        raise LocationTaken(name=name)
    with refused_as(LocationTaken(name=name)):
        found = Location.objects.filter(id=location_id).update(name=name)
    if not found:
        raise UnknownLocation


def _employee(employee_id: UUID) -> Employee:
    employee = Employee.objects.filter(id=employee_id).first()
    if employee is None:
        raise UnknownEmployee
    return employee


def _check_other_owner(employee: Employee) -> None:
    """That somebody else owns this; the owners are held, so that the last two cannot both go."""
    owners = Employee.objects.filter(role=Employee.OWNER, is_active=True).order_by("id")
    ids = set(owners.select_for_update().values_list("id", flat=True))
    if employee.id in ids and len(ids) == 1:
        raise LastOwner


def _check_password(password: str, login: str) -> None:
    if len(password) < LEAST_PASSWORD or folded_name(password) == folded_name(login):
        raise WeakPassword(least=LEAST_PASSWORD)


def _open_locations(locations: Iterable[UUID]) -> list[Location]:
    asked = set(locations)
    found = list(Location.objects.filter(id__in=asked, closed_at=None))
    if len(found) != len(asked):
        raise UnknownLocation
    return found
