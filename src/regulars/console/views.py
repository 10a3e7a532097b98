"""Signing in, and the home page."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from regulars.care.queries import everybody, tomorrow
from regulars.console.pages import greeting, in_words, trees_of
from regulars.kernel.language import gettext
from regulars.kernel.words import weekday_text
from regulars.measure.core import GOALS, five_questions
from regulars.measure.queries import known
from regulars.people.core import folded_name
from regulars.people.models import Employee
from regulars.people.queries import business


@require_http_methods(["GET"])
def home(request: HttpRequest) -> HttpResponse:
    """What to do today, and the five questions."""
    found = business()
    if found is None:
        return redirect("first_run_business")
    if not request.user.is_authenticated:
        return redirect("sign_in")
    if found.ready_at is None:
        return redirect("first_run_goal" if not found.goal else "first_run_twenty")
    now = datetime.now(ZoneInfo(found.time_zone))
    return render(
        request,
        "home.html.j2",
        {
            "business": found,
            "greeting": greeting(str(request.user), hour=now.hour),
            "day": weekday_text(now.date()),
            "goal": gettext(GOALS[found.goal]) if found.goal else "",
            "may_introduce": getattr(request.user, "role", "") == Employee.OWNER,
            "names": [in_words(one) for one in tomorrow()],
            "answers": five_questions(known()),
            "trees": trees_of(everybody()),
        },
    )


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """By name and password."""
    found = business()
    if found is None:
        return redirect("first_run_business")
    problem = ""
    name = str(request.POST.get("name", ""))
    if request.method == "POST":
        employee = authenticate(
            request,
            username=folded_name(name) or name,
            password=str(request.POST.get("password", "")),
        )
        if employee is not None:
            login(request, employee)
            return redirect("home")
        problem = gettext("This name and password do not belong together.")
    return render(
        request,
        "sign_in.html.j2",
        {"business": found, "problem": problem, "name": name},
        status=400 if problem else 200,
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leaves."""
    logout(request)
    return redirect("sign_in")
