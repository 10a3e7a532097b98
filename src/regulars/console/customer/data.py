"""A customer's data: to take along, to erase, and who looked at them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from regulars.console.access import RULES, actor_of, here
from regulars.console.customer.head import Shown, about, customer_page
from regulars.console.customer.overview import names_of
from regulars.console.customer.words import LOOK_NAMES
from regulars.console.shown.keys import keys_of
from regulars.console.shown.names import name_of
from regulars.kernel.language import gettext
from regulars.kernel.words import date_text, time_text
from regulars.people.audit import by_the_minute, how_often, looked_at, looks_at
from regulars.people.export import everything, everything_zipped
from regulars.people.models import Customer, Look, Merge
from regulars.people.queries import merges_of
from regulars.people.services import erase

LOOKS_SHOWN = 50
FORMS = {"json": "application/json", "zip": "application/zip"}


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Two customers who were found to be one.

    Attributes:
        merge_id: To take it back.
        told: Who is part of whom, and since when.
        stands: Whether it was not taken back.
    """

    merge_id: UUID
    told: str
    stands: bool


@dataclass(frozen=True, kw_only=True)
class LookTold:
    """That somebody looked at a customer: when, who, at what and how often in a minute."""

    when: str
    iso: str
    who: str
    what: str
    times: str


@require_http_methods(["GET"])
def customer_data(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Their data: merging, taking along, erasing, and who looked."""
    _, employee = here(request)
    shown = about(request, customer_id)
    may = {route: employee.role in RULES[route] for route in ("customer_erase", "customer_looks")}
    return customer_page(
        request,
        "customer/data.html.j2",
        shown,
        at="customer_data",
        merges=_joined(shown),
        may_erase=may["customer_erase"],
        may_see_looks=may["customer_looks"],
    )


@require_http_methods(["GET"])
def customer_looks(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Who looked at them, the latest first."""
    shown = about(request, customer_id)
    looks = list(islice(looks_at(shown.profile.customer_id), LOOKS_SHOWN))
    names = names_of(one.looked_by for one in looks)
    keys = keys_of(looks)
    return customer_page(
        request,
        "customer/looks.html.j2",
        shown,
        at="customer_data",
        looks=tuple(
            LookTold(
                when=f"{date_text(moment.date())}, {time_text(moment)}",
                iso=moment.isoformat(timespec="minutes"),
                who=names.get(one.looked_by) or _program(one.looked_by, keys),
                what=gettext(LOOK_NAMES[one.what]),
                times=how_often(times),
            )
            for one, times in by_the_minute(looks)
            for moment in (one.looked_at.astimezone(shown.zone),)
        ),
        is_cut=len(looks) == LOOKS_SHOWN,
        most=LOOKS_SHOWN,
    )


@require_http_methods(["GET"])
def customer_export(request: HttpRequest, customer_id: UUID, form: str) -> HttpResponse:
    """Everything about them, for them: as JSON, or as a folder of tables."""
    if form not in FORMS:
        raise Http404
    shown_id = about(request, customer_id).profile.customer_id
    looked_at(
        customer_id=shown_id, what=Look.EXPORT, actor=actor_of(request), now=datetime.now(UTC)
    )
    content = (
        everything_zipped(shown_id)
        if form == "zip"
        else json.dumps(everything(shown_id), ensure_ascii=False, indent=2).encode()
    )
    answer = HttpResponse(content, content_type=FORMS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="customer-{shown_id}.{form}"'
    return answer


@require_http_methods(["GET", "POST"])
def customer_erase(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Asks plainly, and erases."""
    shown = about(request, customer_id)
    if request.method == "POST" and "sure" in request.POST:
        with transaction.atomic():
            erase(
                customer_id=shown.profile.customer_id,
                actor=actor_of(request),
                now=datetime.now(UTC),
            )
        return redirect(f"{reverse('customers')}?said=erased")
    return customer_page(
        request,
        "customer/erase.html.j2",
        shown,
        at="customer_data",
        status=400 if request.method == "POST" else 200,
        has_not_said=request.method == "POST",
    )


def _joined(shown: Shown) -> tuple[Joined, ...]:
    merges: tuple[Merge, ...] = merges_of(shown.profile.customer_id)
    ids = {one for merge in merges for one in (merge.kept_id, merge.merged_id)}
    names = {one.id: name_of(one.name) for one in Customer.objects.filter(id__in=ids)}
    told = {
        True: gettext("{merged} is part of {kept} since {day}."),
        False: gettext("{merged} was part of {kept} from {day} until {end}."),
    }
    return tuple(
        Joined(
            merge_id=merge.id,
            told=told[merge.undone_at is None].format(
                merged=names.get(merge.merged_id, name_of("")),
                kept=names.get(merge.kept_id, name_of("")),
                day=date_text(merge.merged_at.astimezone(shown.zone).date()),
                end=date_text(merge.undone_at.astimezone(shown.zone).date())
                if merge.undone_at
                else "",
            ),
            stands=merge.undone_at is None,
        )
        for merge in merges
    )


def _program(actor: str, keys: Mapping[str, str]) -> str:
    kind, _, id_ = actor.partition(":")
    return keys.get(id_) or {
        "key": gettext("a key of the API"),
        "command": gettext("a command"),
        "system": gettext("Regulars itself"),
    }.get(kind, gettext("somebody who works here no more"))
