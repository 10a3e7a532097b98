"""The words of the page about those who work here."""

from dataclasses import dataclass
from uuid import UUID

from regulars.console.asking.goals import Choice
from regulars.console.frame import ROLE_NAMES
from regulars.console.shown.names import initial_of
from regulars.credentials.second_step import who_have_a_second_step
from regulars.kernel.language import gettext, mark
from regulars.kernel.words import list_text
from regulars.people.models import Employee, Location

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
        position: The role's value.
        places: The ids of where they work; none for everywhere.
        has_step: Whether they have a second step at sign-in.
        email: Their address, or "".
        email_confirmed: Whether they have shown that it is theirs.
    """

    id: UUID
    name: str
    initial: str
    role: str
    state: str
    is_active: bool
    is_me: bool
    position: str
    places: frozenset[str]
    has_step: bool
    email: str
    email_confirmed: bool


def cards_of(*, me: UUID) -> tuple[Card, ...]:
    """Everybody who works here, or did."""
    employees = Employee.objects.order_by("-is_active", "name").prefetch_related("locations")
    with_step = who_have_a_second_step()
    return tuple(
        Card(
            id=one.id,
            name=one.name,
            initial=initial_of(one.name),
            role=_role(one),
            state=_state(one, me),
            is_active=one.is_active,
            is_me=one.id == me,
            position=one.role,
            places=frozenset(str(place.id) for place in one.locations.all()),
            has_step=one.id in with_step,
            email=one.email,
            email_confirmed=one.email_confirmed_at is not None,
        )
        for one in employees
    )


def role_choices() -> tuple[Choice, ...]:
    """The roles, each with what it may do."""
    return tuple(
        Choice(role, gettext(ROLE_NAMES[role]), gettext(meaning))
        for role, meaning in ROLE_MEANINGS.items()
    )


def location_choices() -> tuple[tuple[str, str], ...]:
    """The places that are open, by name."""
    rows = Location.objects.filter(closed_at=None).order_by("name")
    return tuple((str(one.id), one.name) for one in rows)


def _role(employee: Employee) -> str:
    """What somebody is, and where unless everywhere."""
    role = gettext(ROLE_NAMES[employee.role])
    places = sorted(one.name for one in employee.locations.all())
    return f"{role}, {list_text(places)}" if places else role


def _state(employee: Employee, me: UUID) -> str:
    if not employee.is_active:
        return gettext("Can no longer sign in.")
    if employee.id == me:
        return gettext("That is you.")
    return gettext("Has a one-time password.") if employee.one_time_since else ""
