"""Where employees are written to about their own signing in; whoever has none signs in as before."""

from datetime import datetime
from uuid import UUID

from regulars.people.core import folded_email
from regulars.people.errors import EmployeeAddressTaken, UnknownEmployee
from regulars.people.models import Employee
from regulars.stream.taken import refused_as


def note_address(*, employee_id: UUID, email: str) -> None:
    """Notes an employee's address; they confirm it before a code that lets in goes there.

    The address that they have confirmed already stays confirmed.

    Args:
        employee_id: Whose.
        email: As written; "" for none.

    Raises:
        InvalidEmail: It is no address.
        EmployeeAddressTaken: Another employee has shown that it is theirs.
        UnknownEmployee: There is no such employee.
    """
    address = folded_email(email.strip()) if email.strip() else ""
    if address:
        check_free(employee_id=employee_id, email=address)
    if not Employee.objects.filter(id=employee_id).exists():
        raise UnknownEmployee
    changed = Employee.objects.filter(id=employee_id).exclude(email=address)
    changed.update(email=address, email_confirmed_at=None)


def confirm_address(*, employee_id: UUID, email: str, now: datetime) -> str:
    """Keeps an address that an employee has shown to be theirs; to be called inside a transaction.

    Args:
        employee_id: Whose.
        email: As `regulars.people.core.folded_email` gives it.
        now: When.

    Returns:
        The address that was confirmed before, where it was another; else "".

    Raises:
        EmployeeAddressTaken: Another employee has shown that it is theirs.
        UnknownEmployee: There is no such employee.
    """
    employee = Employee.objects.select_for_update().filter(id=employee_id).first()
    if employee is None:
        raise UnknownEmployee
    check_free(employee_id=employee_id, email=email)
    before = employee.email if employee.email_confirmed_at else ""
    employee.email, employee.email_confirmed_at = email, now
    with refused_as(EmployeeAddressTaken()):
        employee.save(update_fields=("email", "email_confirmed_at"))
    return "" if before == email else before


def check_free(*, employee_id: UUID, email: str) -> None:
    """That no other employee has shown that an address is theirs.

    Raises:
        EmployeeAddressTaken: Somebody has.
    """
    others = Employee.objects.filter(email=email, email_confirmed_at__isnull=False)
    if others.exclude(id=employee_id).exists():
        raise EmployeeAddressTaken
