"""What is typed on a customer's page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from regulars.console.asking.amounts import (
    example_amount,
    is_of_another_currency,
    is_too_fine,
    no_amount,
    typed_amount,
)
from regulars.console.asking.inputs import DAY_HINT, DAY_LABEL, AskingForm
from regulars.console.asking.numbers import two_ways, typed_number
from regulars.console.customer.words import (
    CHANNEL_NAMES,
    IDENTITY_NAMES,
    PREFERENCE_NAMES,
    PURPOSE_NAMES,
    SUPPRESSION_NAMES,
    month_words,
)
from regulars.kernel.language import LANGUAGE_NAMES, LANGUAGES, gettext, mark
from regulars.kernel.words import number_text
from regulars.outreach.services import LONGEST_SUBJECT, LONGEST_TEXT
from regulars.people.models import Attribute
from regulars.people.permission import CHANNELS, EVERYWHERE, PROFILE, PURPOSES, SUPPRESSIONS
from regulars.people.remembering import (
    LARGEST_NUMBER,
    LONGEST_LABEL,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_PREFERENCE,
    PREFERENCES,
)
from regulars.people.services.consenting import LONGEST_PROOF, LONGEST_VERSION


def _choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(one, one) for one in values]


def _amount(text: str, currency: str) -> int:
    amount = typed_amount(text, currency)
    if amount is None and is_too_fine(text, currency):
        told = gettext("This has more decimals than {currency} has.")
        raise forms.ValidationError(told.format(currency=currency))
    if amount is None and is_of_another_currency(text, currency):
        told = gettext(
            "This is another currency. Amounts are in {currency} here; write it as {example}."
        )
        raise forms.ValidationError(
            told.format(currency=currency, example=example_amount(currency))
        )
    if amount is None:
        raise forms.ValidationError(no_amount(currency))
    return amount


class VisitForm(AskingForm):
    """Somebody was here."""

    labels = {"day": DAY_LABEL}
    hints = {"day": DAY_HINT}
    prefix_ids = "visit-"

    key = forms.UUIDField()
    day = forms.DateField(required=False)


class PurchaseForm(AskingForm):
    """Somebody bought something."""

    missing = {"amount": mark("Write how much it was.")}
    labels = {"amount": "", "what": mark("What"), "day": DAY_LABEL}
    hints = {"day": DAY_HINT}
    modes = {"amount": "decimal"}

    key = forms.UUIDField()
    amount = forms.CharField(max_length=40)
    what = forms.CharField(max_length=200, required=False)
    day = forms.DateField(required=False)

    def __init__(self, *told: object, currency: str, **named: Any) -> None:
        super().__init__(*told, **named)
        self.currency = currency
        amount = gettext("Amount in {currency}").format(currency=currency)
        self.labels = {**self.labels, "amount": amount}

    def clean_amount(self) -> int:
        """Minor units."""
        return _amount(str(self.cleaned_data["amount"]), self.currency)


class RefundForm(PurchaseForm):
    """Something was given back."""

    what = None  # type: ignore[assignment]

    def __init__(self, *told: object, currency: str, most: int, since: date, **named: Any) -> None:
        super().__init__(*told, currency=currency, **named)
        self.most, self.since = most, since

    def clean_amount(self) -> int:
        """Minor units, no more than is left of the purchase."""
        amount = super().clean_amount()
        if not 0 < amount <= self.most:
            raise forms.ValidationError(gettext("Write no more than is left of the purchase."))
        return amount

    def clean_day(self) -> date | None:
        """A day that was, and not before the purchase."""
        day = super().clean_day()
        if day is not None and day < self.since:
            raise forms.ValidationError(gettext("The purchase was later than that."))
        return day


class ReceiptForm(AskingForm):
    """What stands on a receipt."""

    labels = {"on_it": mark("Number or amount"), "day": mark("Day")}
    prefix_ids = "receipt-"

    on_it = forms.CharField(max_length=200, required=False)
    day = forms.DateField(required=False)


class PreferenceForm(AskingForm):
    """Something to remember of somebody, in a few words."""

    missing = {"text": mark("Write what to remember, in a few words.")}
    labels = {"kind": mark("What it is"), "text": mark("In a few words")}
    words = {"kind": PREFERENCE_NAMES}

    key = forms.UUIDField()
    kind = forms.ChoiceField(choices=_choices(PREFERENCES))
    text = forms.CharField(max_length=LONGEST_PREFERENCE)


class NoteForm(AskingForm):
    """A note about somebody."""

    missing = {"note": mark("Write the note first.")}
    labels = {"note": mark("Note")}

    key = forms.UUIDField()
    note = forms.CharField(max_length=LONGEST_NOTE, widget=forms.Textarea)


class NameForm(AskingForm):
    """What somebody is called."""

    missing = {"name": mark("Write a name.")}
    labels = {"name": mark("Name")}
    hints = {
        "name": mark("As you call them. What they go by besides, in brackets: José Núñez (Pepe).")
    }

    key = forms.UUIDField()
    name = forms.CharField(max_length=LONGEST_NAME)


class IdentityForm(AskingForm):
    """What somebody is recognised by."""

    missing = {"value": mark("Write the number, the address or the name.")}
    labels = {"kind": mark("What it is"), "value": mark("As it is written")}
    words = {"kind": IDENTITY_NAMES}
    prefix_ids = "identity-"

    key = forms.UUIDField()
    kind = forms.ChoiceField(choices=_choices(("phone", "email", "handle", "external", "card")))
    value = forms.CharField(max_length=254)


class DateForm(AskingForm):
    """A day that comes back every year."""

    missing = {
        "label": mark("Write what day it is."),
        "on": mark("Write the day as a number."),
    }
    labels = {
        "label": mark("What day it is"),
        "on": mark("Day"),
        "month": mark("Month"),
        "year": mark("Year, if known"),
    }
    hints = {"label": mark("For example: birthday.")}
    modes = {"on": "numeric", "year": "numeric"}
    prefix_ids = "date-"

    key = forms.UUIDField()
    label = forms.CharField(max_length=LONGEST_LABEL)
    on = forms.CharField(max_length=2)
    month = forms.ChoiceField(choices=_choices(tuple(str(month) for month in range(1, 13))))
    year = forms.CharField(max_length=4, required=False)

    def __init__(self, *told: object, **named: Any) -> None:
        super().__init__(*told, **named)
        self.words = {"month": month_words()}

    def clean_on(self) -> int:
        """A number; whether there is such a day, the calendar says."""
        return _number(str(self.cleaned_data["on"]))

    def clean_year(self) -> int | None:
        """A number, or None."""
        year = str(self.cleaned_data["year"])
        return _number(year) if year else None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise forms.ValidationError(gettext("Write it as a number."))
    return int(text)


class AttributeForm(AskingForm):
    """What an attribute of the business's own is of somebody."""

    missing = {"value": mark("Say something, or leave it as it is.")}

    key = forms.UUIDField()
    value = forms.CharField(max_length=LONGEST_PREFERENCE)

    def __init__(self, *told: object, attribute: Attribute, **named: Any) -> None:
        super().__init__(*told, **named)
        self.attribute = attribute
        self.prefix_ids = f"{attribute.key}-"
        self.labels = {"value": attribute.name}
        if attribute.kind == "choice":
            self._choose(_choices(tuple(attribute.choices)), {})
        elif attribute.kind == "yes_no":
            self._choose(_choices(("yes", "no")), {"yes": mark("Yes"), "no": mark("No")})
        elif attribute.kind == "date":
            self.fields["value"] = forms.DateField(
                error_messages=self.fields["value"].error_messages
            )
        elif attribute.kind == "number":
            self.modes = {"value": "decimal"}

    def _choose(self, choices: list[tuple[str, str]], words: Mapping[str, str]) -> None:
        said = self.fields["value"].error_messages
        self.fields["value"] = forms.ChoiceField(choices=choices, error_messages=said)
        self.words = {"value": words}

    def clean_value(self) -> object:
        """As the attribute's kind asks for it; whether it fits, its service says."""
        told = self.cleaned_data["value"]
        if self.attribute.kind == "yes_no":
            return told == "yes"
        if self.attribute.kind == "number":
            return self._number(str(told))
        return told

    def _number(self, text: str) -> int | float:
        number = typed_number(text)
        either = two_ways(text)
        if either:
            told = gettext("This can be two numbers: write {whole} or {decimals}.")
            raise forms.ValidationError(told.format(whole=either[0], decimals=either[1]))
        if number is None:
            raise forms.ValidationError(gettext("Write it as a number."))
        if abs(number) > LARGEST_NUMBER:
            told = gettext("Write a number of {largest} at most.")
            raise forms.ValidationError(told.format(largest=number_text(LARGEST_NUMBER)))
        return number


