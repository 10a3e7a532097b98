"""What is typed into the settings of the house, checked."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from regulars.console.asking.forms import PlainForm, open_places
from regulars.credentials.core import LONGEST_DAYS, SCOPES
from regulars.kernel.faults import EARLIEST
from regulars.kernel.language import gettext, mark
from regulars.kernel.words import list_text
from regulars.people.audit import KINDS
from regulars.people.core import PRIORITY
from regulars.people.models import Employee
from regulars.people.services.contacting import MOST_CONTACTS, MOST_DAYS
from regulars.stream.types import LONGEST_SOURCE, OUR_SOURCES, SOURCE

# The last day of all has none after it, and the first lies before every clock in some zone.
DAYS_THAT_CAN_BE = (MinValueValidator(EARLIEST.date()), MaxValueValidator(date(2199, 12, 31)))


class PositionForm(PlainForm):
    """As what and where somebody works."""

    role = forms.ChoiceField(choices=[(role, role) for role in Employee.ROLES])
    locations = forms.TypedMultipleChoiceField(coerce=UUID, required=False)
    email = forms.CharField(max_length=254, required=False)

    def __init__(self, *told: object, **named: object) -> None:
        super().__init__(*told, **named)
        self.fields["locations"].choices = open_places()  # type: ignore[attr-defined]

    def problem(self) -> str:
        """What is wrong."""
        if "email" in self.errors:
            return gettext("Write an e-mail address, or leave it empty.")
        return gettext("Choose one of the three.") if "role" in self.errors else gettext("Gone.")


class LocationForm(PlainForm):
    """A place."""

    missing = {"name": mark("Write the name of the place.")}  # noqa: RUF012

    name = forms.CharField(max_length=120)


class ContactRulesForm(PlainForm):
    """When nobody is written to, and how often somebody is at most."""

    missing = {  # noqa: RUF012
        "quiet_from": mark("Write a time, as 21:00."),
        "quiet_until": mark("Write a time, as 21:00."),
        "contacts_most": mark("Write a number."),
        "contacts_days": mark("Write a number."),
    }

    quiet_from = forms.TimeField()
    quiet_until = forms.TimeField()
    contacts_most = forms.IntegerField(min_value=0, max_value=MOST_CONTACTS)
    contacts_days = forms.IntegerField(min_value=1, max_value=MOST_DAYS)

    def problems(self) -> dict[str, str]:
        """What a field takes, in one sentence."""
        told = {
            "contacts_most": gettext("A number from 0 to {most}.").format(most=MOST_CONTACTS),
            "contacts_days": gettext("A number from 1 to {most}.").format(most=MOST_DAYS),
        }
        return {
            name: told.get(name, gettext("Write a time, as 21:00.")) for name in super().problems()
        }


class NobodyForm(PlainForm):
    """A value that stands for nobody."""

    missing = {"value": mark("Write the phone number, the address or the id.")}  # noqa: RUF012

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in PRIORITY])
    value = forms.CharField(max_length=254)


class KeyForm(PlainForm):
    """A key for a program."""

    missing = {  # noqa: RUF012
        "name": mark("Write what the key is for."),
        "scopes": mark("Choose at least one thing that it may do."),
    }

    name = forms.CharField(max_length=120)
    source = forms.RegexField(
        rf"(?i)^{SOURCE.pattern}\Z", max_length=LONGEST_SOURCE, required=False
    )
    scopes = forms.MultipleChoiceField(choices=[(scope, scope) for scope in SCOPES])
    days = forms.IntegerField(min_value=1, max_value=LONGEST_DAYS, required=False)

    def clean_source(self) -> str:
        """What a program calls itself, in small letters, and not what we do."""
        source = str(self.cleaned_data["source"]).lower()
        if source in OUR_SOURCES:
            raise forms.ValidationError("reserved")
        return source

    def problems(self) -> dict[str, str]:
        """As everywhere; what can only be chosen says so."""
        chosen = {
            "source": gettext(
                "One word of letters, digits and hyphens, and none that Regulars calls itself by: {ours}."
            ).format(ours=list_text(sorted(OUR_SOURCES))),
            "scopes": gettext("Choose at least one thing that it may do."),
            "days": gettext("A number from 1 to {most}.").format(most=LONGEST_DAYS),
        }
        return {name: chosen.get(name, told) for name, told in super().problems().items()}


class LooksForm(forms.Form):
    """Which looks to show; what cannot be is left out."""

    by = forms.UUIDField(required=False)
    what = forms.ChoiceField(choices=[(what, what) for what in KINDS], required=False)
    since = forms.DateField(required=False, validators=DAYS_THAT_CAN_BE)
    until = forms.DateField(required=False, validators=DAYS_THAT_CAN_BE)
    before = forms.IntegerField(min_value=1, required=False)

    def wishes(self) -> dict[str, Any]:
        """What was asked for, as far as it can be."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or None for name in self.fields}
