"""A customer brings the receipt of a purchase that is nobody's yet; and it is put back where it was not theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import actor_of, here
from regulars.console.asking.amounts import typed_amount
from regulars.console.customer.forms import ReceiptForm
from regulars.console.customer.head import Shown, about, address, customer_page, to
from regulars.intake.errors import ReceiptConflict
from regulars.intake.giving import give, put_back
from regulars.intake.noted import noted_refunds
from regulars.kernel.language import gettext
from regulars.kernel.money import amount_text
from regulars.kernel.words import date_text, time_text
from regulars.people.queries import location_names
from regulars.people.services.holding import hold_present
from regulars.stream.models import Event
from regulars.stream.unclaimed import back_of, in_order, unclaimed_between, unclaimed_by_number

MOST = 30
LOOKED_BACK_DAYS = 90
LATEST_DAYS = 7  # shown before anything is looked for
WEEK, WHOLE_DAY = timedelta(days=LATEST_DAYS), timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A purchase of nobody.

    Attributes:
        id: Of the event.
        when: Day and time, in words.
        iso: For machines.
        what: What was bought, its number, and where; as far as it is known.
        amount: In words.
        back: What of it was given back, in words, or "".
    """

    id: UUID
    when: str
    iso: str
    what: str
    amount: str
    back: str


@require_http_methods(["GET", "POST"])
def customer_receipt(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Purchases of nobody are looked for, and one is theirs."""
    shown = about(request, customer_id)
    if request.method == "POST":
        return _given(request, shown)
    return _page(request, shown)


@require_POST
def customer_receipt_back(request: HttpRequest, customer_id: UUID, event_id: UUID) -> HttpResponse:
    """What was given to them by mistake is nobody's again, with what was given back of it here."""
    with transaction.atomic():
        ids = hold_present(customer_id)
        if not Event.objects.filter(id=event_id, customer_id__in=ids).exists():
            return to(ids[0], "again")
        done = put_back(event_id=event_id, actor=actor_of(request), now=datetime.now(UTC))
    if not done:
        raise Http404
    return to(ids[0], "receipt_back", place="#timeline")


def _given(request: HttpRequest, shown: Shown) -> HttpResponse:
    try:
        event_id = UUID(str(request.POST.get("receipt", "")))
    except ValueError:
        raise Http404 from None
    whose = shown.profile.customer_id
    try:
        with transaction.atomic():
            hold_present(whose)
            given = give(
                event_id=event_id, customer_id=whose, actor=actor_of(request), now=datetime.now(UTC)
            )
    except ReceiptConflict:
        return _page(request, shown, problem=gettext("This receipt is somebody’s by now."))
    if given is None:
        raise Http404
    said = "receipt" if given.status == "recorded" else "again"
    return to(whose, said, place="#timeline")


def _page(request: HttpRequest, shown: Shown, *, problem: str = "") -> HttpResponse:
    business, _ = here(request)
    form = ReceiptForm(request.GET if request.method == "GET" else {}, today=shown.today)
    told = form.cleaned_data if form.is_valid() else {}
    on_it, day = str(told.get("on_it") or "").strip(), told.get("day")
    found = _found(on_it, day, shown, business.currency) if form.is_valid() else []
    return customer_page(
        request,
        "customer/receipt.html.j2",
        shown,
        at="customer",
        status=409 if problem else 200 if form.is_valid() else 400,
        asked=form.asked(address(shown.profile.customer_id, "customer_receipt"), gettext("Search")),
        receipts=_in_words(found, shown),
        has_asked=bool(on_it or day) or not form.is_valid(),
        is_cut=len(found) == MOST,
        problem=problem,
    )


def _found(on_it: str, day: date | None, shown: Shown, currency: str) -> list[Event]:
    """Purchases of nobody with what stands on a receipt, on a day, or the latest where nothing was asked."""
    now = shown.now
    since, until = now - WEEK, now + WHOLE_DAY
    if on_it:
        since = now - timedelta(days=LOOKED_BACK_DAYS)
    if day is not None:
        since = datetime.combine(day, time.min, tzinfo=shown.zone)
        until = datetime.combine(day + WHOLE_DAY, time.min, tzinfo=shown.zone)
    if not on_it:
        return unclaimed_between(since, until, most=MOST)
    found = unclaimed_by_number(on_it, since=since, until=until, at_any_time=day is None, most=MOST)
    amount = typed_amount(on_it, currency)
    if amount is not None:
        found += unclaimed_between(since, until, amount=(amount, currency), most=MOST)
    return in_order(found)[:MOST]


def _in_words(purchases: Sequence[Event], shown: Shown) -> tuple[Receipt, ...]:
    back, noted = back_of(purchases), noted_refunds(purchases)
    places = dict(location_names())
    receipts = []
    for one in purchases:
        moment = one.occurred_at.astimezone(shown.zone)
        total, order = one.data["total"], one.data.get("order_id")
        given_back = back.get((one.source, order), 0) if order else 0
        given_back += sum(refund.data["total"]["amount_minor"] for refund in noted.get(one.id, ()))
        lines = [line["name"] for line in one.data.get("lines", ()) if line.get("name")]
        receipts.append(
            Receipt(
                id=one.id,
                when=f"{date_text(moment.date())}, {time_text(moment)}",
                iso=moment.isoformat(timespec="minutes"),
                what=" · ".join(
                    [*lines, order or one.told_key, places.get(one.data.get("location_id"), "")]
                ).removesuffix(" · "),
                amount=amount_text(total["amount_minor"], total["currency"]),
                back=gettext("{amount} of it was given back.").format(
                    amount=amount_text(given_back, total["currency"])
                )
                if given_back
                else "",
            )
        )
    return tuple(receipts)
