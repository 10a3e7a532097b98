"""The places where the business meets its customers, its rules for writing, and what stands for nobody."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import actor_of, here
from regulars.console.frame import page
from regulars.console.house.forms import ContactRulesForm, LocationForm, NobodyForm
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, mark
from regulars.people.core import MOST_OF_A_KIND, PRIORITY, shown_phone
from regulars.people.models import BlockedIdentity, Location
from regulars.people.queries import region
from regulars.people.services import (
    add_location,
    block_identity,
    close_location,
    rename_location,
    reopen_location,
    set_contact_rules,
    unblock_identity,
)

KIND_NAMES = {
    "phone": mark("Phone number"),
    "email": mark("E-mail address"),
    "external": mark("Number in another system"),
    "card": mark("Payment card"),
    "handle": mark("Handle"),
}


@require_http_methods(["GET", "POST"])
def locations(request: HttpRequest) -> HttpResponse:
    """The places; a name that is sent is another one."""
    form = LocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                add_location(name=form.cleaned_data["name"], now=datetime.now(UTC))
        except RegularsError as error:
            return _places(request, form, {"name": str(error)})
        return _said("locations")
    return _places(request, form, form.problems())


@require_POST
def location_change(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """Another name for a place, or the end of it, or its return."""
    with transaction.atomic():
        if "close" in request.POST:
            close_location(location_id=location_id, now=datetime.now(UTC))
        elif "reopen" in request.POST:
            reopen_location(location_id=location_id)
        else:
            rename_location(location_id=location_id, name=str(request.POST.get("name", "")))
    return _said("locations")


@require_http_methods(["GET", "POST"])
def contact_rules(request: HttpRequest) -> HttpResponse:
    """Quiet hours, and how often one customer hears from us."""
    business, _ = here(request)
    known = {name: getattr(business, name) for name in ContactRulesForm.base_fields}
    form = ContactRulesForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            set_contact_rules(**form.cleaned_data)
        return _said("contact_rules")
    problems = form.problems() if request.method == "POST" else {}
    return _page(request, "contact_rules", problems, form=form)


@require_http_methods(["GET", "POST"])
def nobody(request: HttpRequest) -> HttpResponse:
    """What stands for nobody, as the shop's own phone."""
    form = NobodyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                block_identity(
                    **form.cleaned_data,
                    region=region(),
                    actor=actor_of(request),
                    now=datetime.now(UTC),
                )
        except RegularsError as error:
            return _nobody(request, form, {"value": str(error)})
        return _said("nobody")
    return _nobody(request, form, form.problems())


@require_POST
def nobody_back(request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG001  (a view)
    """Lets a value stand for somebody again."""
    found = BlockedIdentity.objects.filter(pk=pk).first()
    if found is not None:
        with transaction.atomic():
            unblock_identity(kind=found.kind, value=found.value, region=region())  # type: ignore[arg-type]
    return _said("nobody")


def _places(request: HttpRequest, form: LocationForm, problems: dict[str, str]) -> HttpResponse:
    rows = Location.objects.order_by("name").prefetch_related("employees")
    places = [
        (one, [person.name for person in one.employees.all() if person.is_active]) for one in rows
    ]
    return _page(request, "locations", problems, form=form, places=places)


def _nobody(request: HttpRequest, form: NobodyForm, problems: dict[str, str]) -> HttpResponse:
    blocked = [
        (
            one.pk,
            shown_phone(one.value) if one.kind == "phone" else one.value,
            gettext(KIND_NAMES[one.kind]),
        )
        for one in BlockedIdentity.objects.order_by("kind", "value")
    ]
    return _page(
        request,
        "nobody",
        problems,
        form=form,
        blocked=blocked,
        kinds=[(kind, gettext(name)) for kind, name in KIND_NAMES.items()],
        limits=[(gettext(KIND_NAMES[kind]), MOST_OF_A_KIND[kind]) for kind in PRIORITY],
    )


def _page(request: HttpRequest, route: str, problems: dict[str, str], **words: Any) -> HttpResponse:
    return page(
        request,
        f"house/{route}.html.j2",
        at=route,
        status=400 if problems else 200,
        said=gettext("Kept.") if request.GET.get("said") == "kept" else "",
        problems=problems,
        **words,
    )


def _said(route: str) -> HttpResponse:
    return redirect(f"{reverse(route)}?said=kept")