WHICH_TEXT = mark("Write which text they were shown.")


class ConsentForm(AskingForm):
    """What somebody said to being contacted."""

    missing = {
        "text_version": WHICH_TEXT,
        "proof": mark("Write how they said it."),
    }
    labels = {
        "given": mark("What they said"),
        "purpose": mark("To what"),
        "channel": mark("By which channel"),
        "text_version": mark("Version of the text that they were shown"),
        "proof": mark("How they said it"),
        "day": DAY_LABEL,
    }
    hints = {
        "text_version": mark("Leave it empty where they withdrew without a text."),
        "proof": mark("For example: on the form at the counter, with Mia."),
        "day": DAY_HINT,
    }
    words = {
        "given": {"yes": mark("They agreed"), "no": mark("They withdrew")},
        "purpose": PURPOSE_NAMES,
        "channel": CHANNEL_NAMES,
    }
    prefix_ids = "consent-"

    key = forms.UUIDField()
    given = forms.ChoiceField(choices=_choices(("yes", "no")))
    purpose = forms.ChoiceField(choices=_choices((*PURPOSES, PROFILE)))
    channel = forms.ChoiceField(choices=_choices(CHANNELS))
    text_version = forms.CharField(max_length=LONGEST_VERSION, required=False)
    proof = forms.CharField(max_length=LONGEST_PROOF)
    day = forms.DateField(required=False)

    def clean(self) -> dict[str, Any]:
        """A profile is one for all channels; a text is what somebody agrees to."""
        told = super().clean() or {}
        if told.get("given") == "yes" and told.get("text_version") == "":
            self.add_error("text_version", gettext(WHICH_TEXT))
        if told.get("purpose") == PROFILE:
            told["channel"] = EVERYWHERE
        return told


