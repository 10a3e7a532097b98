"""Who works here: as what, where, and how they come in."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import here
from regulars.console.asking.forms import EmployeeForm
from regulars.console.frame import page
from regulars.console.house.employee_words import cards_of, location_choices, role_choices
from regulars.console.house.forms import PositionForm
from regulars.credentials.second_step import take_away
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, mark
from regulars.people.errors import EmployeeAddressTaken, InvalidEmail
from regulars.people.models import Employee
from regulars.people.passwords import one_time_password
from regulars.people.services import (
    add_employee,
    change_locations,
    change_password,
    change_role,
    deactivate_employee,
    end_sessions,
    note_address,
    reactivate_employee,
)

SAID = {
    "kept": mark("Kept."),
    "gone": mark("They are signed out, and let in no more. What they noted stays."),
    "back": mark("They are let in again."),
    "step": mark("Their second step is taken away. They sign in with the password alone."),
}


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
                locations=form.cleaned_data["locations"],
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
    return _said("gone")


@require_POST
def employee_return(request: HttpRequest, employee_id: UUID) -> HttpResponse:  # noqa: ARG001  (a view)
    """Lets somebody in again."""
    with transaction.atomic():
        reactivate_employee(employee_id=employee_id)
    return _said("back")


@require_POST
def employee_position(request: HttpRequest, employee_id: UUID) -> HttpResponse:
    """Gives somebody another role, or other places."""
    form = PositionForm(request.POST)
    if not form.is_valid():
        return _listed(request, status=400, notice=form.problem())
    try:
        with transaction.atomic():
            change_role(employee_id=employee_id, role=form.cleaned_data["role"])
            change_locations(employee_id=employee_id, locations=form.cleaned_data["locations"])
            if "email" in request.POST:
                note_address(employee_id=employee_id, email=form.cleaned_data["email"])
    except (InvalidEmail, EmployeeAddressTaken) as error:
        return _listed(request, status=error.http_status, notice=str(error))
    return _said("kept")


@require_POST
def employee_step(request: HttpRequest, employee_id: UUID) -> HttpResponse:  # noqa: ARG001  (a view)
    """Takes the second step of somebody away who has lost their phone, and signs them out."""
    with transaction.atomic():
        end_sessions(employee_id=employee_id)
        take_away(employee_id)
    return _said("step")


def _said(what: str) -> HttpResponse:
    return redirect(f"{reverse('employees')}?said={what}")


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
    told = {"name": "", "password": "", "problems": {}, "notice": ""} | words
    return page(
        request,
        "house/employees.html.j2",
        at="employees",
        status=status,
        cards=cards_of(me=owner.id),
        said=gettext(SAID.get(request.GET.get("said", ""), "")),
        roles=role_choices(),
        places=location_choices(),
        form=form,
        **told,
    )
