"""Customers: the list, with search as one types, and adding somebody in one line."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import here
from regulars.console.customer_words import Row, found_text, reason_text, rows_of
from regulars.console.forms import KeyForm
from regulars.console.frame import page
from regulars.console.lines import (
    Line,
    empty_lines,
    one_line,
    regulars_of,
    typed_lines,
    with_taken_phone,
)
from regulars.console.models import SentForm
from regulars.console.views import actor_of
from regulars.intake.introduction import SURE_ENOUGH, introduce
from regulars.kernel.errors import RegularsError
from regulars.kernel.ids import new_id
from regulars.kernel.language import gettext
from regulars.kernel.words import number_text
from regulars.people.models import Customer
from regulars.people.queries import (
    customers_by_id,
    customers_page,
    how_many,
    last_here,
    latest_here,
    likes_of,
    recognise_by_name,
    search,
)

ON_A_PAGE = 30
FOUND_AT_MOST = 20
LONGEST_SEARCH = 120


@require_http_methods(["GET"])
def customers(request: HttpRequest) -> HttpResponse:
    """The list: who is looked for, else the newest or who was here last."""
    return _listed(request, empty_lines()[0])


@require_POST
def customer_add(request: HttpRequest) -> HttpResponse:
    """Adds somebody in one line; who is called like somebody known is asked about first."""
    business, _ = here(request)
    region = business.country or None
    posted = {name: str(value) for name, value in request.POST.items()}
    line = typed_lines(posted, region=region)[0]
    if line.is_empty:
        line = replace(line, problems={"name": gettext("Write down at least one name.")})
    form = KeyForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else new_id()
    if line.problems:
        return _listed(request, line, key=key, refused=True)
    sent = SentForm.objects.filter(key=key).first()
    if sent is not None:
        return _to_customer(sent.customer_id, "again")
    known = [one for one in recognise_by_name(line.name) if one.likeness >= SURE_ENOUGH]
    if known and "sure" not in request.POST:
        return _listed(request, line, key=key, known=[one.customer_id for one in known])
    try:
        added = _added(request, line, key=key, region=region)
    except IntegrityError:  # the same form, at the same moment
        return _to_customer(SentForm.objects.get(key=key).customer_id, "again")
    except RegularsError as error:
        (line,) = with_taken_phone([line], error, region=region)
        return _listed(request, line, key=key, refused=True)
    return _to_customer(added, "added")


def _added(request: HttpRequest, line: Line, *, key: UUID, region: str | None) -> UUID:
    now = datetime.now(UTC)
    (regular,) = regulars_of([line])
    with transaction.atomic():
        (added,) = introduce(
            regulars=[replace(regular, is_new=True)],
            region=region,
            actor=actor_of(request),
            now=now,
        )
        SentForm.objects.create(key=key, customer_id=added, sent_at=now)
    return added


def _to_customer(customer_id: UUID, said: str) -> HttpResponse:
    return redirect(f"{reverse('customer', kwargs={'customer_id': customer_id})}?said={said}")


def _listed(
    request: HttpRequest,
    line: Line,
    *,
    key: UUID | None = None,
    known: list[UUID] | None = None,
    refused: bool = False,
) -> HttpResponse:
    """The page of the list, with the line as it was typed and who may be meant by it."""
    business, _ = here(request)
    zone = ZoneInfo(business.time_zone)
    asked = one_line(request.GET.get("q", "")[:LONGEST_SEARCH])
    order = "here" if request.GET.get("order") == "here" else "newest"
    shown, cursor, reasons = _chosen(asked, order, request.GET.get("after"), business.country)
    listed = [one.id for one in shown] + (known or [])
    likes, seen = likes_of(listed), last_here(listed)
    today = datetime.now(zone).date()

    def rows(some: list[Customer]) -> tuple[Row, ...]:
        return rows_of(some, likes=likes, seen=seen, reasons=reasons, zone=zone, today=today)

    total = how_many()
    return page(
        request,
        "customers/list.html.j2",
        at="customers",
        status=400 if refused else 409 if known else 200,
        asked=asked,
        order=order,
        rows=rows(shown),
        found=found_text(len(shown)) if asked else "",
        total=number_text(total),
        is_empty=not total,
        cursor=cursor,
        later=bool(request.GET.get("after")),
        line=line,
        adding=refused or bool(known),
        known=rows(customers_by_id(known or [])),
        key=key or new_id(),
    )


def _chosen(
    asked: str, order: str, cursor: str | None, country: str
) -> tuple[list[Customer], str | None, dict[UUID, str]]:
    """Who stands on the page, where the next begins, and why somebody is found."""
    if asked:
        found = search(asked, region=country or None, most=FOUND_AT_MOST)
        reasons = {one.customer_id: reason_text(one.reason) for one in found}
        return customers_by_id([one.customer_id for one in found]), None, reasons
    if order == "here":
        latest = latest_here(most=ON_A_PAGE, cursor=cursor)
        return customers_by_id(latest.customer_ids), latest.cursor, {}
    shown = customers_page(cursor=cursor, limit=ON_A_PAGE, by_name=True)
    return customers_by_id([one.id for one in shown.customers]), shown.cursor, {}
