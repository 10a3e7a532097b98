"""Segments: everybody crossed by value and life cycle, what they want, and the list behind each number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from regulars.console.access import here
from regulars.console.frame import page
from regulars.console.segments.words import (
    basis_of,
    condition_text,
    cross_of,
    heading_of,
    is_more,
    list_address,
    reasons_of,
    wanting_of,
)
from regulars.console.shown.rows import Row, rows_of
from regulars.console.shown.spark import Spark, spark_of
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import number_text
from regulars.people.models import Business
from regulars.people.queries import MOST_TOLD, customers_by_id, day_here, last_here, likes_of
from regulars.scoring.conditions import Condition
from regulars.scoring.everybody import Member, crossed, how_many_fulfil, page_of, wanted_most, wants
from regulars.scoring.models import Run, Segment
from regulars.scoring.own_fields import asked_of
from regulars.scoring.queries import kept_segments, latest_run, sizes_of_segments
from regulars.scoring.ready_made import selection
from regulars.scoring.segments import explained_each

ON_A_PAGE = 30
WANTS_SHOWN = 12
LAST_PAGE = 100_000


@dataclass(frozen=True)
class Pages:
    """The addresses of the first page and of the next, "" where there is none to go to."""

    first: str
    further: str


@require_http_methods(["GET"])
def segments(request: HttpRequest) -> HttpResponse:
    """Everybody by value and life cycle, or those who want one thing."""
    business, _ = here(request)
    run, chosen = latest_run(), selection(request.GET.dict())
    counted = crossed(chosen.condition(), run)
    return page(
        request,
        "segments/cross.html.j2",
        at="segments",
        chosen=heading_of(chosen) if chosen.told() else "",
        people_address=list_address(chosen),
        cross=cross_of(counted, wanted_most(run), chosen),
        wanting=wanting_of(wants(most=WANTS_SHOWN), chosen),
        own=own_of(business.currency, run),
        said=gettext("The segment is removed.") if request.GET.get("said") == "removed" else "",
        is_empty=not counted and not chosen.told(),
        basis=basis_of(sum(counted.values()), run),
    )


@require_http_methods(["GET"])
def segment_people(request: HttpRequest) -> HttpResponse:
    """Who stands behind a number, each with the reason."""
    business, _ = here(request)
    run, chosen = latest_run(), selection(request.GET.dict())
    start = start_of(request)
    condition = chosen.condition()
    found, customers = page_of(condition, run, start=start, limit=ON_A_PAGE)
    address = list_address(chosen)
    return page(
        request,
        "segments/people.html.j2",
        at="segments",
        heading=heading_of(chosen),
        told=count_text(customers),
        rows=rows_with_reasons(found, condition, run, business),
        keep_address=list_address(chosen, "segment_new") if chosen.told() else "",
        file_address=list_address(chosen, "segment_people_file"),
        basis=basis_of(customers, run),
        pages=around(address, start, len(found), customers),
    )


@dataclass(frozen=True, kw_only=True)
class Own:
    """A segment of one's own in the list of them.

    Attributes:
        address: Of its page.
        name: As people call it.
        asked: What it asks, alternative by alternative.
        customers: How many they are.
        spark: How many they were.
    """

    address: str
    name: str
    asked: tuple[str, ...]
    customers: str
    spark: Spark | None


def own_of(currency: str, run: Run | None) -> tuple[Own, ...]:
    """The segments of one's own, as they were counted when everybody was scored last."""
    sizes = sizes_of_segments()
    return tuple(
        Own(
            address=reverse("segment", kwargs={"segment_id": one.id}),
            name=one.name,
            asked=condition_text(asked_of(one.condition), currency),
            customers=_size_text(_size(one, sizes.get(one.id, ()), run)),
            spark=spark_of(sizes.get(one.id, ())),
        )
        for one in kept_segments()
    )


def _size(one: Segment, sizes: Sequence[tuple[date, int]], run: Run | None) -> int:
    """As it was counted last, unless what it asks was changed since then: that is counted now."""
    if sizes and sizes[-1][0] > day_here(one.changed_at):
        return sizes[-1][1]
    return how_many_fulfil(asked_of(one.condition), run)


def _size_text(customers: int) -> str:
    return f"> {number_text(MOST_TOLD)}" if is_more(customers) else number_text(customers)


def start_of(request: HttpRequest) -> int:
    """How many are left out before a page."""
    asked = request.GET.get("start", "")
    return min(int(asked), LAST_PAGE * ON_A_PAGE) if asked.isascii() and asked.isdigit() else 0


def around(address: str, start: int, shown: int, customers: int) -> Pages:
    """The ways on from a page of a list."""
    mark = "&" if "?" in address else "?"
    further = start + ON_A_PAGE
    goes_on = further < customers or (is_more(customers) and shown == ON_A_PAGE)
    return Pages(
        first=address if start else "",
        further=f"{address}{mark}start={further}" if goes_on else "",
    )


def count_text(customers: int) -> str:
    """How many somebody's list holds."""
    if not customers:
        return gettext("Nobody now.")
    if is_more(customers):
        return gettext("More than {count} customers now.").format(count=number_text(MOST_TOLD))
    return ngettext("One customer now.", "{count} customers now.", customers).format(
        count=number_text(customers)
    )


def rows_with_reasons(
    found: tuple[Member, ...], condition: Condition | None, run: Run | None, business: Business
) -> tuple[Row, ...]:
    """Customers as a list shows them, each with why they are in it."""
    ids = [one.customer_id for one in found]
    scores = {one.customer_id: one.score for one in found if one.score is not None}
    answers = explained_each(condition, run, ids) if condition else {}
    zone = ZoneInfo(business.time_zone)
    today, seen = datetime.now(zone).date(), last_here(ids)
    here = {one: moment.astimezone(zone).date() for one, moment in seen.items()}
    return rows_of(
        customers_by_id(ids),
        likes=likes_of(ids),
        seen=seen,
        reasons=reasons_of(ids, answers, scores, here=here, today=today),
        zone=zone,
        today=today,
    )