class SuppressForm(AskingForm):
    """That somebody is not to be contacted."""

    labels = {"channel": mark("Where"), "reason": mark("Why")}
    words = {
        "channel": {"everywhere": mark("On no channel at all"), **CHANNEL_NAMES},
        "reason": SUPPRESSION_NAMES,
    }
    prefix_ids = "suppress-"

    key = forms.UUIDField()
    channel = forms.ChoiceField(choices=_choices(("everywhere", *CHANNELS)))
    reason = forms.ChoiceField(choices=_choices(tuple(reversed(SUPPRESSIONS))))


class LetterForm(AskingForm):
    """A message to them."""

    missing = {
        "subject": mark("Write what it is about, in a few words."),
        "text": mark("Write the message first."),
    }
    labels = {"subject": mark("Subject"), "text": mark("Message"), "language": mark("Language")}
    hints = {
        "text": mark("Write as you speak. Your name below it is enough."),
        "language": mark("Of your words, and of what stands around them."),
    }
    words = {"language": LANGUAGE_NAMES}

    key = forms.UUIDField()
    subject = forms.CharField(max_length=LONGEST_SUBJECT)
    text = forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea)
    language = forms.ChoiceField(choices=_choices(LANGUAGES))


class AskForm(AskingForm):
    """Whether they may be written to, asked by mail."""

    labels = {"purpose": mark("What for"), "language": mark("Language")}
    words = {"purpose": PURPOSE_NAMES, "language": LANGUAGE_NAMES}
    prefix_ids = "ask-"

    key = forms.UUIDField()
    purpose = forms.ChoiceField(choices=_choices(PURPOSES))
    language = forms.ChoiceField(choices=_choices(LANGUAGES))
