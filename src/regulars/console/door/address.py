"""One's own e-mail address: noted, shown to be one's own by a code that comes there, forgotten."""

import time
from datetime import UTC, datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import here
from regulars.console.door.adapters import CODE_DIGITS, in_halves
from regulars.console.door.forms import AddressForm, MailedCodeForm
from regulars.console.door.passkeys import said
from regulars.console.door.shown import problem_of, status_of
from regulars.console.frame import page
from regulars.credentials.lockout import note_wrong_password
from regulars.kernel.errors import RegularsError
from regulars.outreach.models import EmployeeMail
from regulars.outreach.to_employees import CODE_MINUTES, mail_works, tell_of_change, write_code
from regulars.people.models import Employee
from regulars.people.services import confirm_address, note_address
from regulars.people.services.employee_addresses import check_free

SESSION_KEY = "address_to_confirm"


@require_http_methods(["GET", "POST"])
def my_address(request: HttpRequest) -> HttpResponse:
    """Asks for the address, and mails a code there."""
    _, employee = here(request)
    if not mail_works():
        return redirect("mfa_index")
    form = AddressForm(request.POST or None, initial={"email": employee.email})
    if request.method == "POST" and form.is_valid():
        try:
            _mail_code(request, employee, form.cleaned_data["email"])
        except RegularsError as error:
            form.add_error("email", str(error))
        else:
            return redirect("my_address_code")
    return page(
        request,
        "door/address.html.j2",
        at="mfa_index",
        status=status_of(request, form),
        email=form["email"].value() or "",
        problem=problem_of(form),
    )


def _mail_code(request: HttpRequest, employee: Employee, email: str) -> None:
    """Mails a code to an address that nobody else has shown to be theirs.

    Raises:
        EmployeeAddressTaken: Somebody has.
    """
    check_free(employee_id=employee.id, email=email)
    now, code = datetime.now(UTC), get_random_string(CODE_DIGITS, "0123456789")
    note_wrong_password(
        login=f"address:{employee.pk}", address=request.META.get("REMOTE_ADDR", ""), now=now
    )
    with transaction.atomic():
        write_code(
            employee=employee,
            kind=EmployeeMail.CONFIRM,
            address=email,
            code=in_halves(code),
            now=now,
        )
    request.session[SESSION_KEY] = {"email": email, "code": code, "at": time.time()}


@require_http_methods(["GET", "POST"])
def my_address_code(request: HttpRequest) -> HttpResponse:
    """Takes the code that came there."""
    _, employee = here(request)
    asked = request.session.get(SESSION_KEY)
    if not asked or time.time() - asked["at"] > CODE_MINUTES * 60:
        return redirect("my_address")
    form = MailedCodeForm(
        request.POST or None, code=asked["code"], counted=f"address code:{employee.pk}"
    )
    if request.method == "POST" and form.is_valid():
        now = datetime.now(UTC)
        with transaction.atomic():
            before = confirm_address(employee_id=employee.id, email=asked["email"], now=now)
            if before:
                tell_of_change(employee=employee, address=before, now=now)
        del request.session[SESSION_KEY]
        return said("address")
    return page(
        request,
        "door/address_code.html.j2",
        at="mfa_index",
        status=status_of(request, form),
        email=asked["email"],
        problem=problem_of(form),
    )


@require_POST
def my_address_forget(request: HttpRequest) -> HttpResponse:
    """Keeps it no more."""
    _, employee = here(request)
    with transaction.atomic():
        if employee.email_confirmed_at:
            tell_of_change(employee=employee, address=employee.email, now=datetime.now(UTC))
        note_address(employee_id=employee.id, email="")
    return said("no_address")
