"""The home page, and what is done with a line of today's list."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from regulars.care.core import SUGGESTED, SUGGESTED_KINDS
from regulars.care.families import largest_families
from regulars.care.queries import done_on, due, tomorrow
from regulars.care.services import finish, put_off, reopen, take_up
from regulars.console.access import RULES, actor_of, here
from regulars.console.frame import page
from regulars.console.places import places_looked_at
from regulars.console.shown.suggestions import in_words, line_in_words
from regulars.console.shown.trees import basis_of_trees, trees_of
from regulars.console.today.changes import changes
from regulars.console.today.greeting import greeting
from regulars.credentials.second_step import is_offered
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import number_text, time_text, weekday_text
from regulars.measure.core import GOALS, basis_of, five_questions
from regulars.measure.services import figures
from regulars.outreach.accounts import mail_account
from regulars.people.models import Customer, Employee
from regulars.people.queries import of_places, present_ids

TREES_ON_HOME, FRIENDS_ON_HOME = 3, 5
SAID = {
    "done": mark("Done. You can take it back below."),
    "later": mark("Put off until tomorrow."),
    "again": mark("It is on today’s list again."),
}


@require_http_methods(["GET"])
def home(request: HttpRequest) -> HttpResponse:
    """What to do today, and the five questions."""
    business, employee = here(request)
    if business.ready_at is None and employee.role == Employee.OWNER:
        # The last step leads back to the one before while nobody is written down.
        return redirect("first_run_goal" if not business.goal else "first_run_tomorrow")
    now = datetime.now(ZoneInfo(business.time_zone))
    places = places_looked_at(request)
    among = Customer.objects.filter(of_places(places.ids)) if places.ids else None
    lines, more = due(today=now.date(), among=among)
    done = done_on(since=now.replace(hour=0, minute=0, second=0, microsecond=0))
    taken_up = sum(one.task.kind in SUGGESTED_KINDS for one in done)
    known = figures(now=now, places=places.ids)
    everywhere = figures(now=now) if places.ids else known  # the trees know no place
    families = largest_families()
    names = tomorrow(now=now, most=max(SUGGESTED - taken_up, 0), among=among, web=families.web)
    return page(
        request,
        "today/home.html.j2",
        at="home",
        greeting=greeting(employee.name, hour=now.hour),
        day=weekday_text(now.date()),
        goal=gettext(GOALS[business.goal]) if business.goal else "",
        may_introduce=employee.role == Employee.OWNER,
        offer_second_step=is_offered(employee, now=now),
        may_write=mail_account() is not None,
        said=gettext(SAID.get(request.GET.get("said", ""), "")),
        lines=[line_in_words(line) for line in lines],
        more=_more(more),
        names=[in_words(one) for one in names],
        places=places,
        done=[line_in_words(line) for line in done],
        changes=changes() if employee.role in RULES["segment_people"] else None,
        answers=five_questions(known),
        basis=basis_of(known, time=time_text(known.counted_at or now)),
        trees=trees_of(
            families,
            senders=everywhere.senders,
            basis=basis_of_trees(
                everywhere.customers, time=time_text(everywhere.counted_at or now)
            ),
            widest=FRIENDS_ON_HOME,
            most=TREES_ON_HOME,
        ),
    )


@require_POST
def task_done(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """A line of the list was done."""
    finish(task_id=task_id, actor=actor_of(request), now=datetime.now(UTC))
    return _said("done")


@require_POST
def task_later(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """A line of the list waits until tomorrow."""
    put_off(task_id=task_id, until=_tomorrow(request))
    return _said("later")


@require_POST
def task_again(request: HttpRequest, task_id: UUID) -> HttpResponse:  # noqa: ARG001  (a view)
    """A line of the list was not done after all."""
    with transaction.atomic():
        reopen(task_id=task_id, now=datetime.now(UTC))
    return _said("again")


@require_POST
def suggestion_taken_up(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """What was suggested was done, or waits until tomorrow."""
    kind, now = str(request.POST.get("kind", "")), datetime.now(UTC)
    if kind not in SUGGESTED_KINDS:
        return redirect("home")
    shown, *_ = present_ids(customer_id)
    with transaction.atomic():
        task = take_up(kind=kind, customer_id=shown, listed_on=_tomorrow(request), now=now)
        if "done" in request.POST:
            finish(task_id=task.id, actor=actor_of(request), now=now)
    return _said("done" if "done" in request.POST else "later")


def _tomorrow(request: HttpRequest) -> date:
    business, _ = here(request)
    return datetime.now(ZoneInfo(business.time_zone)).date() + timedelta(days=1)


def _said(what: str) -> HttpResponse:
    answer = redirect("home")
    answer["Location"] += f"?said={what}"
    return answer


def _more(lines: int) -> str:
    if not lines:
        return ""
    return ngettext(
        "One more line follows when these are done.",
        "{count} more lines follow when these are done.",
        lines,
    ).format(count=number_text(lines))
