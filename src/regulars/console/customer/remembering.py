"""What is remembered of a customer: adding it once, changing it, and forgetting it after asking."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import actor_of, here
from regulars.console.asking.inputs import AskingForm
from regulars.console.customer.about import about_page
from regulars.console.customer.forms import (
    AttributeForm,
    DateForm,
    IdentityForm,
    NameForm,
    NoteForm,
    PreferenceForm,
)
from regulars.console.customer.head import Shown, about, back_or_to, customer_page, to
from regulars.console.customer.overview import overview
from regulars.console.once import once
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, mark
from regulars.people.errors import UnknownAttribute, UnknownEntry
from regulars.people.models import Attribute, Note
from regulars.people.queries import Profile, present_ids
from regulars.people.services import (
    add_date,
    add_identity,
    add_note,
    add_preference,
    change_date,
    change_identity,
    change_note,
    change_preference,
    remove_attribute,
    remove_date,
    remove_identity,
    remove_note,
    remove_preference,
    rename,
    set_attribute,
)

Told = dict[str, Any]
By = Mapping[str, Any]  # customer_id, actor and now, as services take them


@require_POST
def customer_preference(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Something to remember of them."""
    form = PreferenceForm(request.POST)
    if not form.is_valid():
        return overview(request, customer_id, status=400, wrong=form)
    told = form.cleaned_data
    return _kept_once(
        request,
        customer_id,
        told,
        "remembered",
        lambda by: add_preference(kind=told["kind"], text=told["text"], **by),
    )


