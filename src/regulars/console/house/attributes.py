"""What this business asks of everybody besides: defined here, answered on each customer's page."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.asking.inputs import AskingForm
from regulars.console.frame import page
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, mark
from regulars.people.models import Attribute
from regulars.people.names import folded_name
from regulars.people.queries import open_attributes
from regulars.people.remembering import ATTRIBUTES, LONGEST_KEY, LONGEST_NAME
from regulars.people.services import define_attribute, retire_attribute

KIND_NAMES = {
    "text": mark("A few words"),
    "number": mark("A number"),
    "yes_no": mark("Yes or no"),
    "date": mark("A day"),
    "choice": mark("One of several"),
}
LONGEST_CHOICES = 2_000


class OwnAttributeForm(AskingForm):
    """One more thing to know of everybody."""

    missing = {"name": mark("Write what you want to know.")}  # noqa: RUF012
    labels = {  # noqa: RUF012
        "name": mark("What you want to know"),
        "kind": mark("How it is answered"),
        "choices": mark("The several, each on a line of its own"),
        "consent": mark("Whether they must agree before it is kept"),
    }
    hints = {  # noqa: RUF012
        "name": mark("For example: the part of town they live in."),
        "choices": mark("Only for “one of several”."),
        "consent": mark("Choose yes for what is private, as health or faith."),
    }
    words = {"kind": KIND_NAMES, "consent": {"no": mark("No"), "yes": mark("Yes")}}  # noqa: RUF012

    key = forms.UUIDField()
    name = forms.CharField(max_length=LONGEST_NAME)
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in ATTRIBUTES])
    choices = forms.CharField(max_length=LONGEST_CHOICES, required=False, widget=forms.Textarea)
    consent = forms.ChoiceField(choices=[("no", "no"), ("yes", "yes")])

    def clean(self) -> dict[str, Any]:
        """Several are told where one of them is chosen, and nowhere else."""
        told = super().clean() or {}
        lines = [line.strip() for line in str(told.get("choices", "")).splitlines()]
        several = list(dict.fromkeys(line for line in lines if line))
        told["choices"] = several if told.get("kind") == "choice" else []
        if told.get("kind") == "choice" and not several:
            self.add_error("choices", gettext("Write down what there is to choose from."))
        return told


@require_http_methods(["GET"])
def attributes(request: HttpRequest) -> HttpResponse:
    """What is asked of everybody."""
    return _listed(request)


@require_POST
def attribute_add(request: HttpRequest) -> HttpResponse:
    """Asks one more thing."""
    form = OwnAttributeForm(request.POST)
    if not form.is_valid():
        return _listed(request, wrong=form)
    told = form.cleaned_data
    try:
        with transaction.atomic():
            define_attribute(
                key=_key(told["name"]),
                name=told["name"],
                kind=told["kind"],
                choices=told["choices"],
                needs_consent=told["consent"] == "yes",
                now=datetime.now(UTC),
            )
    except RegularsError as error:
        form.add_error("name", str(error))
        return _listed(request, wrong=form)
    return redirect(f"{reverse('attributes')}?said=asked")


@require_POST
def attribute_retire(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001  (a view)
    """Asks it no more; what is known stays."""
    with transaction.atomic():
        retire_attribute(key=key, now=datetime.now(UTC))
    return redirect(f"{reverse('attributes')}?said=retired")


def _key(name: str) -> str:
    """What files and the API call it: the name in small Latin letters."""
    folded = folded_name(name).replace(" ", "_").lstrip("0123456789_")
    return folded[:LONGEST_KEY].rstrip("_") or f"attribute_{Attribute.objects.count() + 1}"


def _listed(request: HttpRequest, *, wrong: OwnAttributeForm | None = None) -> HttpResponse:
    said = {
        "asked": gettext("It is asked on every customer’s page now."),
        "retired": gettext("It is asked no more. What is known stays."),
    }
    return page(
        request,
        "house/attributes.html.j2",
        at="attributes",
        status=400 if wrong else 200,
        said=said.get(request.GET.get("said", ""), ""),
        attributes=tuple(
            (one, gettext(KIND_NAMES[one.kind]), " · ".join(one.choices))
            for one in open_attributes()
        ),
        asked=(wrong or OwnAttributeForm()).asked(
            reverse("attribute_add"), gettext("Ask it of everybody")
        ),
    )
