"""What this business asks of everybody besides: defined here, answered on each customer's page."""

from collections.abc import Mapping
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
from regulars.people.errors import UnknownAttribute
from regulars.people.models import Attribute
from regulars.people.names import folded_name
from regulars.people.queries import open_attributes, retired_attributes
from regulars.people.remembering import ATTRIBUTES, LONGEST_KEY, LONGEST_NAME
from regulars.people.services import (
    add_choices,
    define_attribute,
    resume_attribute,
    retire_attribute,
)

KIND_NAMES = {
    "text": mark("A few words"),
    "number": mark("A number"),
    "yes_no": mark("Yes or no"),
    "date": mark("A day"),
    "choice": mark("One of several"),
}
LONGEST_CHOICES = 2_000
SEVERAL_MISSING = mark("Write down what there is to choose from.")


class OwnAttributeForm(AskingForm):
    """One more thing to know of everybody."""

    missing = {"name": mark("Write what you want to know.")}  # noqa: RUF012
    labels = {  # noqa: RUF012
        "name": mark("What you want to know"),
        "kind": mark("How it is answered"),
        "choices": mark("What there is to choose from"),
        "consent": mark("Do they have to agree before it is kept?"),
    }
    hints = {  # noqa: RUF012
        "name": mark("For example: the part of town they live in."),
        "choices": mark("Each on a line of its own."),
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
        several = _several(told.get("choices", ""))
        told["choices"] = several if told.get("kind") == "choice" else []
        if told.get("kind") == "choice" and not several:
            self.add_error("choices", gettext(SEVERAL_MISSING))
        return told


class MoreChoicesForm(AskingForm):
    """What can be chosen besides."""

    missing = {"choices": SEVERAL_MISSING}  # noqa: RUF012
    labels = {"choices": mark("More to choose from, each on a line of its own")}  # noqa: RUF012

    choices = forms.CharField(max_length=LONGEST_CHOICES, widget=forms.Textarea)

    def __init__(self, key: str, *told: object) -> None:
        super().__init__(*told)
        self.prefix_ids = f"{key}-"


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
            was_asked = define_attribute(
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
    return redirect(f"{reverse('attributes')}?said={'again' if was_asked else 'asked'}")


@require_POST
def attribute_choices(request: HttpRequest, key: str) -> HttpResponse:
    """Adds to what can be chosen."""
    form = MoreChoicesForm(key, request.POST)
    if not form.is_valid():
        return _listed(request, more={key: form})
    try:
        with transaction.atomic():
            add_choices(key=key, choices=_several(form.cleaned_data["choices"]))
    except UnknownAttribute:
        raise
    except RegularsError as error:
        form.add_error("choices", str(error))
        return _listed(request, more={key: form})
    return redirect(f"{reverse('attributes')}?said=choices")


@require_POST
def attribute_retire(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001  (a view)
    """Asks it no more; what is known stays."""
    with transaction.atomic():
        retire_attribute(key=key, now=datetime.now(UTC))
    return redirect(f"{reverse('attributes')}?said=retired")


@require_POST
def attribute_again(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001  (a view)
    """Asks it again, as it was."""
    with transaction.atomic():
        resume_attribute(key=key)
    return redirect(f"{reverse('attributes')}?said=again")


def _key(name: str) -> str:
    """What files and the API call it: the name in small Latin letters."""
    folded = folded_name(name).replace(" ", "_").lstrip("0123456789_")
    return folded[:LONGEST_KEY].rstrip("_") or f"attribute_{Attribute.objects.count() + 1}"


def _several(text: str) -> list[str]:
    """What stands on lines, each once."""
    lines = (line.strip() for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def _listed(
    request: HttpRequest,
    *,
    wrong: OwnAttributeForm | None = None,
    more: Mapping[str, MoreChoicesForm] = {},
) -> HttpResponse:
    said = {
        "asked": gettext("It is asked on every customer’s page now."),
        "again": gettext("It is asked again, and what was known of it stands."),
        "choices": gettext("There is more to choose from now."),
        "retired": gettext("It is asked no more. What is known stays."),
    }
    return page(
        request,
        "house/attributes.html.j2",
        at="attributes",
        status=400 if wrong or more else 200,
        said=said.get(request.GET.get("said", ""), ""),
        attributes=tuple(
            (
                one,
                gettext(KIND_NAMES[one.kind]),
                " · ".join(one.choices),
                (more.get(one.key) or MoreChoicesForm(one.key)).asked(
                    reverse("attribute_choices", kwargs={"key": one.key}), gettext("Add")
                ),
            )
            for one in open_attributes()
        ),
        retired=tuple((one, gettext(KIND_NAMES[one.kind])) for one in retired_attributes()),
        asked=(wrong or OwnAttributeForm()).asked(
            reverse("attribute_add"), gettext("Ask it of everybody")
        ),
    )
