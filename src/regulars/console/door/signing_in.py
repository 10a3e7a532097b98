"""Signing out, choosing a password of one's own, and the language that one reads."""

from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import signed_in
from regulars.console.asking.forms import PasswordForm
from regulars.console.door.passkeys import said
from regulars.console.frame import page
from regulars.console.middleware import SESSION_KEY
from regulars.console.sessions import remember_signed_in
from regulars.kernel.language import LANGUAGES
from regulars.people.errors import PasswordNotNew, WeakPassword
from regulars.people.models import Employee
from regulars.people.queries import business
from regulars.people.services import change_password


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leaves."""
    logout(request)
    return redirect("account_login")


@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """A password of one's own: after one that somebody else chose, or instead of one's own."""
    employee = signed_in(request)
    if employee is None:
        return redirect("account_login")
    is_first = employee.one_time_since is not None
    form = PasswordForm(request.POST or None)
    problems = form.problems()
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                change_password(employee_id=employee.id, password=form.cleaned_data["password"])
        except (WeakPassword, PasswordNotNew) as error:
            problems = {"password": str(error)}
        else:
            remember_signed_in(request, Employee.objects.get(id=employee.id))
            return redirect("home") if is_first else said("password")
    status = 400 if request.method == "POST" else 200
    told = {"business": business(), "name": employee.name, "problems": problems}
    if is_first:
        return render(request, "door/choose_password.html.j2", told, status=status)
    return page(request, "door/password.html.j2", at="mfa_index", status=status, **told)


@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """Goes on in another language, on the page that one comes from."""
    chosen = request.POST.get("language")
    if chosen in LANGUAGES:
        request.session[SESSION_KEY] = chosen
    return redirect("home")
