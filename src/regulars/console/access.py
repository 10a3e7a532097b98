"""Who may come where: one table of every page, and nobody where the table is silent."""

from collections.abc import Mapping
from functools import wraps
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern
from django_htmx.http import HttpResponseClientRedirect

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext
from regulars.people.models import Business, Employee
from regulars.people.queries import business

STRANGERS = frozenset({"", *Employee.ROLES})
EMPLOYEES = frozenset(Employee.ROLES)
MANAGERS = frozenset({Employee.OWNER, Employee.MANAGER})
OWNERS = frozenset({Employee.OWNER})

RULES: Mapping[str, frozenset[str]] = {
    "sign_in": STRANGERS,
    "sign_out": STRANGERS,
    "first_run_business": STRANGERS,
    "first_run_language": STRANGERS,
    "first_run_goal": OWNERS,
    "first_run_questions": OWNERS,
    "first_run_twenty": OWNERS,
    "first_run_tomorrow": OWNERS,
    "choose_password": EMPLOYEES,
    "speak": EMPLOYEES,
    "home": EMPLOYEES,
    "take_up": EMPLOYEES,
    "task_done": EMPLOYEES,
    "task_later": EMPLOYEES,
    "task_again": EMPLOYEES,
    "customers": EMPLOYEES,
    "customer_add": EMPLOYEES,
    "customer": EMPLOYEES,
    "customer_visit": EMPLOYEES,
    "customer_purchase": EMPLOYEES,
    "customer_sender": EMPLOYEES,
    "customer_preference": EMPLOYEES,
    "customer_note": EMPLOYEES,
    "segments": MANAGERS,
    "segment_people": MANAGERS,
    "customer_refund": EMPLOYEES,
    "customer_about": EMPLOYEES,
    "customer_name": EMPLOYEES,
    "customer_identity": EMPLOYEES,
    "customer_date": EMPLOYEES,
    "customer_attribute": EMPLOYEES,
    "customer_entry": EMPLOYEES,
    "customer_contact": EMPLOYEES,
    "customer_consent": EMPLOYEES,
    "customer_suppress": EMPLOYEES,
    "customer_lift": MANAGERS,
    "customer_data": MANAGERS,
    "customer_export": MANAGERS,
    "customer_merge": MANAGERS,
    "merge_undone": MANAGERS,
    "duplicates": MANAGERS,
    "not_the_same": MANAGERS,
    "customer_looks": OWNERS,
    "customer_erase": OWNERS,
    "settings": MANAGERS,
    "mail": OWNERS,
    "mail_again": OWNERS,
    "employees": OWNERS,
    "employee_add": OWNERS,
    "employee_leave": OWNERS,
    "employee_return": OWNERS,
    "employee_password": OWNERS,
}
BEFORE_THE_PASSWORD_IS_OWN = frozenset({"choose_password", "speak"})
ONE_TIME = "one_time_password"


class View(Protocol):
    """Answers a request."""

    def __call__(self, request: HttpRequest, **named: Any) -> HttpResponse: ...  # noqa: D102  (see above)


def guarded(pattern: URLPattern) -> URLPattern:
    """The address with its rule before its view."""
    view: View = pattern.callback
    route = str(pattern.name)
    allowed = RULES.get(route, frozenset())

    @wraps(view)
    def answer(request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            elsewhere = _turned_away(request, route, allowed)
            if elsewhere is None:
                return view(request, **named)
            return _whole_page(request, elsewhere)
        except RegularsError as error:
            return refused(
                request,
                status=error.http_status,
                heading=gettext("That did not work."),
                told=str(error),
            )

    pattern.callback = answer
    return pattern


def signed_in(request: HttpRequest) -> Employee | None:
    """Who is signed in."""
    return request.user if isinstance(request.user, Employee) else None


def here(request: HttpRequest) -> tuple[Business, Employee]:
    """The business, and who is signed in; behind a guard there are both.

    Raises:
        LookupError: There is no guard before this view.
    """
    found, employee = business(), signed_in(request)
    if found is None or employee is None:
        raise LookupError
    return found, employee


def refused(request: HttpRequest, *, status: int, heading: str, told: str) -> HttpResponse:
    """A page that says in one sentence why there is nothing to see."""
    return render(request, "sentence.html.j2", {"heading": heading, "told": told}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (Django's)
    """An address that leads nowhere."""
    return refused(
        request,
        status=404,
        heading=gettext("There is no such page."),
        told=gettext("It may have moved, or the address has a slip in it."),
    )


def _whole_page(request: HttpRequest, elsewhere: HttpResponse) -> HttpResponse:
    """Where somebody has to go, for the page and not for a part of it."""
    address = elsewhere.headers.get("Location", "")
    if address and request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(address)
    return elsewhere


def _turned_away(request: HttpRequest, route: str, allowed: frozenset[str]) -> HttpResponse | None:
    """Where somebody has to go instead, or None for who may come."""
    if allowed == STRANGERS:
        return None
    if business() is None:
        return redirect("first_run_business")
    employee = signed_in(request)
    if employee is None:
        return redirect("sign_in")
    if request.session.get(ONE_TIME) and route not in BEFORE_THE_PASSWORD_IS_OWN:
        return redirect("choose_password")
    if employee.role not in allowed:
        return refused(
            request,
            status=403,
            heading=gettext("This page is for somebody else here."),
            told=gettext("Ask the owner, should you need it."),
        )
    return None
