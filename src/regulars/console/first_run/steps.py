"""The first fifteen minutes: from an empty folder to three names for tomorrow.

Each step is a page of its own, so that a browser's back button and a second visit do what they should.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.care.core import SUGGESTED
from regulars.care.families import largest_families
from regulars.care.queries import due, tomorrow
from regulars.console.access import actor_of, signed_in
from regulars.console.asking.choices import (
    all_zones,
    country_of,
    currency_choices,
    currency_of,
    language_choices,
    often_chosen_zones,
    usual_zone,
)
from regulars.console.asking.forms import BusinessForm, GoalForm
from regulars.console.asking.goals import goal_choices
from regulars.console.first_run import noted
from regulars.console.first_run.lines import (
    SHOWN_AT_ONCE,
    Line,
    empty_lines,
    regulars_of,
    typed_lines,
)
from regulars.console.first_run.phones import with_shared_phones, with_taken_phone
from regulars.console.first_run.whom import with_doubts
from regulars.console.middleware import SESSION_KEY
from regulars.console.once import once
from regulars.console.sessions import remember_signed_in
from regulars.console.shown.suggestions import Next, in_words, line_in_words
from regulars.console.shown.trees import basis_of_trees, trees_of
from regulars.intake.correcting import correct, made_of
from regulars.intake.introduction import Regular, introduce
from regulars.kernel.errors import RegularsError
from regulars.kernel.ids import new_id
from regulars.kernel.language import LANGUAGES, gettext, language
from regulars.kernel.words import list_text, time_text
from regulars.measure.core import five_questions
from regulars.measure.queries import known
from regulars.people.models import Customer, Employee
from regulars.people.queries import business, customers_page, day_here, is_owned, zone_here
from regulars.people.services import choose_goal, finish_first_run, found_business

NOTED_SHOWN = 20
TWO_CLICKS = timedelta(
    minutes=1
)  # later the same sheet is sent on purpose, and who is gone is noted again
STEPS = ("business", "goal", "questions", "twenty", "tomorrow")


@dataclass(frozen=True)
class Place:
    """Where somebody is in the first run.

    Attributes:
        number: Of the step, from 1.
        of: How many there are.
    """

    number: int
    of: int = len(STEPS)


def page(request: HttpRequest, step: str, **words: Any) -> HttpResponse:
    """Renders a step."""
    place = Place(STEPS.index(step) + 1)
    status = 400 if words.pop("refused", False) else 200
    return render(request, f"first_run/{step}.html.j2", {"place": place, **words}, status=status)


@require_http_methods(["GET", "POST"])
def first_run_business(request: HttpRequest) -> HttpResponse:
    """The business and its owner; nobody can come here twice, and where there is an owner, only they."""
    if business() is not None:
        return redirect("home")
    known = signed_in(request)
    if is_owned() and (known is None or known.role != Employee.OWNER):
        logout(request)
        return redirect_to_login(request.path, reverse("account_login"))
    if known is not None and known.one_time_since is not None:
        return redirect("choose_password")
    spoken = language()
    zone = usual_zone(spoken)
    form = BusinessForm(
        request.POST or None, initial={"time_zone": zone, "currency": currency_of(zone)}
    )
    if known is not None:
        form.of_known_owner()
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with transaction.atomic():
            owner = found_business(
                name=told["name"],
                language=spoken,
                time_zone=told["time_zone"],
                country=country_of(told["time_zone"]),
                currency=told["currency"],
                stamp=told["stamp"],
                promise=told["promise"],
                owner=known or told["your_name"],
                password=told.get("password", ""),
                now=datetime.now(UTC),
            )
        if known is None:
            remember_signed_in(request, owner)
        return redirect("first_run_goal")
    return page(
        request,
        "business",
        form=form,
        is_owner_known=known is not None,
        problems=form.problems(),
        languages=language_choices(),
        zones=(often_chosen_zones(spoken), all_zones(spoken)),
        currencies=currency_choices(spoken),
        currency_by_zone={zone: currency_of(zone) for zone, _ in all_zones(spoken)},
        refused=request.method == "POST",
    )


@require_POST
def first_run_language(request: HttpRequest) -> HttpResponse:
    """Goes on in another language."""
    chosen = request.POST.get("language")
    if chosen in LANGUAGES:
        request.session[SESSION_KEY] = chosen
    return redirect("first_run_business")


@require_http_methods(["GET", "POST"])
def first_run_goal(request: HttpRequest) -> HttpResponse:
    """One primary goal."""
    form = GoalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        choose_goal(goal=form.cleaned_data["goal"])
        return redirect("first_run_questions")
    found = business()
    return page(
        request,
        "goal",
        goals=goal_choices(),
        chosen=found.goal if found else "",
        problems=form.problems(),
        refused=request.method == "POST",
    )


@require_http_methods(["GET"])
def first_run_questions(request: HttpRequest) -> HttpResponse:
    """The five questions, with how to begin where nothing is known yet."""
    return page(request, "questions", answers=five_questions(known(now=datetime.now(UTC))))


@require_http_methods(["GET", "POST"])
def first_run_twenty(request: HttpRequest) -> HttpResponse:
    """Twenty regulars from memory, a line each."""
    if request.method == "GET":
        return twenty(
            request, noted.as_noted(request, request.GET.get("again", "")) or empty_lines()
        )
    found = business()
    region = (found.country if found else "") or None
    posted = {name: str(value) for name, value in request.POST.items()}
    typed = with_shared_phones(typed_lines(posted, region=region), region=region)
    lines = with_doubts(typed, posted)
    regulars = regulars_of(lines)
    if any(line.problems for line in lines):
        return twenty(request, lines, problem=gettext("Something needs another look."))
    if not regulars:
        return twenty(request, lines, problem=gettext("Write down at least one name."))
    try:
        _note(request, [line for line in lines if line.name], regulars, region=region)
    except RegularsError as error:
        told = with_taken_phone(lines, error, region=region)
        is_beside = any(line.problems for line in told)
        problem = gettext("Something needs another look.") if is_beside else str(error)
        return twenty(request, told, problem=problem)
    return redirect("first_run_tomorrow")


def _note(
    request: HttpRequest, lines: Sequence[Line], regulars: Sequence[Regular], *, region: str | None
) -> None:
    """Writes who stands on the lines; of whom the first run told before, what is said now instead.

    A sheet that is sent twice, by two clicks, is written once, and the first remembers what it wrote.
    """
    actor, now = actor_of(request), datetime.now(UTC)

    def write() -> UUID:
        again = noted.rewritten(request, lines, regulars)
        corrected, corrections = correct(
            lines=tuple(again.values()), region=region, actor=actor, now=now
        )
        anew = dict(zip(again, corrected, strict=True))
        now_told = [anew.get(place, one) for place, one in enumerate(regulars)]
        customers = introduce(regulars=now_told, region=region, actor=actor, now=now)
        added = Customer.objects.filter(created_at=now, created_by=str(actor))
        ids = list(added.values_list("id", flat=True))
        made = made_of(set(customers), actor=actor, now=now)
        noted.remember(request, lines, customers, added=ids, made=made, corrections=corrections)
        return customers[0]

    once(request, key=noted.sheet_key(request), now=now, write=write, within=TWO_CLICKS)


def twenty(request: HttpRequest, lines: Sequence[Line], *, problem: str = "") -> HttpResponse:
    """The sheet of lines."""
    latest = customers_page(cursor=None, limit=NOTED_SHOWN, by_name=True)
    known_names = [one.name for one in latest.customers]
    return page(
        request,
        "twenty",
        lines=lines[:SHOWN_AT_ONCE],
        further=lines[SHOWN_AT_ONCE:],
        further_open=any(not line.is_empty for line in lines[SHOWN_AT_ONCE:]),
        first_problem=next((line.number for line in lines if line.problems), 1),
        noted=list_text(known_names),
        sheet=request.POST.get("sheet") or request.GET.get("again") or str(new_id()),
        again=noted.last_sheet(request),
        names=list(dict.fromkeys([*known_names, *(line.name for line in lines if line.name)])),
        problem=problem,
        refused=bool(problem),
    )


@require_http_methods(["GET", "POST"])
def first_run_tomorrow(request: HttpRequest) -> HttpResponse:
    """The tree of who brings people, and three names for tomorrow."""
    if request.method == "POST":
        finish_first_run(now=datetime.now(UTC))
        return redirect("home")
    now = datetime.now(UTC)
    figures = known(now=now)
    if not figures.customers:
        return redirect("first_run_twenty")
    return page(
        request,
        "tomorrow",
        said=noted.said(request),
        again=noted.last_sheet(request),
        trees=trees_of(
            largest_families(),
            senders=figures.senders,
            basis=basis_of_trees(figures.customers, time=time_text(now.astimezone(zone_here()))),
        ),
        names=three_names(now),
    )


def three_names(now: datetime) -> list[Next]:
    """Whom to speak to tomorrow, for as many different reasons as there are; thanks come first."""
    lines, _ = due(today=day_here(now))
    thanked = sorted(lines, key=lambda line: -len(line.suggestion.person.brought))
    others = [in_words(one) for one in tomorrow(now=now, most=SUGGESTED)]
    told = [line_in_words(line) for line in thanked]
    return [*told[:1], *others[: SUGGESTED - len(told[:1])], *told[1:]][:SUGGESTED]
