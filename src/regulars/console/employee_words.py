"""The words of the page about those who work here."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from regulars.console.frame import ROLE_NAMES
from regulars.console.pages import Choice, initial_of
from regulars.kernel.language import gettext, mark
from regulars.people.models import Employee

ROLE_MEANINGS = {
    Employee.ASSOCIATE: mark("Greets, notes visits and purchases, adds people."),
    Employee.MANAGER: mark("All of that, and the settings of the business."),
    Employee.OWNER: mark("Everything, employees too."),
}


@dataclass(frozen=True)
class Card:
    """An employee on the page.

    Attributes:
        id: Of the employee.
        name: As people call them.
        initial: Of the name.
        role: In a word.
        state: What is to be known of their signing in, or "".
        is_active: Whether they may sign in.
        is_me: Whether it is who looks.
    """

    id: UUID
    name: str
    initial: str
    role: str
    state: str
    is_active: bool
    is_me: bool


def cards_of(employees: Iterable[Employee], *, me: UUID) -> tuple[Card, ...]:
    """Everybody who works here, or did."""
    return tuple(
        Card(
            id=one.id,
            name=one.name,
            initial=initial_of(one.name),
            role=gettext(ROLE_NAMES[one.role]),
            state=_state(one, me),
            is_active=one.is_active,
            is_me=one.id == me,
        )
        for one in employees
    )


def role_choices() -> tuple[Choice, ...]:
    """The roles, each with what it may do."""
    return tuple(
        Choice(role, gettext(ROLE_NAMES[role]), gettext(meaning))
        for role, meaning in ROLE_MEANINGS.items()
    )


def _state(employee: Employee, me: UUID) -> str:
    if not employee.is_active:
        return gettext("Can no longer sign in.")
    if employee.id == me:
        return gettext("That is you.")
    return gettext("Has a one-time password.") if employee.one_time_since else ""
