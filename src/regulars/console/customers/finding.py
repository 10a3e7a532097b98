"""Customers: the list, with search as one types."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods
from django_htmx.http import replace_url

from regulars.console.access import RULES, here
from regulars.console.customers.listing import Link, ListAsked, orders_of, selects_of
from regulars.console.first_run.lines import Line, empty_lines
from regulars.console.frame import page
from regulars.console.models import SavedView
from regulars.console.places import places_looked_at
from regulars.console.shown.rows import Row, reason_text, rows_of
from regulars.kernel.ids import new_id
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import number_text
from regulars.people.models import Customer
from regulars.people.queries import (
    MOST_TOLD,
    Candidate,
    customers_by_id,
    how_many,
    last_here,
    likes_of,
    search,
)
from regulars.scoring.core import LIFE_CYCLE_NAMES
from regulars.scoring.listing import Filters, chosen, listed
from regulars.scoring.models import Score
from regulars.scoring.queries import latest_run

ON_A_PAGE = 30
FOUND_AT_MOST = 20
ALL_AT_ONCE = 1_000
SAID = {
    "erased": mark("Erased. Nothing that tells who they were is kept."),
    "visit": mark("The visit is noted."),
    "purchase": mark("The purchase is noted."),
    "sender": mark("Noted who brought them."),
    "note": mark("The note is saved."),
    "again": mark("That was noted already; it counts once."),
}


@require_http_methods(["GET"])
def customers(request: HttpRequest) -> HttpResponse:
    """The list: who is looked for, else whoever is asked for, in the order that is asked for."""
    asked = ListAsked.of(request.GET.dict())
    answer = listed_page(request, asked)
    if request.headers.get("HX-Request") == "true":  # the address without what nobody asked
        return replace_url(answer, asked.address())
    return answer


def found_text(count: int) -> str:
    """How many were found."""
    if not count:
        return gettext("Nobody is called like that.")
    return ngettext("One person found.", "{count} people found.", count).format(
        count=number_text(count)
    )


def listed_page(
    request: HttpRequest,
    asked: ListAsked,
    *,
    line: Line | None = None,
    key: UUID | None = None,
    known: Sequence[Candidate] = (),
    refused: bool = False,
    view_name: str = "",
    view_problem: str = "",
) -> HttpResponse:
    """The page of the list, with the line as it was typed and who may be meant by it."""
    business, employee = here(request)
    zone = ZoneInfo(business.time_zone)
    now = datetime.now(zone)
    after, view = request.GET.get("after"), request.GET.get("view", "")
    looked_at = places_looked_at(request)
    filters = asked.filters(now=now, places=looked_at.ids)
    shown, cursor, reasons = _chosen(asked, filters, after, business.country)
    alike = customers_by_id([one.customer_id for one in known])
    reasons = {**reasons, **{one.customer_id: reason_text(one) for one in known}}
    rows = {row.id: row for row in _rows([*shown, *alike], reasons, zone=zone, today=now.date())}
    total, views = how_many(), _views(view)
    return page(
        request,
        "customers/list.html.j2",
        at="customers",
        status=400 if refused or view_problem else 409 if known else 200,
        said=gettext(SAID.get(request.GET.get("said", ""), "")),
        asked=asked,
        selects=selects_of(asked),
        orders=orders_of(asked),
        views=views,
        view=next((one for one in views if one.is_here), None),
        view_name=view_name,
        view_problem=view_problem,
        may_export=employee.role in RULES["customers_export"],
        export=asked.address(route="customers_export"),
        rows=tuple(rows[one.id] for one in shown),
        found=_found(asked, filters, len(shown)),
        places=looked_at,
        total=number_text(total),
        is_empty=not total,
        further=asked.address(after=cursor, view=view) if cursor else "",
        first=asked.address(view=view) if after else "",
        back=asked.address(),
        line=line or empty_lines()[0],
        adding=refused or bool(known),
        known=tuple(rows[one.id] for one in alike),
        key=key or new_id(),
    )


def _rows(
    some: list[Customer], reasons: Mapping[UUID, str], *, zone: ZoneInfo, today: date
) -> tuple[Row, ...]:
    """Some customers as the list shows them, each with why they are found."""
    ids = [one.id for one in some]
    return rows_of(
        some,
        likes=likes_of(ids),
        seen=last_here(ids),
        reasons=reasons,
        marks=marks_of(ids),
        zone=zone,
        today=today,
    )


def _views(shown: str) -> tuple[Link, ...]:
    """The kept lists.

    Args:
        shown: The id of the one that the page shows, or "".
    """
    return tuple(
        Link(
            ListAsked.of(one.asked).address(view=str(one.id)),
            one.name,
            str(one.id) == shown,
            one.id,
        )
        for one in SavedView.objects.order_by("name")
    )


def _found(asked: ListAsked, filters: Filters, shown: int) -> str:
    """How many there are, where fewer than everybody are asked for."""
    if asked.q:
        return found_text(shown)
    if not filters.any:
        return ""
    count = chosen(filters)[: MOST_TOLD + 1].count()
    if count > MOST_TOLD:
        return gettext("More than {count} people on this list.").format(
            count=number_text(MOST_TOLD)
        )
    return ngettext("{count} person on this list.", "{count} people on this list.", count).format(
        count=number_text(count)
    )


def marks_of(customer_ids: list[UUID]) -> dict[UUID, tuple[str, str]]:
    """What to know of some customers at once: the life cycle, kind and words."""
    scores = Score.objects.filter(run=latest_run(), customer_id__in=customer_ids)
    names: dict[str, str] = {one: gettext(name) for one, name in LIFE_CYCLE_NAMES.items()}
    return {
        customer: (standing, names[standing])
        for customer, standing in scores.values_list("customer_id", "life_cycle")
        if standing in names
    }


def everybody_asked(asked: ListAsked, filters: Filters, *, country: str) -> list[UUID]:
    """Everybody whom the pages of a list show, in their order."""
    found: list[UUID] = []
    cursor: str | None = None
    while True:
        some, cursor, _ = _chosen(asked, filters, cursor, country, most=ALL_AT_ONCE)
        found += [one.id for one in some]
        if cursor is None:
            return found


def _chosen(
    asked: ListAsked,
    filters: Filters,
    cursor: str | None,
    country: str,
    *,
    most: int = ON_A_PAGE,
) -> tuple[list[Customer], str | None, dict[UUID, str]]:
    """Who stands on the page, where the next begins, and why somebody is found."""
    if asked.q:
        found = search(asked.q, region=country or None, most=FOUND_AT_MOST)
        ids = [one.customer_id for one in found]
        if filters.any:
            among = set(chosen(filters).filter(id__in=ids).values_list("id", flat=True))
            ids = [one for one in ids if one in among]
        reasons = {one.customer_id: reason_text(one) for one in found}
        return customers_by_id(ids), None, reasons
    page = listed(filters, order=asked.order, most=most, cursor=cursor)
    return customers_by_id(page.customer_ids), page.cursor, {}
