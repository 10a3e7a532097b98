"""A customer at a glance: what to remember, what they are worth and why, who brought whom, what happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from regulars.care.core import rhythm_of
from regulars.care.families import family_of
from regulars.care.queries import suggestion_for
from regulars.console.access import here
from regulars.console.asking.inputs import AskingForm
from regulars.console.customer.figures import figures_of
from regulars.console.customer.forms import NoteForm, PreferenceForm, PurchaseForm, VisitForm
from regulars.console.customer.head import Shown, about, address, customer_page
from regulars.console.customer.known import remembered_of, written_of
from regulars.console.customer.timeline import timeline_of
from regulars.console.customer.worth import worth_lost, worth_of
from regulars.console.shown.names import name_of
from regulars.console.shown.suggestions import in_words
from regulars.console.shown.trees import trees_of
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext
from regulars.people.models import Employee, Look, Note
from regulars.people.queries import Claim, customers_by_id, kept_ids, present_ids, standing
from regulars.stream.models import Event
from regulars.stream.queries import came_on, paid, timeline


@require_http_methods(["GET"])
def customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Everything about one customer on one page; of somebody merged into another, the other's."""
    kept, *_ = present_ids(customer_id)
    if kept != customer_id:
        asked = request.META.get("QUERY_STRING", "")
        return redirect(address(kept) + (f"?{asked}" if asked else ""))
    return overview(request, kept)


@dataclass(frozen=True)
class CameBy:
    """Who brought them.

    Attributes:
        event_id: That says so.
        sender_id: Of who did.
        name: Of them.
    """

    event_id: UUID
    sender_id: UUID
    name: str


def overview(
    request: HttpRequest,
    customer_id: UUID,
    *,
    wrong: AskingForm | None = None,
    status: int = 200,
    sender_problem: str = "",
    sender_name: str = "",
) -> HttpResponse:
    """The page, with what is wrong beside the field where something is."""
    business, _ = here(request)
    earlier = "before" in request.GET
    shown = about(request, customer_id, what=Look.TIMELINE if earlier else Look.PROFILE)
    found, zone = shown.profile, shown.zone
    family = family_of(found.customer_id)
    happened = timeline(found.ids, cursor=request.GET.get("before"))
    came = (moment.astimezone(zone).date() for moment in came_on(found.ids))
    rhythm = rhythm_of(came, today=shown.today)
    suggestion = suggestion_for(
        found.customer_id, days_here=rhythm.days if rhythm else 0, web=family.web
    )
    person = next(one for one in family.people if one.id == found.customer_id)
    came_by = standing(found.ids).get(found.customer_id)
    senders = senders_of(happened.events, came_by)
    return customer_page(
        request,
        "customer/customer.html.j2",
        shown,
        at="customer",
        status=status,
        customer_id=found.customer_id,
        remembered=remembered_of(found.preferences),
        notes=written_of(found.notes, authors=authors_of(found.notes), zone=zone),
        figures=figures_of(
            rhythm,
            paid(found.ids),
            brought=len(person.brought),
            known_since=shown.known_since,
            zone=zone,
        ),
        worth=worth_of(
            shown.score,
            found.ids,
            last_here=rhythm.last if rhythm else None,
            today=shown.today,
        ),
        worth_lost="" if shown.score else worth_lost(found.ids),
        suggestion=in_words(suggestion) if suggestion else None,
        has_sender=came_by is not None,
        came_by=came_by_of(came_by, senders),
        trees=trees_of(family, folds=True),
        timeline=timeline_of(
            happened.events,
            senders=senders,
            came_by=came_by,
            customer_id=found.customer_id,
            employees=names_of(one.recorded_by for one in happened.events if one.replaces),
            zone=zone,
        ),
        cursor=happened.cursor,
        earlier=earlier,
        asked=forms_of(shown, business.currency, wrong=wrong),
        sender_problem=sender_problem,
        asks_sender=request.GET.get("said") == "sender_back",
        sender_name=sender_name,
    )


def came_by_of(claim: Claim | None, senders: Mapping[UUID, tuple[UUID, str]]) -> CameBy | None:
    """Who brought them by the claim that stands, where that is somebody who is there."""
    if claim is None or claim.sender_id not in senders:
        return None
    return CameBy(claim.event_id, *senders[claim.sender_id])


def senders_of(events: Iterable[Event], came_by: Claim | None) -> dict[UUID, tuple[UUID, str]]:
    """Who is said to have sent somebody: who they are now, and their name, by the id that was told.

    Args:
        events: What happened, some of which may say so.
        came_by: The claim that stands about the customer themselves, if one does.
    """
    told = {UUID(one.data["sender_id"]) for one in events if "sender_id" in one.data}
    senders = kept_ids({*told, *([came_by.sender_id] if came_by else ())})
    names = {one.id: name_of(one.name) for one in customers_by_id(senders.values())}
    return {one: (kept, names[kept]) for one, kept in senders.items() if kept in names}


def forms_of(shown: Shown, currency: str, *, wrong: AskingForm | None = None) -> dict[str, object]:
    """What can be noted, each form fresh but for the one that something is wrong with."""
    here_now: dict[str, tuple[AskingForm, str]] = {
        "visit": (VisitForm(today=shown.today), gettext("Note a visit")),
        "purchase": (
            PurchaseForm(today=shown.today, currency=currency),
            gettext("Note the purchase"),
        ),
        "preference": (PreferenceForm(initial={"kind": "likes"}), gettext("Remember it")),
        "note": (NoteForm(), gettext("Save the note")),
    }
    return {
        name: (wrong if isinstance(wrong, type(form)) else form).asked(
            address(shown.profile.customer_id, f"customer_{name}"), button
        )
        for name, (form, button) in here_now.items()
    }


def authors_of(notes: Iterable[Note]) -> dict[str, str]:
    """The names of employees who wrote notes, by actor."""
    return names_of(note.said_by for note in notes)


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """The names of those of some actors who are employees."""
    ids = {one.partition(":")[2] for one in actors if one.startswith("employee:")}
    employees = Employee.objects.filter(id__in=ids).values_list("id", "name")
    return {str(Actor("employee", str(one))): name for one, name in employees}
