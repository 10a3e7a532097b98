"""Adding somebody in one line, on the list."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from regulars.console.access import actor_of, here
from regulars.console.asking.forms import KeyForm
from regulars.console.customers.finding import listed_page
from regulars.console.customers.listing import ListAsked
from regulars.console.first_run.lines import Line, regulars_of, typed_lines
from regulars.console.first_run.phones import with_taken_phone
from regulars.console.first_run.whom import with_doubts
from regulars.console.once import customer_of, once
from regulars.intake.introduction import introduce
from regulars.kernel.errors import RegularsError
from regulars.kernel.ids import new_id
from regulars.kernel.language import gettext
from regulars.people.queries import WORTH_ASKING, recognise_by_name


@require_POST
def customer_add(request: HttpRequest) -> HttpResponse:
    """Adds somebody in one line; who is called like somebody known is asked about first."""
    business, _ = here(request)
    region = business.country or None
    posted = {name: str(value) for name, value in request.POST.items()}
    (line,) = with_doubts(typed_lines(posted, region=region)[:1], posted)
    if line.is_empty:
        line = replace(line, problems={"name": gettext("Write down at least one name.")})
    form = KeyForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else new_id()
    if line.problems:
        return listed_page(request, ListAsked(), line=line, key=key, refused=True)
    sent = customer_of(request, key)
    if sent is not None:
        return _to_customer(sent, "again")
    known = [one for one in recognise_by_name(line.name) if one.likeness >= WORTH_ASKING]
    if known and "sure" not in request.POST:
        return listed_page(request, ListAsked(), line=line, key=key, known=known)
    try:
        added, is_new = _added(request, line, key=key, region=region)
    except RegularsError as error:
        (line,) = with_taken_phone([line], error, region=region)
        return listed_page(request, ListAsked(), line=line, key=key, refused=True)
    return _to_customer(added, "added" if is_new else "again")


def _added(request: HttpRequest, line: Line, *, key: UUID, region: str | None) -> tuple[UUID, bool]:
    now = datetime.now(UTC)
    (regular,) = regulars_of([line])

    def add() -> UUID:
        (added,) = introduce(
            regulars=[replace(regular, is_new=True)],
            region=region,
            actor=actor_of(request),
            now=now,
        )
        return added

    return once(request, key=key, now=now, write=add)


def _to_customer(customer_id: UUID, said: str) -> HttpResponse:
    return redirect(f"{reverse('customer', kwargs={'customer_id': customer_id})}?said={said}")
