"""One customer: who they are, what to remember, what happened, and what happens now."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.care.core import rhythm_of
from regulars.care.queries import family_of, suggestion_for, web_of
from regulars.console.access import here
from regulars.console.customer_words import (
    contacts_of,
    figures_of,
    kind_choices,
    name_of,
    remembered_of,
    rows_of,
    timeline_of,
    written_of,
)
from regulars.console.forms import KeyForm, NoteForm, PreferenceForm, PurchaseForm
from regulars.console.frame import page
from regulars.console.lines import LONGEST_NAME, one_line
from regulars.console.models import SentForm
from regulars.console.pages import in_words, initial_of, trees_of
from regulars.console.views import actor_of
from regulars.intake.errors import ReferralNotAllowed
from regulars.intake.introduction import SOURCE
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import Actor
from regulars.kernel.ids import new_id
from regulars.kernel.language import gettext, mark
from regulars.kernel.words import date_text
from regulars.people.audit import looked_at
from regulars.people.models import Employee, Look, Note
from regulars.people.queries import (
    customers_by_id,
    kept_ids,
    last_here,
    likes_of,
    present_ids,
    profile,
    recognise_by_name,
)
from regulars.people.services import add_customer, add_note, add_preference
from regulars.people.services.holding import hold_present
from regulars.stream.queries import came_on, paid, timeline

SAID = {
    "added": mark("Added. Now you know each other by name."),
    "visit": mark("The visit is noted."),
    "purchase": mark("The purchase is noted."),
    "sender": mark("Noted who brought them."),
    "remembered": mark("It will be remembered."),
    "note": mark("The note is kept."),
    "again": mark("That was noted already; it counts once."),
}


@require_http_methods(["GET"])
def customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Everything about one customer on one page; of somebody merged into another, the other's."""
    shown, *_ = present_ids(customer_id)
    if shown != customer_id:
        asked = request.META.get("QUERY_STRING", "")
        return redirect(_address(shown) + (f"?{asked}" if asked else ""))
    what = Look.TIMELINE if "before" in request.GET else Look.PROFILE
    looked_at(customer_id=shown, what=what, actor=actor_of(request), now=datetime.now(UTC))
    return _shown(request, shown)


