"""What we know of a customer: how they are recognised, their days, and what the business asks of everybody."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from regulars.console.access import RULES, here
from regulars.console.asking.inputs import Asked, AskingForm
from regulars.console.asking.numbers import number_typed
from regulars.console.customer.forms import AttributeForm, DateForm, IdentityForm, NameForm
from regulars.console.customer.head import Shown, about, address, customer_page
from regulars.console.customer.learning import programs_of
from regulars.console.customer.overview import names_of
from regulars.console.customer.words import IDENTITY_NAMES
from regulars.kernel.language import gettext
from regulars.kernel.words import Day, bare_number_text, date_text
from regulars.people.core import shown_phone
from regulars.people.models import Attribute, AttributeValue, ImportantDate


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that is known.

    Attributes:
        id: Of the entry, to change it.
        kind: Of entry.
        label: What it is.
        value: In words.
        source: Who said so and when.
        doubtful: Where nobody did, but a program: how it became theirs; "" for everything else.
    """

    id: str
    kind: str
    label: str
    value: str
    source: str
    doubtful: str = ""


@require_http_methods(["GET"])
def customer_about(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """What we know of a customer."""
    return about_page(request, customer_id)


def about_page(
    request: HttpRequest,
    customer_id: UUID,
    *,
    wrong: AskingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The part, with what is wrong beside the field where something is."""
    _, employee = here(request)
    shown = about(request, customer_id)
    attributes = list(Attribute.objects.filter(retired_at=None).order_by("created_at", "id"))
    told = {one.attribute.key: one for one in shown.profile.attributes}
    return customer_page(
        request,
        "customer/about.html.j2",
        shown,
        at="customer_about",
        status=status,
        other_names=shown.profile.other_names,
        **_facts(shown),
        may_define=employee.role in RULES["attributes"],
        asked=_asked(shown, wrong),
        asked_attributes=tuple(
            _asked_attribute(shown, one, told.get(one.key), wrong) for one in attributes
        ),
    )


def _facts(shown: Shown) -> dict[str, tuple[Fact, ...]]:
    """What is known, by the kind of it."""
    found, sources = shown.profile, _Sources(shown)
    programs = programs_of(found.identities)
    return {
        "identities": tuple(
            Fact(
                id=str(one.id),
                kind="identity",
                label=gettext(IDENTITY_NAMES[one.kind]),
                value=shown_phone(one.value) if one.kind == "phone" else one.value,
                source=sources.of(one.created_by, one.created_at),
                doubtful=_learnt(programs.get(one.created_by, "")) if one.is_learnt else "",
            )
            for one in found.identities
        ),
        "dates": tuple(
            Fact(
                id=str(one.id),
                kind="date",
                label=one.label,
                value=day_text(one),
                source=sources.of(one.said_by, one.said_at),
            )
            for one in found.dates
        ),
        "attributes": tuple(
            Fact(
                id=str(one.id),
                kind="attribute",
                label=one.attribute.name,
                value=value_text(one),
                source=sources.of(one.said_by, one.said_at),
            )
            for one in found.attributes
        ),
    }


def _learnt(program: str) -> str:
    """How an identity became somebody's that nobody said is theirs."""
    if program:
        return gettext("“{program}” told it together with something else of theirs.").format(
            program=program
        )
    return gettext("It was told together with something else of theirs.")


def _asked(shown: Shown, wrong: AskingForm | None) -> dict[str, Asked]:
    customer = shown.profile.customer_id
    forms: dict[str, tuple[AskingForm, str]] = {
        "name": (NameForm(initial={"name": shown.profile.name}), gettext("Call them so")),
        "identity": (IdentityForm(), gettext("Add it")),
        "date": (DateForm(), gettext("Remember the day")),
    }
    return {
        name: (wrong if isinstance(wrong, type(form)) else form).asked(
            address(customer, f"customer_{name}"), button
        )
        for name, (form, button) in forms.items()
    }


def _asked_attribute(
    shown: Shown, one: Attribute, told: AttributeValue | None, wrong: AskingForm | None
) -> Asked:
    value = None if told is None else told.value
    known = value
    if isinstance(value, bool):
        known = "yes" if value else "no"
    elif isinstance(value, int | float):
        known = number_typed(value)
    form: AskingForm = AttributeForm(attribute=one, initial={"value": known})
    if isinstance(wrong, AttributeForm) and wrong.attribute.pk == one.pk:
        form = wrong
    action = reverse(
        "customer_attribute", kwargs={"customer_id": shown.profile.customer_id, "key": one.key}
    )
    return form.asked(action, gettext("Keep"))


class _Sources:
    """Who said things, by name, and when."""

    def __init__(self, shown: Shown) -> None:
        found = shown.profile
        said = [one.said_by for one in found.dates] + [one.said_by for one in found.attributes]
        self.names = names_of([*said, *(one.created_by for one in found.identities)])
        self.zone = shown.zone

    def of(self, actor: str, moment: datetime) -> str:
        """In words: "Mia, 3 March 2026"."""
        day = date_text(moment.astimezone(self.zone).date())
        return f"{self.names[actor]}, {day}" if actor in self.names else day


def day_text(one: ImportantDate) -> str:
    """A day of the year as people say it: "3 March", with the year where it is known."""
    if one.year:
        return date_text(date(one.year, one.month, one.day))
    return str(Day(one.day, one.month))


def value_text(one: AttributeValue) -> str:
    """What an attribute is, in words."""
    if isinstance(one.value, bool):
        return gettext("Yes") if one.value else gettext("No")
    if one.attribute.kind == "date":
        return date_text(datetime.fromisoformat(str(one.value)).date())
    if isinstance(one.value, int | float):
        return bare_number_text(one.value)
    return str(one.value)
