"""What happens with a customer: a visit, a purchase, a refund, who sent them; each noted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.care.families import came_by_way_of
from regulars.console.access import actor_of, here
from regulars.console.asking.inputs import moment_of
from regulars.console.asking.lines import LONGEST_NAME, one_line, who_is_it
from regulars.console.customer.forms import PurchaseForm, RefundForm, VisitForm
from regulars.console.customer.head import Shown, about, address, back_or_to, customer_page, to
from regulars.console.customer.overview import overview
from regulars.console.frame import page
from regulars.console.once import event_key
from regulars.console.places import at_place
from regulars.console.shown.names import name_of
from regulars.console.shown.rows import reason_text, rows_of
from regulars.intake.bringing import take_back, tell_sender
from regulars.intake.errors import ReferralNotAllowed
from regulars.intake.noted import SOURCE, noted_refunds, refund_key
from regulars.intake.services import Incoming, record
from regulars.jobs.services import ask_for_scores_again
from regulars.kernel.language import gettext
from regulars.kernel.money import amount_text, major
from regulars.kernel.words import date_text, number_text
from regulars.people.nobody import is_name
from regulars.people.queries import (
    Candidate,
    customers_by_id,
    last_here,
    likes_of,
    namesakes,
    present_ids,
    recognise_by_name,
    standing,
)
from regulars.people.services import add_customer
from regulars.people.services.holding import hold_present
from regulars.stream.models import REFERRAL, Event
from regulars.stream.queries import refunded

TYPES = {
    "visit": "visit.recorded",
    "purchase": "purchase.completed",
    "refund": "purchase.refunded",
}


@require_POST
def customer_visit(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """They are here, or were."""
    form = VisitForm(request.POST, today=_today(request))
    if not form.is_valid():
        return overview(request, customer_id, status=400, wrong=form)
    told = form.cleaned_data
    key = event_key(request, told["key"])
    return _recorded(request, customer_id, "visit", told, {}, key=f"visit:{key}")


@require_POST
def customer_purchase(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """They bought something, now or on a day before."""
    business, _ = here(request)
    form = PurchaseForm(request.POST, currency=business.currency, today=_today(request))
    if not form.is_valid():
        return overview(request, customer_id, status=400, wrong=form)
    told = form.cleaned_data
    key = event_key(request, told["key"])
    total = {"amount_minor": told["amount"], "currency": business.currency}
    what = " ".join(told["what"].split())
    lines = [{"name": what, "amount_minor": told["amount"]}] if what else []
    # A number of its own, by which a refund finds its purchase.
    data = {"total": total, "lines": lines, "order_id": f"{SOURCE}:{key}"}
    return _recorded(request, customer_id, "purchase", told, data, key=f"purchase:{key}")


@dataclass(frozen=True, kw_only=True)
class Bought:
    """A purchase of which something may be given back.

    Attributes:
        event: In the log.
        left: What was not given back yet, in minor units.
        currency: ISO 4217.
        day: When it was.
    """

    event: Event
    left: int
    currency: str
    day: date


@require_http_methods(["GET", "POST"])
def customer_refund(request: HttpRequest, customer_id: UUID, event_id: UUID) -> HttpResponse:
    """Something of a purchase is given back; what is left of it is asked for."""
    shown = about(request, customer_id)
    bought = _bought(shown.profile.ids, event_id, shown.zone)
    form = _refund_form(request, bought, shown.today)
    if request.method == "POST" and form.is_valid():
        return _given_back(request, customer_id, event_id, form)
    status = 400 if request.method == "POST" else 200
    return _refund_page(request, shown, bought, form, status=status)


def _refund_form(request: HttpRequest, bought: Bought, today: date) -> RefundForm:
    return RefundForm(
        request.POST or None,
        initial={"amount": number_text(float(major(bought.left, bought.currency)), digits=2)},
        currency=bought.currency,
        most=bought.left,
        since=bought.day,
        today=today,
    )


def _refund_page(
    request: HttpRequest, shown: Shown, bought: Bought, form: RefundForm, *, status: int
) -> HttpResponse:
    return customer_page(
        request,
        "customer/refund.html.j2",
        shown,
        at="customer",
        status=status,
        bought=(
            gettext("Bought on {day} for {amount}; {left} of it is left.")
            if bought.left > 0
            else gettext("Bought on {day} for {amount}.")
        ).format(
            day=date_text(bought.day),
            amount=amount_text(bought.event.data["total"]["amount_minor"], bought.currency),
            left=amount_text(bought.left, bought.currency),
        ),
        is_left=bought.left > 0,
        asked=form.asked(request.path, gettext("Note the refund"), focus=True),
    )


def _given_back(
    request: HttpRequest, customer_id: UUID, event_id: UUID, form: RefundForm
) -> HttpResponse:
    business, _ = here(request)
    told = form.cleaned_data
    with transaction.atomic():
        ids = hold_present(customer_id)
        bought = _bought(ids, event_id, ZoneInfo(business.time_zone))
        # Whoever came first with the same form has been counted already, and counts once.
        key = refund_key(bought.event, event_key(request, told["key"]))
        if told["amount"] > bought.left and not _is_noted(key):
            form.add_error(
                "amount",
                gettext(
                    "Somebody noted a refund of this purchase just now. Look at what is left of it, and "
                    "write no more than that if yours was another one."
                ),
            )
            shown = about(request, customer_id)
            return _refund_page(request, shown, bought, form, status=409)
        order = bought.event.data.get("order_id")
        data = {
            "total": {"amount_minor": told["amount"], "currency": bought.currency},
            **({"refund_of": order} if order else {}),
        }
        # It belongs to whom the purchase was told of, should a merge be undone.
        whose = bought.event.customer_id or customer_id
        return _recorded(request, whose, "refund", told, data, key=key)


def _is_noted(key: str) -> bool:
    return Event.told.filter(source=SOURCE, key=key).exists()


def _bought(ids: tuple[UUID, ...], event_id: UUID, zone: ZoneInfo) -> Bought:
    """A purchase of theirs, with what is left of it.

    Raises:
        Http404: It is none of theirs.
    """
    event = Event.objects.filter(
        id=event_id, type="purchase.completed", customer_id__in=ids
    ).first()
    if event is None:
        raise Http404
    total = event.data["total"]
    if event.data.get("order_id"):
        back = refunded(ids, [event]).get(event.id, 0)
    else:  # what was given back here is told by its key alone
        here_back = noted_refunds([event]).get(event.id, ())
        back = sum(one.data["total"]["amount_minor"] for one in here_back)
    return Bought(
        event=event,
        left=max(total["amount_minor"] - back, 0),
        currency=total["currency"],
        day=event.occurred_at.astimezone(zone).date(),
    )


@require_POST
def customer_sender(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """They say who sent them: somebody who is surely meant, else whoever is chosen."""
    customer_id, *_ = present_ids(customer_id)
    name = one_line(str(request.POST.get("name", "")))
    problem = gettext("Say it in fewer words.") if len(name) > LONGEST_NAME else who_is_it(name)
    if problem or not is_name(name):
        problem = problem or gettext("Write a name.")
        return overview(request, customer_id, status=400, sender_problem=problem, sender_name=name)
    candidates = [one for one in recognise_by_name(name) if one.customer_id != customer_id]
    sure = [one for one in namesakes(name) if one != customer_id]
    chosen = str(request.POST.get("sender", ""))
    if chosen == "new" or (not chosen and not candidates):
        return _sent(request, customer_id, None, name)
    if not chosen and len(sure) == 1:
        return _sent(request, customer_id, sure[0], name)
    try:
        sender = UUID(chosen)
    except ValueError:
        return _whom(request, customer_id, name, candidates)
    return _sent(request, customer_id, sender, name)


def _sent(request: HttpRequest, friend: UUID, sender: UUID | None, name: str) -> HttpResponse:
    """Records who sent somebody, once; a sender who is not known yet is added by name."""
    business, _ = here(request)
    actor, now, region = actor_of(request), datetime.now(UTC), business.country or None
    with transaction.atomic():
        hold_present(friend)
        if friend in standing((friend,)):
            return back_or_to(request, friend, "again")
        if sender is not None and friend in came_by_way_of(sender):
            raise ReferralNotAllowed
        sender = sender or add_customer(name=name, region=region, actor=actor, now=now)
        told = tell_sender(friend_id=friend, sender_id=sender, actor=actor, now=now)
    return back_or_to(request, friend, "sender" if told.status == "recorded" else "again")


@require_POST
def customer_sender_back(request: HttpRequest, customer_id: UUID, event_id: UUID) -> HttpResponse:
    """Who is said to have sent them did not; who did may be said then."""
    with transaction.atomic():
        ids = hold_present(customer_id)
        if not Event.told.filter(id=event_id, type=REFERRAL, customer_id__in=ids).exists():
            raise Http404
        actor, now = actor_of(request), datetime.now(UTC)
        done = take_back(event_id=event_id, actor=actor, now=now)
        if done:
            ask_for_scores_again(actor=actor, now=now)
    return to(ids[0], "sender_back" if done else "again")


def _recorded(
    request: HttpRequest,
    customer_id: UUID,
    kind: str,
    told: dict[str, Any],
    data: dict[str, Any],
    *,
    key: str,
) -> HttpResponse:
    """Tells intake what happened; its key makes two clicks one event."""
    business, _ = here(request)
    kept, *_ = present_ids(customer_id)
    now, zone = datetime.now(UTC), ZoneInfo(business.time_zone)
    with transaction.atomic():
        (noted,) = record(
            incoming=[
                Incoming(
                    type=TYPES[kind],
                    source=SOURCE,
                    key=key,
                    occurred_at=moment_of(told["day"], now=now, zone=zone),
                    customer_id=customer_id if kind == "refund" else kept,
                    data=data | at_place(request),
                )
            ],
            region=business.country or None,
            actor=actor_of(request),
            now=now,
        )
    return back_or_to(request, kept, kind if noted.status == "recorded" else "again")


def _today(request: HttpRequest) -> date:
    business, _ = here(request)
    return datetime.now(ZoneInfo(business.time_zone)).date()


def _whom(
    request: HttpRequest, customer_id: UUID, name: str, candidates: Sequence[Candidate]
) -> HttpResponse:
    """Asks which of several is meant."""
    business, _ = here(request)
    zone = ZoneInfo(business.time_zone)
    (found,) = customers_by_id([customer_id])
    ids = [one.customer_id for one in candidates]
    return page(
        request,
        "customer/whom.html.j2",
        at="customers",
        action=address(customer_id, "customer_sender"),
        back=address(customer_id),
        customer_name=name_of(found.name),
        name=name,
        rows=rows_of(
            customers_by_id(ids),
            likes=likes_of(ids),
            seen=last_here(ids),
            reasons={one.customer_id: reason_text(one) for one in candidates},
            zone=zone,
            today=datetime.now(zone).date(),
        ),
    )
