"""Signing in and out, and choosing a password of one's own."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import ONE_TIME, here
from regulars.console.forms import PasswordForm
from regulars.console.lines import one_line
from regulars.console.lockout import forget_wrong_passwords, minutes_locked, note_wrong_password
from regulars.console.middleware import SESSION_KEY
from regulars.console.models import OneTimePassword
from regulars.kernel.language import LANGUAGES, gettext, ngettext
from regulars.kernel.words import number_text
from regulars.people.core import folded_name
from regulars.people.errors import WeakPassword
from regulars.people.models import Employee
from regulars.people.queries import business
from regulars.people.services import change_password

ONE_TIME_DAYS = 7


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """By name and password."""
    found = business()
    if found is None:
        return redirect("first_run_business")
    name, problem, status = one_line(str(request.POST.get("name", ""))), "", 200
    if request.method == "POST":
        problem, status = _tried(request, name, now=datetime.now(UTC))
        if not problem:
            return redirect("home")
    return render(
        request,
        "sign_in.html.j2",
        {"business": found, "problem": problem, "name": name},
        status=status,
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leaves."""
    logout(request)
    return redirect("sign_in")


@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """A password of one's own, after one that somebody else chose."""
    found, employee = here(request)
    form = PasswordForm(request.POST or None)
    problems = form.problems()
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                change_password(employee_id=employee.id, password=form.cleaned_data["password"])
                OneTimePassword.objects.filter(employee=employee).delete()
        except WeakPassword as error:
            problems = {"password": str(error)}
        else:
            request.session.pop(ONE_TIME, None)
            login(request, Employee.objects.get(id=employee.id))
            return redirect("home")
    return render(
        request,
        "choose_password.html.j2",
        {"business": found, "name": employee.name, "problems": problems},
        status=400 if request.method == "POST" else 200,
    )


@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """Goes on in another language, on the page that one comes from."""
    chosen = request.POST.get("language")
    if chosen in LANGUAGES:
        request.session[SESSION_KEY] = chosen
    return redirect("home")


def _tried(request: HttpRequest, name: str, *, now: datetime) -> tuple[str, int]:
    """What is wrong, with the answer's status; "" where somebody is signed in now."""
    known_as, address = folded_name(name) or name, request.META.get("REMOTE_ADDR", "")
    minutes = minutes_locked(login=known_as, address=address, now=now)
    if minutes:
        return _locked(minutes), 429
    employee = authenticate(
        request, username=known_as, password=str(request.POST.get("password", ""))
    )
    if not isinstance(employee, Employee):
        note_wrong_password(login=known_as, address=address, now=now)
        minutes = minutes_locked(login=known_as, address=address, now=now)
        if minutes:
            return _locked(minutes), 429
        return gettext("This name and password do not belong together."), 400
    return _let_in(request, employee, known_as, now=now)


def _let_in(
    request: HttpRequest, employee: Employee, known_as: str, *, now: datetime
) -> tuple[str, int]:
    made = OneTimePassword.objects.filter(employee_id=employee.pk).first()
    if made is not None and now - made.made_at > timedelta(days=ONE_TIME_DAYS):
        return gettext("This one-time password is too old. Ask the owner for a new one."), 400
    forget_wrong_passwords(login=known_as)
    login(request, employee)
    if made is not None:
        request.session[ONE_TIME] = True
    return "", 200


def _locked(minutes: int) -> str:
    return ngettext(
        "Too many wrong passwords. Try again in a minute.",
        "Too many wrong passwords. Try again in {count} minutes.",
        minutes,
    ).format(count=number_text(minutes))
