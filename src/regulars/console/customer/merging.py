"""Two customers who are one person: looked at side by side, made one, and two again."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import actor_of, here
from regulars.console.asking.lines import one_line
from regulars.console.customer.head import Shown, about, customer_page, to
from regulars.console.frame import page
from regulars.console.shown.names import initial_of, name_of
from regulars.console.shown.rows import ago_text, reason_text, rows_of
from regulars.jobs.services import ask_for_scores_again
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import Day, date_text, number_text
from regulars.people.core import shown_phone
from regulars.people.likely_same import SENTENCES, Known
from regulars.people.models import Merge
from regulars.people.queries import (
    check_mergeable,
    compared_of,
    customers_by_id,
    how_many,
    is_large,
    known_since,
    last_here,
    likes_of,
    present_ids,
    search,
    suggested_duplicates,
)
from regulars.people.services import merge, say_not_the_same, take_back_not_the_same, unmerge
from regulars.stream.queries import counts

LONGEST_SEARCH = 120
COUNTED = {
    "purchase.completed": mark("Purchases"),
    "visit.recorded": mark("Visits"),
}
FOUND_AT_MOST = 8
PAIRS_SHOWN = 20
COMPARED, COMPARED_OF_MANY = 10_000, 2_000  # on a page that somebody waits for


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two customers who may be one.

    Attributes:
        id: Of the customer.
        name: As people say it.
        initial: Of the name.
        is_named: Whether they are known by it.
        facts: What is known, each with its label; empty where nothing is.
    """

    id: UUID
    name: str
    initial: str
    is_named: bool
    facts: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two customers who may be one, with the reasons."""

    sides: tuple[Side, Side]
    reasons: tuple[str, ...]


@require_http_methods(["GET", "POST"])
def customer_merge(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Looks for whom a customer is the same as, shows both, and makes them one."""
    if request.method == "POST":
        return _merged(request, customer_id)
    shown = about(request, customer_id)
    other = _id(request.GET.get("with", ""))
    if other is not None:
        return _compared(request, shown, about(request, other))
    asked = one_line(request.GET.get("q", "")[:LONGEST_SEARCH])
    business, _ = here(request)
    found = search(asked, region=business.country or None, most=FOUND_AT_MOST + 1) if asked else ()
    ids = [one.customer_id for one in found if one.customer_id != shown.profile.customer_id]
    return customer_page(
        request,
        "customer/merge.html.j2",
        shown,
        at="customer_data",
        asked_name=asked,
        rows=rows_of(
            customers_by_id(ids[:FOUND_AT_MOST]),
            likes=likes_of(ids),
            seen=last_here(ids),
            reasons={one.customer_id: reason_text(one) for one in found},
            zone=shown.zone,
            today=shown.today,
        ),
    )


