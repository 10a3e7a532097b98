"""Forms that say themselves what they ask: labels, hints, and how each answer is typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from regulars.console.asking.forms import PlainForm
from regulars.kernel.ids import new_id
from regulars.kernel.language import gettext, mark

EARLIEST_YEAR = 1900
NOON = time(12)
KINDS: Mapping[type[forms.Field], str] = {
    forms.UUIDField: "hidden",
    forms.DateField: "date",
    forms.ChoiceField: "select",
}


@dataclass(frozen=True, kw_only=True)
class Input:
    """Something to fill in.

    Attributes:
        id: On the page.
        name: In what is sent.
        kind: ``text``, ``passage``, ``select``, ``date`` or ``hidden``.
        label: What is asked, in words.
        value: As it was typed, or as it is.
        hint: What helps to answer, or "".
        problem: What is wrong, or "".
        longest: Characters.
        choices: Of a select, value and words.
        is_optional: Whether it may stay empty.
        first: Whether to go on typing here.
        latest: Of a date, the last that can be, as ISO 8601 writes it.
        mode: Of the keyboard of a phone.
    """

    id: str
    name: str
    kind: str
    label: str
    value: str
    hint: str = ""
    problem: str = ""
    longest: int = 200
    choices: tuple[tuple[str, str], ...] = ()
    is_optional: bool = False
    first: bool = False
    latest: str = ""
    mode: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A form on a page.

    Attributes:
        action: Where it goes.
        inputs: What is asked.
        button: What it does, in words.
        is_open: Whether it is shown at once, as something is wrong with it.
    """

    action: str
    inputs: tuple[Input, ...]
    button: str
    is_open: bool = False


class AskingForm(PlainForm):
    """A form that a page can show without knowing it.

    ``labels`` and ``hints`` are marked sentences by field; ``modes`` are keyboards; ``prefix_ids`` goes before
    the ids where a page has several of a name.
    """

    labels: Mapping[str, str] = {}
    hints: Mapping[str, str] = {}
    modes: Mapping[str, str] = {}
    words: Mapping[str, Mapping[str, str]] = {}
    prefix_ids = ""

    def __init__(self, *told: object, today: date | None = None, **named: object) -> None:
        super().__init__(*told, **named)
        self.today = today
        for field in self.fields.values():
            field.error_messages |= {
                "invalid_choice": gettext("Choose one of these."),
                "invalid": gettext("This is not a day."),
            }

    def clean_day(self) -> date | None:
        """A day that was; None for today."""
        day: date | None = self.cleaned_data["day"]
        if day is not None and (day.year < EARLIEST_YEAR or (self.today and day > self.today)):
            raise forms.ValidationError(gettext("This day has not come yet, or is too long ago."))
        return day

    def asked(self, action: str, button: str, **named: Any) -> Asked:
        """The form as a page shows it.

        Args:
            action: Where it goes.
            button: What it does, in words.
            **named: ``focus``, whether to go on typing in the first field.
        """
        focus = bool(named.get("focus"))
        problems = self.problems() if self.is_bound else {}
        first = next(iter(problems), next(iter(self.labels)) if focus else None)
        return Asked(
            action=action,
            inputs=tuple(
                self._input(name, field, problems.get(name, ""), first=name == first)
                for name, field in self.fields.items()
            ),
            button=button,
            is_open=self.is_bound,
        )

    def _input(self, name: str, field: forms.Field, problem: str, *, first: bool) -> Input:
        kind = KINDS.get(type(field), "text")
        value = self[name].value()
        if kind == "text" and isinstance(field.widget, forms.Textarea):
            kind = "passage"
        if kind == "hidden" and not value:
            value = new_id()
        words = self.words.get(name, {})
        choices = list(field.widget.choices) if isinstance(field, forms.ChoiceField) else []
        return Input(
            id=f"{self.prefix_ids}{name}",
            name=name,
            kind=kind,
            label=gettext(self.labels[name]) if name in self.labels else "",
            value="" if value is None else str(value),
            hint=gettext(self.hints[name]) if name in self.hints else "",
            problem=problem,
            longest=getattr(field, "max_length", None) or 200,
            choices=tuple(
                (str(one), gettext(words[str(one)]) if str(one) in words else str(label))
                for one, label in choices
            ),
            is_optional=not field.required,
            first=first,
            latest=self.today.isoformat() if kind == "date" and self.today else "",
            mode=self.modes.get(name, ""),
        )


DAY_LABEL = mark("Which day")
DAY_HINT = mark("Leave it empty for today.")


def moment_of(day: date | None, *, now: datetime, zone: ZoneInfo) -> datetime:
    """When something happened that is told of a day: now, of today; noon, of a day before."""
    if day is None or day >= now.astimezone(zone).date():
        return now
    return datetime.combine(day, NOON, tzinfo=zone)
