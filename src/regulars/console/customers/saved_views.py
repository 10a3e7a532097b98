"""Lists of customers that are asked for often, kept by a name."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from regulars.console.access import actor_of
from regulars.console.asking.lines import one_line
from regulars.console.customers.finding import listed_page
from regulars.console.customers.listing import ListAsked
from regulars.console.models import SavedView
from regulars.kernel.language import gettext

LONGEST_NAME = 60
MOST_VIEWS = 30


@require_POST
def view_add(request: HttpRequest) -> HttpResponse:
    """Keeps a list by a name."""
    asked = replace(ListAsked.of(request.POST.dict()), q="")  # a name would outlive its erasure
    name = one_line(str(request.POST.get("name", "")))
    problem = _problem(name)
    if not problem:
        try:
            with transaction.atomic():
                kept = SavedView.objects.create(
                    name=name,
                    asked=asked.told,
                    made_by=str(actor_of(request)),
                    made_at=datetime.now(UTC),
                )
        except IntegrityError:
            problem = gettext("There is a list of that name already.")
        else:
            return redirect(asked.address(view=str(kept.id)))
    return listed_page(request, asked, view_name=name, view_problem=problem)


@require_POST
def view_forget(request: HttpRequest, view_id: UUID) -> HttpResponse:  # noqa: ARG001  (a view)
    """Keeps a list no more; nobody on it is touched."""
    SavedView.objects.filter(id=view_id).delete()
    return redirect("customers")


def _problem(name: str) -> str:
    if not name:
        return gettext("Write a name.")
    if len(name) > LONGEST_NAME:
        return gettext("Say it in fewer words.")
    if SavedView.objects.count() >= MOST_VIEWS:
        return gettext("Forget a list first; more than {count} nobody finds their way in.").format(
            count=MOST_VIEWS
        )
    return ""
