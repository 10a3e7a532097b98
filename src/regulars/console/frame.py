"""What stands around every page inside: the way to the others, and who is signed in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from regulars.console.access import RULES, here
from regulars.console.asking.choices import Choices, language_choices
from regulars.console.shown.names import initial_of
from regulars.kernel.language import gettext, mark
from regulars.people.models import Business, Employee

Pages = tuple[tuple[str, str, str], ...]  # route, place on the page, name
# The formula; a step is shown with the pages that there are.
STEPS = (
    (
        mark("Decipher"),
        (
            ("customers", "", mark("Customers")),
            ("segments", "", mark("Segments")),
            ("quadrants", "", mark("Spenders and senders")),
            ("rhythm", "", mark("How they come")),
            ("duplicates", "", mark("Known twice?")),
            ("home", "#family", mark("Who brought whom")),
            ("imports", "", mark("Take files in")),
        ),
    ),
    (mark("Apply"), (("settings", "#stamp", mark("Our stamp and promise")),)),
    (mark("Build"), (("home", "", mark("Today")),)),
    (
        mark("Measure"),
        (
            ("home", "#questions", mark("The five questions")),
            ("retention", "", mark("Do they come back?")),
            ("scores", "", mark("Scores")),
        ),
    ),
)
HOUSE = (
    ("exports", "", mark("Take tables out")),
    ("settings", "", mark("Settings")),
    ("mail", "", mark("Mail")),
    ("employees", "", mark("Employees")),
)
# The pages of the settings themselves, in groups above them: those of one group side by side.
SETTINGS = (
    (
        mark("Business"),
        (("settings", "", mark("Name and promise")), ("locations", "", mark("Places"))),
    ),
    (
        mark("Rules"),
        (
            ("contact_rules", "", mark("When we write")),
            ("attributes", "", mark("What we ask everybody")),
            ("nobody", "", mark("Stands for nobody")),
        ),
    ),
    (
        mark("Safety"),
        (
            ("backups", "", mark("Backups")),
            ("keys", "", mark("Keys for programs")),
            ("looks", "", mark("Who looked")),
        ),
    ),
)
ROLE_NAMES = {
    Employee.OWNER: mark("Owner"),
    Employee.MANAGER: mark("Manager"),
    Employee.ASSOCIATE: mark("Associate"),
}


@dataclass(frozen=True)
class Way:
    """A link to a page.

    Attributes:
        address: Of the page.
        name: What it is called.
        is_here: Whether it is the page that is shown.
    """

    address: str
    name: str
    is_here: bool


@dataclass(frozen=True)
class Step:
    """A step of the formula, or a group of the settings, with its pages."""

    name: str
    ways: tuple[Way, ...]

    @property
    def is_here(self) -> bool:
        """Whether one of its pages is shown."""
        return any(way.is_here for way in self.ways)


@dataclass(frozen=True)
class Frame:
    """What stands around a page.

    Attributes:
        business: Whose it is.
        steps: Of the formula, those that have a page.
        house: Settings, for those who may.
        name: Of who is signed in.
        initial: Of the name.
        role: In a word.
        languages: That can be chosen from.
        at: The route of the page that is shown.
        settings: The groups of the settings' pages, on one of them.
    """

    business: Business
    steps: tuple[Step, ...]
    house: tuple[Way, ...]
    name: str
    initial: str
    role: str
    languages: Choices
    at: str
    settings: tuple[Step, ...]


def page(
    request: HttpRequest, template: str, *, status: int = 200, at: str = "", **words: Any
) -> HttpResponse:
    """Renders a page inside the frame.

    Args:
        request: By somebody who is signed in.
        template: Of the page.
        status: Of the answer.
        at: The route of the page that it belongs to.
        **words: What the page says.
    """
    business, employee = here(request)
    settings = _steps(SETTINGS, employee.role, at)
    in_settings = any(group.is_here for group in settings)
    frame = Frame(
        business=business,
        steps=_steps(STEPS, employee.role, at),
        house=_ways(HOUSE, employee.role, "settings" if in_settings else at),
        name=employee.name,
        initial=initial_of(employee.name),
        role=gettext(ROLE_NAMES[employee.role]),
        languages=language_choices(),
        at=at,
        settings=settings if in_settings else (),
    )
    return render(request, template, {"frame": frame, "business": business, **words}, status=status)


def _steps(steps: tuple[tuple[str, Pages], ...], role: str, at: str) -> tuple[Step, ...]:
    return tuple(
        Step(gettext(name), ways) for name, pages in steps if (ways := _ways(pages, role, at))
    )


def _ways(pages: Pages, role: str, at: str) -> tuple[Way, ...]:
    return tuple(
        Way(reverse(route) + place, gettext(name), is_here=route == at and not place)
        for route, place, name in pages
        if role in RULES[route]
    )
