"""Settings: what the business says of itself, and who works here."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import here
from regulars.console.choices import (
    all_zones,
    country_of,
    currency_choices,
    language_choices,
    often_chosen_zones,
)
from regulars.console.employee_words import cards_of, role_choices
from regulars.console.forms import EmployeeForm, SettingsForm
from regulars.console.frame import page
from regulars.console.middleware import SESSION_KEY
from regulars.console.pages import goal_choices
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, language
from regulars.people.models import Employee
from regulars.people.passwords import one_time_password
from regulars.people.services import (
    add_employee,
    change_password,
    choose_goal,
    deactivate_employee,
    describe_business,
    reactivate_employee,
)


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """The business: its name, language, clock, currency, stamp, promise and goal."""
    business, _ = here(request)
    known = {name: getattr(business, name) for name in SettingsForm.base_fields}
    form = SettingsForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with transaction.atomic():
            describe_business(
                name=told["name"],
                language=told["language"],
                time_zone=told["time_zone"],
                country=country_of(told["time_zone"]),
                currency=told["currency"],
                stamp=told["stamp"],
                promise=told["promise"],
            )
            choose_goal(goal=told["goal"])
        request.session.pop(SESSION_KEY, None)
        return redirect(f"{reverse('settings')}?said=kept")
    spoken = language()
    return page(
        request,
        "settings/business.html.j2",
        at="settings",
        status=400 if request.method == "POST" else 200,
        said=gettext("Kept.") if request.GET.get("said") == "kept" else "",
        form=form,
        problems=form.problems() if request.method == "POST" else {},
        language_choices=language_choices(),
        zones=(often_chosen_zones(spoken), all_zones(spoken)),
        currencies=currency_choices(spoken),
        goals=goal_choices(),
    )


@require_http_methods(["GET"])
def employees(request: HttpRequest) -> HttpResponse:
    """Who works here."""
    return _listed(request)


@require_POST
def employee_add(request: HttpRequest) -> HttpResponse:
    """Adds somebody, with a password that lets them in once."""
    form = EmployeeForm(request.POST)
    if not form.is_valid():
        return _listed(request, status=400, form=form, problems=form.problems())
    password, now = one_time_password(), datetime.now(UTC)
    try:
        with transaction.atomic():
            added = add_employee(
                name=form.cleaned_data["name"],
                role=form.cleaned_data["role"],
                password=password,
                is_one_time=True,
                now=now,
            )
    except RegularsError as error:
        return _listed(request, status=error.http_status, form=form, problems={"name": str(error)})
    return _told(request, added, password)


@require_POST
def employee_password(request: HttpRequest, employee_id: UUID) -> HttpResponse:
    """A new password for who has forgotten theirs; it lets them in once."""
    password, now = one_time_password(), datetime.now(UTC)
    with transaction.atomic():
        change_password(employee_id=employee_id, password=password, one_time_since=now)
    return _told(request, employee_id, password)


@require_POST
def employee_leave(request: HttpRequest, employee_id: UUID) -> HttpResponse:  # noqa: ARG001  (a view)
    """Lets somebody in no more."""
    with transaction.atomic():
        deactivate_employee(employee_id=employee_id, now=datetime.now(UTC))
    return redirect("employees")


@require_POST
def employee_return(request: HttpRequest, employee_id: UUID) -> HttpResponse:  # noqa: ARG001  (a view)
    """Lets somebody in again."""
    with transaction.atomic():
        reactivate_employee(employee_id=employee_id)
    return redirect("employees")


def _told(request: HttpRequest, employee_id: UUID, password: str) -> HttpResponse:
    """The page with a password that was just made."""
    employee = Employee.objects.get(id=employee_id)
    return _listed(request, name=employee.name, password=password)


def _listed(
    request: HttpRequest,
    *,
    status: int = 200,
    form: EmployeeForm | None = None,
    **words: Any,
) -> HttpResponse:
    """The page of the employees; a password that was just made is shown on it, once."""
    _, owner = here(request)
    told = {"name": "", "password": "", "problems": {}} | words
    answer = page(
        request,
        "settings/employees.html.j2",
        at="employees",
        status=status,
        cards=cards_of(Employee.objects.order_by("-is_active", "name"), me=owner.id),
        roles=role_choices(),
        form=form,
        **told,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