@require_POST
def customer_note(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """A note about them."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return overview(request, customer_id, status=400, wrong=form)
    told = form.cleaned_data
    return _kept_once(
        request, customer_id, told, "note", lambda by: add_note(text=told["note"], **by)
    )


@require_POST
def customer_identity(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """One more way to recognise them."""
    region = _region(request)

    def add(told: Told, by: By) -> None:
        add_identity(kind=told["kind"], value=told["value"], region=region, **by)

    return _told_about(request, customer_id, IdentityForm(request.POST), "value", add)


@require_POST
def customer_date(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """A day that comes back every year."""

    def add(told: Told, by: By) -> None:
        add_date(**_day(told), **by)

    return _told_about(request, customer_id, DateForm(request.POST), "on", add)


@require_POST
def customer_attribute(request: HttpRequest, customer_id: UUID, key: str) -> HttpResponse:
    """What an attribute of the business's own is of them."""
    attribute = Attribute.objects.filter(key=key, retired_at=None).first()
    if attribute is None:
        raise UnknownAttribute(key=key)
    form = AttributeForm(request.POST, attribute=attribute)

    def keep(told: Told, by: By) -> None:
        set_attribute(key=key, value=told["value"], **by)

    return _told_about(request, customer_id, form, "value", keep)


@require_POST
def customer_name(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """They are called something else."""

    def change(told: Told, by: By) -> None:
        rename(customer_id=by["customer_id"], name=told["name"])

    return _told_about(request, customer_id, NameForm(request.POST), "name", change)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Something remembered that can be changed and forgotten.

    Attributes:
        heading: What is done, in words.
        part: The part of the page that it stands on.
        find: An entry of somebody's by its id, or None.
        form: To change it, filled in as it is, or as it was sent.
        field: Beside which an error stands.
        change: Writes it anew.
        forget: Removes it.
    """

    heading: str
    part: str
    find: Callable[[Profile, str], Any]
    form: Callable[[Any, Any], AskingForm] | None
    field: str
    change: Callable[[Any, Told, By, str | None], None]
    forget: Callable[[Any, UUID, str | None], None]


def _found(entries: tuple[Any, ...], entry_id: str) -> Any:
    return next((one for one in entries if str(one.pk) == entry_id), None)


ENTRIES: Mapping[str, Kind] = {
    "preference": Kind(
        heading=mark("Change what is remembered"),
        part="customer",
        find=lambda profile, entry_id: _found(profile.preferences, entry_id),
        form=lambda one, sent: PreferenceForm(sent, initial={"kind": one.kind, "text": one.text}),
        field="text",
        change=lambda one, told, by, _: change_preference(
            preference_id=one.id, kind=told["kind"], text=told["text"], **by
        ),
        forget=lambda one, customer, _: remove_preference(
            customer_id=customer, preference_id=one.id
        ),
    ),
    "note": Kind(
        heading=mark("Change the note"),
        part="customer",
        find=lambda profile, entry_id: _found(profile.notes, entry_id),
        form=lambda one, sent: NoteForm(sent, initial={"note": one.text}),
        field="note",
        change=lambda one, told, by, _: change_note(note_id=one.id, text=told["note"], **by),
        forget=lambda one, customer, _: remove_note(customer_id=customer, note_id=one.id),
    ),
    "date": Kind(
        heading=mark("Change the day"),
        part="customer_about",
        find=lambda profile, entry_id: _found(profile.dates, entry_id),
        form=lambda one, sent: DateForm(
            sent,
            initial={"label": one.label, "on": one.day, "month": one.month, "year": one.year},
        ),
        field="on",
        change=lambda one, told, by, _: change_date(date_id=one.id, **_day(told), **by),
        forget=lambda one, customer, _: remove_date(customer_id=customer, date_id=one.id),
    ),
    "identity": Kind(
        heading=mark("Correct it"),
        part="customer_about",
        find=lambda profile, entry_id: _found(profile.identities, entry_id),
        form=lambda one, sent: IdentityForm(
            {**sent.dict(), "kind": one.kind} if sent else None,
            initial={"kind": one.kind, "value": one.value},
        ),
        field="value",
        change=lambda one, told, by, region: change_identity(
            kind=one.kind, value=one.value, to=told["value"], region=region, **by
        ),
        forget=lambda one, customer, region: remove_identity(
            customer_id=customer, kind=one.kind, value=one.value, region=region
        ),
    ),
    "attribute": Kind(
        heading=mark("Forget it"),
        part="customer_about",
        find=lambda profile, entry_id: _found(profile.attributes, entry_id),
        form=None,
        field="",
        change=lambda *_: None,
        forget=lambda one, customer, _: remove_attribute(
            customer_id=customer, key=one.attribute.key
        ),
    ),
}


@require_http_methods(["GET", "POST"])
def customer_entry(
    request: HttpRequest, customer_id: UUID, kind: str, entry_id: str
) -> HttpResponse:
    """One thing that is remembered: to be put in other words, or to be forgotten.

    Raises:
        UnknownEntry: It is not among what is remembered of them.
    """
    shown = about(request, customer_id)
    found, region = ENTRIES.get(kind), _region(request)
    entry = found.find(shown.profile, entry_id) if found else None
    if found is None or entry is None:
        raise UnknownEntry
    customer = shown.profile.customer_id
    if request.method == "POST" and "forget" in request.POST:
        with transaction.atomic():
            found.forget(entry, customer, region)
        return to(customer, "forgotten", part=found.part)
    form = found.form(entry, request.POST or None) if found.form else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            with transaction.atomic():
                found.change(entry, form.cleaned_data, _by(request, customer), region)
        except RegularsError as error:
            form.add_error(found.field, str(error))
        else:
            return to(customer, "changed", part=found.part)
    return _entry_page(request, shown, found, form, told=_told(entry))


def _entry_page(
    request: HttpRequest, shown: Shown, kind: Kind, form: AskingForm | None, *, told: str
) -> HttpResponse:
    return customer_page(
        request,
        "customer/entry.html.j2",
        shown,
        at=kind.part,
        status=400 if request.method == "POST" else 200,
        heading=gettext(kind.heading),
        told=told,
        action=request.path,
        asked=form.asked(request.path, gettext("Keep it so"), focus=True) if form else None,
    )


def _told(entry: Any) -> str:
    """An entry in a few words."""
    if isinstance(entry, Note):
        return ""
    return str(getattr(entry, "text", "") or getattr(entry, "label", "") or "")


def _kept_once(
    request: HttpRequest, customer_id: UUID, told: Told, said: str, add: Callable[[By], object]
) -> HttpResponse:
    """Adds something to a customer; the form's own key makes two clicks one."""
    customer, *_ = present_ids(customer_id)
    by = _by(request, customer)

    def write() -> UUID:
        add(by)
        return customer

    _, is_new = once(request, key=told["key"], now=by["now"], write=write)
    return back_or_to(request, customer, said if is_new else "again")


def _told_about(
    request: HttpRequest,
    customer_id: UUID,
    form: AskingForm,
    field: str,
    keep: Callable[[Told, By], None],
) -> HttpResponse:
    """Keeps what is told on the part of what we know; twice is once by itself there.

    Args:
        request: By somebody who is signed in.
        customer_id: Of whom it is told.
        form: As it was sent.
        field: Beside which an error stands.
        keep: Writes it.
    """
    customer, *_ = present_ids(customer_id)
    if form.is_valid():
        told, by = form.cleaned_data, _by(request, customer)
        key = told.pop("key")

        def write() -> UUID:
            keep(told, by)
            return customer

        try:
            _, is_new = once(request, key=key, now=by["now"], write=write)
        except RegularsError as error:
            form.add_error(field, str(error))
        else:
            return to(customer, "remembered" if is_new else "again", part="customer_about")
    return about_page(request, customer, wrong=form, status=400)


def _by(request: HttpRequest, customer_id: UUID) -> dict[str, Any]:
    return {"customer_id": customer_id, "actor": actor_of(request), "now": datetime.now(UTC)}


def _region(request: HttpRequest) -> str | None:
    business, _ = here(request)
    return business.country or None


def _day(told: Told) -> dict[str, Any]:
    return {
        "label": told["label"],
        "month": int(told["month"]),
        "day": told["on"],
        "year": told["year"],
    }