@require_POST
def merge_undone(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """They are two after all."""
    with transaction.atomic():
        actor, now = actor_of(request), datetime.now(UTC)
        unmerge(merge_id=merge_id, actor=actor, now=now)
        ask_for_scores_again(actor=actor, now=now)
    kept = Merge.objects.values_list("kept_id", flat=True).get(id=merge_id)
    return to(kept, "unmerged", part="customer_data")


@require_http_methods(["GET"])
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs of customers who may be one person, for somebody to decide."""
    business, _ = here(request)
    zone = ZoneInfo(business.time_zone)
    newest = COMPARED_OF_MANY if is_large() else COMPARED
    suspicions = suggested_duplicates(most=PAIRS_SHOWN, newest=newest)
    sides = _sides(
        {one for found in suspicions for one in (found.one, found.other)},
        zone=zone,
        now=datetime.now(zone),
    )
    one, other = _id(request.GET.get("one", "")), _id(request.GET.get("other", ""))
    return page(
        request,
        "customer/duplicates.html.j2",
        at="duplicates",
        pairs=tuple(
            Pair(
                sides=(sides[found.one], sides[found.other]),
                reasons=tuple(gettext(SENTENCES[clue]) for clue in found.clues),
            )
            for found in suspicions
        ),
        said=gettext("Noted that they are two.") if one and other else "",
        taken_back=(one, other) if one and other else None,
        basis=_basis(how_many(), newest),
    )


def _basis(known: int, newest: int) -> str:
    """From how many the pairs come."""
    if known > newest:
        return gettext("From the {count} people whom you got to know last, as of today.").format(
            count=number_text(newest)
        )
    return ngettext(
        "From the one person whom you know by name, as of today.",
        "From the {count} people whom you know by name, as of today.",
        known,
    ).format(count=number_text(known))


@require_POST
def not_the_same(request: HttpRequest) -> HttpResponse:
    """They are two; nobody is asked again, unless that is taken back."""
    one, other = (_id(str(request.POST.get(name, ""))) for name in ("one", "other"))
    if one is None or other is None:
        return redirect("duplicates")
    for customer in (one, other):
        present_ids(customer)
    with transaction.atomic():
        if "again" in request.POST:
            take_back_not_the_same(one=one, other=other)
            return redirect("duplicates")
        say_not_the_same(one=one, other=other, actor=actor_of(request), now=datetime.now(UTC))
    return redirect(f"{reverse('duplicates')}?one={one}&other={other}")


def _merged(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Makes two customers one; whose name stays was chosen."""
    other = _id(str(request.POST.get("with", "")))
    if other is None:
        return redirect("customer_merge", customer_id=customer_id)
    keeps_other = request.POST.get("keep") == str(other)
    kept, merged = (other, customer_id) if keeps_other else (customer_id, other)
    with transaction.atomic():
        actor, now = actor_of(request), datetime.now(UTC)
        merge(kept=kept, merged=merged, actor=actor, now=now)
        ask_for_scores_again(actor=actor, now=now)
    return to(kept, "merged", part="customer_data")


def _compared(request: HttpRequest, one: Shown, other: Shown) -> HttpResponse:
    first, second = one.profile.customer_id, other.profile.customer_id
    check_mergeable(first, second)
    sides = _sides({first, second}, zone=one.zone, now=one.now)
    return customer_page(
        request,
        "customer/compare.html.j2",
        one,
        at="customer_data",
        sides=(sides[first], sides[second]),
        amounts=tuple(
            (label, tuple(number_text(number) for number in numbers))
            for label, numbers in _amounts(one, other)
        ),
    )


def _amounts(one: Shown, other: Shown) -> tuple[tuple[str, tuple[int, int]], ...]:
    """How much there is of each, side by side."""
    both = (one.profile, other.profile)
    first, second = (counts(profile.ids) for profile in both)
    return (
        *(
            (gettext(name), (first.get(kind, 0), second.get(kind, 0)))
            for kind, name in COUNTED.items()
        ),
        (gettext("Notes"), (len(both[0].notes), len(both[1].notes))),
        (gettext("Words on consent"), (len(both[0].consents), len(both[1].consents))),
    )


def _sides(customers: set[UUID], *, zone: ZoneInfo, now: datetime) -> dict[UUID, Side]:
    """What there is to compare, of all of them at once."""
    found, seen = compared_of(sorted(customers)), last_here(customers)
    since = known_since(customers)
    return {
        one.id: Side(
            id=one.id,
            name=name_of(one.name),
            initial=initial_of(one.name),
            is_named=bool(one.name),
            facts=(
                *(fact for fact in _facts(one, since[one.id], zone) if any(fact[1])),
                (gettext("Last here"), (_seen(seen.get(one.id), zone, now),)),
            ),
        )
        for one in found.values()
    }


def _facts(one: Known, since: datetime, zone: ZoneInfo) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        (gettext("Phone number"), tuple(shown_phone(phone) for phone in one.phones)),
        (gettext("E-mail address"), one.emails),
        (gettext("Likes"), one.likes),
        (
            gettext("Days"),
            tuple(f"{label}: {Day(day, month)}" for label, month, day in one.dates),
        ),
        (gettext("Known since"), (date_text(since.astimezone(zone).date()),)),
    )


def _seen(moment: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    if moment is None:
        return gettext("no visit noted yet")
    return ago_text((now.astimezone(zone).date() - moment.astimezone(zone).date()).days)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