@require_POST
def customer_visit(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """They are here."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _shown(request, customer_id, status=400)
    return _recorded(request, customer_id, "visit", form.cleaned_data["key"], {})


@require_POST
def customer_purchase(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """They bought something."""
    business, _ = here(request)
    form = PurchaseForm(request.POST, currency=business.currency)
    if not form.is_valid():
        return _shown(request, customer_id, status=400, form=form)
    told = form.cleaned_data
    total = {"amount_minor": told["amount"], "currency": business.currency}
    what = " ".join(told["what"].split())
    lines = [{"name": what, "amount_minor": told["amount"]}] if what else []
    return _recorded(
        request, customer_id, "purchase", told["key"], {"total": total, "lines": lines}
    )


@require_POST
def customer_preference(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Something to remember of them."""
    form = PreferenceForm(request.POST)
    if not form.is_valid():
        return _shown(request, customer_id, status=400, remembering=form)
    told = form.cleaned_data

    def add(customer: UUID, now: datetime) -> None:
        add_preference(
            customer_id=customer,
            kind=told["kind"],
            text=told["text"],
            actor=actor_of(request),
            now=now,
        )

    return _kept_once(customer_id, told["key"], "remembered", add)


@require_POST
def customer_note(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """A note about them."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _shown(request, customer_id, status=400, noting=form)
    told = form.cleaned_data

    def add(customer: UUID, now: datetime) -> None:
        add_note(customer_id=customer, text=told["note"], actor=actor_of(request), now=now)

    return _kept_once(customer_id, told["key"], "note", add)


def _kept_once(
    customer_id: UUID, key: UUID, said: str, add: Callable[[UUID, datetime], None]
) -> HttpResponse:
    """Adds something to a customer; the form's own key makes two clicks one."""
    customer_id, *_ = present_ids(customer_id)
    now = datetime.now(UTC)
    try:
        with transaction.atomic():
            SentForm.objects.create(key=key, customer_id=customer_id, sent_at=now)
            add(customer_id, now)
    except IntegrityError:  # the same form again
        return _to(customer_id, "again")
    return _to(customer_id, said)


@require_POST
def customer_sender(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """They say who sent them: somebody who is surely meant, else whoever is chosen."""
    customer_id, *_ = present_ids(customer_id)
    name = one_line(str(request.POST.get("name", "")))
    if not name or len(name) > LONGEST_NAME:
        problem = gettext("Write a name.") if not name else gettext("Say it in fewer words.")
        return _shown(request, customer_id, status=400, sender_problem=problem, sender_name=name)
    candidates = [one for one in recognise_by_name(name) if one.customer_id != customer_id]
    sure = [one for one in candidates if one.likeness == 1]  # the whole name, as it is
    chosen = str(request.POST.get("sender", ""))
    if chosen == "new" or (not chosen and not candidates):
        return _sent(request, customer_id, None, name)
    if not chosen and len(sure) == 1:
        return _sent(request, customer_id, sure[0].customer_id, name)
    try:
        return _sent(request, customer_id, UUID(chosen), name)
    except ValueError:
        return _whom(request, customer_id, name, [one.customer_id for one in candidates])


def _sent(request: HttpRequest, friend: UUID, sender: UUID | None, name: str) -> HttpResponse:
    """Records who sent somebody, once; a sender who is not known yet is added by name."""
    business, _ = here(request)
    actor, now, region = actor_of(request), datetime.now(UTC), business.country or None
    if sender is not None and sender in web_of([friend], stranger=friend).brought.get(friend, ()):
        raise ReferralNotAllowed
    with transaction.atomic():
        hold_present(friend)
        if friend in web_of([friend], stranger=friend).through:
            return _to(friend, "again")
        (told,) = record(
            incoming=[
                Incoming(
                    type="referral.recorded",
                    source=SOURCE,
                    key=f"told:{friend}",
                    occurred_at=now,
                    customer_id=friend,
                    data={
                        "sender_id": str(
                            sender or add_customer(name=name, region=region, actor=actor, now=now)
                        )
                    },
                )
            ],
            region=region,
            actor=actor,
            now=now,
        )
    return _to(friend, "sender" if told.status == "recorded" else "again")


def _recorded(
    request: HttpRequest, customer_id: UUID, kind: str, key: UUID, data: dict[str, Any]
) -> HttpResponse:
    """Tells intake what happens now; the form's own key makes two clicks one event."""
    business, _ = here(request)
    customer_id, *_ = present_ids(customer_id)
    now = datetime.now(UTC)
    with transaction.atomic():
        (told,) = record(
            incoming=[
                Incoming(
                    type={"visit": "visit.recorded", "purchase": "purchase.completed"}[kind],
                    source=SOURCE,
                    key=f"{kind}:{key}",
                    occurred_at=now,
                    customer_id=customer_id,
                    data=data,
                )
            ],
            region=business.country or None,
            actor=actor_of(request),
            now=now,
        )
    return _to(customer_id, kind if told.status == "recorded" else "again")


def _to(customer_id: UUID, said: str) -> HttpResponse:
    return redirect(f"{_address(customer_id)}?said={said}")


def _authors(notes: Iterable[Note]) -> dict[str, str]:
    """The names of employees who wrote notes, by actor."""
    ids = {one.said_by.partition(":")[2] for one in notes if one.said_by.startswith("employee:")}
    employees = Employee.objects.filter(id__in=ids).values_list("id", "name")
    return {str(Actor("employee", str(one))): name for one, name in employees}


def _address(customer_id: UUID) -> str:
    return reverse("customer", kwargs={"customer_id": customer_id})


def _whom(
    request: HttpRequest, customer_id: UUID, name: str, candidates: list[UUID]
) -> HttpResponse:
    """Asks which of several is meant."""
    business, _ = here(request)
    zone = ZoneInfo(business.time_zone)
    (found,) = customers_by_id([customer_id])
    return page(
        request,
        "customers/whom.html.j2",
        at="customers",
        customer_id=customer_id,
        customer_name=name_of(found.name),
        name=name,
        rows=rows_of(
            customers_by_id(candidates),
            likes=likes_of(candidates),
            seen=last_here(candidates),
            reasons={},
            zone=zone,
            today=datetime.now(zone).date(),
        ),
    )


def _shown(
    request: HttpRequest,
    customer_id: UUID,
    *,
    status: int = 200,
    form: PurchaseForm | None = None,
    remembering: PreferenceForm | None = None,
    noting: NoteForm | None = None,
    sender_problem: str = "",
    sender_name: str = "",
) -> HttpResponse:
    """The page, with what is wrong beside the field where something is."""
    business, _ = here(request)
    zone = ZoneInfo(business.time_zone)
    today = datetime.now(zone).date()
    found = profile(customer_id)
    customer_id = found.customer_id
    family = family_of(customer_id)
    happened = timeline(found.ids, cursor=request.GET.get("before"))
    rhythm = rhythm_of((one.astimezone(zone).date() for one in came_on(found.ids)), today=today)
    known_since = found.known_since.astimezone(zone).date()
    if rhythm is not None:
        known_since = min(known_since, rhythm.first)
    suggestion = suggestion_for(customer_id, days_here=rhythm.days if rhythm else 0)
    person = next(one for one in family.people if one.id == customer_id)
    senders = kept_ids(
        UUID(event.data["sender_id"]) for event in happened.events if "sender_id" in event.data
    )
    names = {one.id: name_of(one.name) for one in customers_by_id(senders.values())}
    return page(
        request,
        "customers/customer.html.j2",
        at="customers",
        status=status,
        said=gettext(SAID.get(request.GET.get("said", ""), "")),
        customer_id=customer_id,
        name=name_of(found.name),
        initial=initial_of(found.name),
        contacts=contacts_of(found.identities),
        since=gettext("Known since {day}").format(day=date_text(known_since)),
        remembered=remembered_of(found.preferences),
        kinds=kind_choices(),
        remembering=remembering,
        remember_problems=remembering.problems() if remembering else {},
        remember_key=new_id(),
        notes=written_of(found.notes, authors=_authors(found.notes), zone=zone),
        noting=noting,
        note_problems=noting.problems() if noting else {},
        note_key=new_id(),
        figures=figures_of(
            rhythm,
            paid(found.ids),
            brought=len(person.brought),
            known_since=known_since,
            zone=zone,
        ),
        suggestion=in_words(suggestion) if suggestion else None,
        has_sender=person.came_through is not None,
        trees=trees_of(family, customers=len(family.people), senders=0, widest=len(family.people)),
        timeline=timeline_of(
            happened.events,
            senders={one: (kept, names[kept]) for one, kept in senders.items() if kept in names},
            zone=zone,
        ),
        cursor=happened.cursor,
        earlier="before" in request.GET,
        currency=business.currency,
        visit_key=new_id(),
        purchase_key=new_id(),
        purchase=form,
        problems=form.problems() if form else {},
        sender_problem=sender_problem,
        sender_name=sender_name,
    )
