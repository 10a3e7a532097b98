"""Writes about those who work here."""

import secrets
from datetime import datetime
from uuid import UUID

from regulars.people.core import folded_name
from regulars.people.errors import LastOwner, LoginTaken, NameMissing, UnknownEmployee
from regulars.people.models import Employee

# Nothing that looks like something else when it is read from a slip of paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4


def one_time_password() -> str:
    """A password of 79 bits that can be read out: four groups of four."""
    return "-".join(
        "".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
    )


def add_employee(*, name: str, role: str, password: str, now: datetime) -> Employee:
    """Adds somebody who works here; they sign in by their name.

    Args:
        name: As people call them.
        role: One of `Employee.ROLES`.
        password: Theirs.
        now: When.

    Raises:
        NameMissing: There is no name.
        LoginTaken: Somebody else signs in by that name.
    """
    shown = " ".join(name.split())
    login = folded_name(shown) or shown
    if not login:
        raise NameMissing
    if Employee.objects.filter(login=login).exists():
        raise LoginTaken(name=shown)
    employee = Employee(login=login, name=shown, role=role, created_at=now)
    employee.set_password(password)
    employee.save()
    return employee


def change_password(*, employee_id: UUID, password: str) -> Employee:
    """Gives an employee another password; whoever is signed in by the old one is signed out.

    Raises:
        UnknownEmployee: There is none of that id.
    """
    employee = _employee(employee_id)
    employee.set_password(password)
    employee.save(update_fields=["password"])
    return employee


def deactivate(*, employee_id: UUID) -> Employee:
    """Lets an employee in no more; what they did stays theirs.

    Raises:
        UnknownEmployee: There is none of that id.
        LastOwner: Nobody else could change anything.
    """
    employee = _employee(employee_id)
    owners = Employee.objects.filter(role=Employee.OWNER, is_active=True)
    if employee.role == Employee.OWNER and not owners.exclude(id=employee.id).exists():
        raise LastOwner
    employee.is_active = False
    employee.save(update_fields=["is_active"])
    return employee


def activate(*, employee_id: UUID) -> Employee:
    """Lets an employee in again.

    Raises:
        UnknownEmployee: There is none of that id.
    """
    employee = _employee(employee_id)
    employee.is_active = True
    employee.save(update_fields=["is_active"])
    return employee


def _employee(employee_id: UUID) -> Employee:
    found = Employee.objects.select_for_update().filter(id=employee_id).first()
    if found is None:
        raise UnknownEmployee
    return found
