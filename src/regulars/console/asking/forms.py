"""What is typed into the console, checked; what is wrong is said beside the field, in our words."""

import zoneinfo
from typing import Any
from uuid import UUID

from django import forms

from regulars.kernel.faults import LINES, seen
from regulars.kernel.language import LANGUAGES, gettext, mark
from regulars.kernel.money import is_currency
from regulars.measure.core import GOALS
from regulars.people.models import Employee, Location
from regulars.people.services.employees import LEAST_PASSWORD

CHOOSE = mark("Choose one of these.")


class PlainForm(forms.Form):
    """A form that speaks our language; ``missing`` says what is asked of an empty field."""

    missing: dict[str, str] = {}  # noqa: RUF012  (a table, never written to)

    def __init__(self, *told: object, **named: object) -> None:
        super().__init__(*told, **named)  # type: ignore[arg-type]
        for name, field in self.fields.items():
            field.error_messages |= {
                "required": gettext(self.missing.get(name, CHOOSE)),
                "max_length": gettext("Say it in fewer words."),
                "null_characters_not_allowed": gettext("Say it in fewer words."),
            }

    def full_clean(self) -> None:
        """As Django does it, of texts without what nobody sees; a password is as it was typed."""
        if self.is_bound:
            told = self.data.copy()  # type: ignore[attr-defined]
            for name, field in self.fields.items():
                key = self.add_prefix(name)
                if isinstance(field, forms.CharField) and field.strip and key in told:
                    is_long = isinstance(field.widget, forms.Textarea)
                    text = str(told[key]).replace("\r\n", "\n")  # as browsers send a new line
                    told[key] = seen(text, lines=LINES if is_long else "")
            self.data = told
        super().full_clean()

    def problems(self) -> dict[str, str]:
        """What is wrong, a sentence for each field."""
        return {name: str(sentences[0]) for name, sentences in self.errors.items()}


def good_password(password: str) -> str:
    """At least ten characters; a sentence is easier to remember than signs.

    Raises:
        ValidationError: There are fewer.
    """
    if len(password) < LEAST_PASSWORD:
        raise forms.ValidationError(
            gettext(
                "Use at least {count} characters; a short sentence is easy to remember."
            ).format(count=LEAST_PASSWORD)
        )
    return password


class AboutForm(PlainForm):
    """What a business says of itself."""

    missing = {  # noqa: RUF012
        "name": mark("Write the name of your business."),
        "time_zone": mark("Choose the city whose clock is yours."),
        "currency": mark("Choose the currency that you are paid in."),
    }

    name = forms.CharField(max_length=120)
    time_zone = forms.CharField(max_length=60)
    currency = forms.CharField(max_length=3)
    stamp = forms.CharField(max_length=1000, required=False)
    promise = forms.CharField(max_length=1000, required=False)

    def clean_time_zone(self) -> str:
        """A zone of the IANA's list."""
        zone = str(self.cleaned_data["time_zone"])
        if zone not in zoneinfo.available_timezones():
            raise forms.ValidationError(gettext("Choose the city whose clock is yours."))
        return zone

    def clean_currency(self) -> str:
        """An ISO 4217 code."""
        code = str(self.cleaned_data["currency"]).upper()
        if not is_currency(code):
            raise forms.ValidationError(gettext("Choose the currency that you are paid in."))
        return code


class BusinessForm(AboutForm):
    """The business, and the first employee: its owner."""

    missing = {  # noqa: RUF012
        **AboutForm.missing,
        "your_name": mark("Write your name, as people call you."),
        "password": mark("Choose a password."),
    }

    your_name = forms.CharField(max_length=60)
    password = forms.CharField(max_length=200, strip=False)

    field_order = ("name", "your_name", "password", "time_zone", "currency", "stamp", "promise")

    def of_known_owner(self) -> None:
        """Does not ask who is owner where that is known."""
        del self.fields["your_name"], self.fields["password"]

    def clean_password(self) -> str:
        """See `good_password`."""
        return good_password(str(self.cleaned_data["password"]))

    def problems(self) -> dict[str, str]:
        """As everywhere; a good password has to be typed again, as no page repeats it."""
        if not self.errors:
            return {}
        again = gettext("Type your password once more; this page never shows it.")
        wrong = {"password": again} | super().problems()
        return {name: wrong[name] for name in self.fields if name in wrong}


class SettingsForm(AboutForm):
    """The business as it can be changed later on."""

    language = forms.ChoiceField(choices=[(code, code) for code in LANGUAGES])
    goal = forms.ChoiceField(choices=[(goal, goal) for goal in GOALS])
    other_currency = forms.BooleanField(required=False)

    def __init__(self, *told: object, counted_in: str | None = None, **named: object) -> None:
        super().__init__(*told, **named)
        self.counted_in = counted_in

    def clean(self) -> dict[str, Any]:
        """Another currency than what was paid so far is in has to be meant."""
        told = super().clean() or {}
        chosen = told.get("currency")
        if self.counted_in and chosen and chosen != self.counted_in and not told["other_currency"]:
            self.add_error(
                "other_currency",
                gettext(
                    "What people paid in {before} will no longer count as money once you count in {after}: "
                    "their days stay, and what everybody spent is added up anew at the next scores. "
                    "Change it back, and all of it counts again."
                ).format(before=self.counted_in, after=chosen),
            )
        return told

    def problems(self) -> dict[str, str]:
        """As everywhere; what can only be chosen says so."""
        chosen = {
            "goal": gettext("Choose one of the five."),
            "language": gettext("Choose one of the languages."),
        }
        return {name: chosen.get(name, told) for name, told in super().problems().items()}


class PasswordForm(PlainForm):
    """A password of one's own."""

    missing = {"password": mark("Choose a password.")}  # noqa: RUF012

    password = forms.CharField(max_length=200, strip=False)

    def clean_password(self) -> str:
        """See `good_password`."""
        return good_password(str(self.cleaned_data["password"]))


def open_places() -> list[tuple[str, str]]:
    """The places of the business, to be chosen from."""
    rows = Location.objects.filter(closed_at=None).values_list("id", "name")
    return [(str(id), name) for id, name in rows]  # noqa: A001


class EmployeeForm(PlainForm):
    """Somebody who works here."""

    missing = {"name": mark("Write the name, as people call them.")}  # noqa: RUF012

    name = forms.CharField(max_length=60)
    role = forms.ChoiceField(choices=[(role, role) for role in Employee.ROLES])
    locations = forms.TypedMultipleChoiceField(coerce=UUID, required=False)

    def __init__(self, *told: object, **named: object) -> None:
        super().__init__(*told, **named)
        self.fields["locations"].choices = open_places()  # type: ignore[attr-defined]

    def problems(self) -> dict[str, str]:
        """As everywhere; a role can only be chosen."""
        chosen = {"role": gettext("Choose one of the three.")}
        return {name: chosen.get(name, told) for name, told in super().problems().items()}


class KeyForm(PlainForm):
    """A form that says nothing but that it was sent, once."""

    key = forms.UUIDField()


class GoalForm(PlainForm):
    """The one primary goal."""

    goal = forms.ChoiceField(choices=[(goal, goal) for goal in GOALS])

    def problems(self) -> dict[str, str]:
        """One of the five, whatever came instead."""
        return {"goal": gettext("Choose one of the five.")} if self.errors else {}
