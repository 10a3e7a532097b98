"""What is typed into the console, checked."""

import re
import zoneinfo
from collections.abc import Mapping

from babel.core import get_global
from babel.numbers import get_territory_currencies
from django import forms

from regulars.intake.introduction import Regular
from regulars.kernel.language import LANGUAGES, gettext
from regulars.kernel.money import is_currency
from regulars.measure.core import GOALS

LANGUAGE_NAMES = {"en": "English", "de": "Deutsch", "es": "Español", "th": "ไทย"}
LEAST_PASSWORD = 10
LINES = 20


class BusinessForm(forms.Form):
    """The business, and the first employee: its owner."""

    name = forms.CharField(max_length=120)
    your_name = forms.CharField(max_length=120)
    password = forms.CharField(max_length=200, strip=False)
    time_zone = forms.CharField(max_length=60)
    currency = forms.CharField(max_length=3)
    stamp = forms.CharField(max_length=1000, required=False)
    promise = forms.CharField(max_length=1000, required=False)

    def clean_password(self) -> str:
        """At least ten characters; a sentence is easier to remember than signs."""
        password = str(self.cleaned_data["password"])
        if len(password) < LEAST_PASSWORD:
            raise forms.ValidationError(
                gettext(
                    "Use at least {count} characters; a short sentence is easy to remember."
                ).format(count=LEAST_PASSWORD)
            )
        return password

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
            raise forms.ValidationError(gettext("Write the currency's three letters, as EUR."))
        return code


class GoalForm(forms.Form):
    """The one primary goal."""

    goal = forms.ChoiceField(choices=[(goal, goal) for goal in GOALS])


def country_of(time_zone: str) -> str:
    """ISO 3166 of the country whose clock a zone is, "" where several share it."""
    return str(get_global("zone_territories").get(time_zone, ""))


def currency_of(time_zone: str) -> str:
    """The currency that is paid where a zone's clock holds, EUR where nothing tells."""
    country = country_of(time_zone)
    return next(iter(get_territory_currencies(country)), "EUR") if country else "EUR"


def told_lines(posted: Mapping[str, str]) -> tuple[Regular, ...]:
    """The lines of the first twenty that have a name, in their order."""
    lines = []
    for place in range(LINES):
        name, likes, phone, through = (
            re.sub(r"\s+", " ", posted.get(f"{field}-{place}", "")).strip()
            for field in ("name", "likes", "phone", "through")
        )
        if name:
            lines.append(Regular(name=name, likes=likes, phone=phone, came_through=through))
    return tuple(lines)


def language_choices() -> list[tuple[str, str]]:
    """The languages, each by its own name."""
    return [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
